"""What is quoted is found where it stands, slips forgiven, inventions not."""

from __future__ import annotations

import pytest

from app.grounding import check_claim
from app.grounding.quotations import find_quotation, quotations

PAGE = """The safety valve opens at nine bar and closes again at eight. The crew must not
touch the lever while the boiler is fired, unless the captain has ordered it in writing."""


@pytest.mark.parametrize(
    ("quoted", "found"),
    [
        ("the safety valve opens at nine bar", "The safety valve opens at nine bar"),
        ("The crew must not touch the lever", "The crew must not\ntouch the lever"),
        (
            "The safety valve opens at nine bar, and it closes again at eight",
            "The safety valve opens at nine bar and closes again at eight",
        ),
        ("The safety valve opens ... at eight", "The safety valve opens at nine bar and closes "
         "again at eight"),
        ("crew must not [...] unless the captain has ordered it", None),
    ],
)  # fmt: skip
def test_quoted_words_are_found_where_they_stand(quoted: str, found: str | None) -> None:
    span = find_quotation(quoted, PAGE)
    assert span is not None
    if found:
        assert PAGE[slice(*span)] == found


@pytest.mark.parametrize(
    "quoted",
    [
        "The safety valve opens at ten bar and closes again at 8.5",
        "The crew must touch the lever while the boiler is fired",
        "The crew must not touch the anchor before the tide is in",
        "closes again at eight ... The safety valve opens",
        "...",
    ],
)
def test_what_the_page_does_not_say_is_not_found(quoted: str) -> None:
    assert find_quotation(quoted, PAGE) is None


def test_a_title_between_quotation_marks_is_no_quotation() -> None:
    assert quotations("The “safety valve” opens.") == []
    assert quotations("He wrote “The Safety Valve: How It Opens” in 1890.") == []
    assert quotations('He wrote "the valve opens at nine" and «elle reste fermée toujours».') == [
        "the valve opens at nine",
        "elle reste fermée toujours",
    ]


def test_a_sentence_that_quotes_what_is_not_there_is_not_proved_however_alike() -> None:
    invented = "The page says “the safety valve closes at nine bar and opens again at eight”."
    support = check_claim(invented, PAGE)
    assert support.verdict == "unsupported"
    assert support.reason.startswith("the cited passage does not say “the safety valve closes")
    right = "The page says “the safety valve opens at nine bar and closes again at eight”."
    assert check_claim(right, PAGE).verdict == "supported"
