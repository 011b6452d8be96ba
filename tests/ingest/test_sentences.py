"""A page's text is cut into sentences, headings and rows, and nothing is lost on the way."""

import random

import pytest

from ingest.sentences import sentence_spans, split_sentences

CHARACTERS = "abc XYZ 0189 .!?:;,-\n\n\t\"'()[]é漢字。！🙂\u00ad"


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        (" \n\t\n ", []),
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Dr. Smith paid 3.5 million. He left.", ["Dr. Smith paid 3.5 million.", "He left."]),
        (
            "A sentence that is broken by the\nend of a line goes on there. Next.",
            ["A sentence that is broken by the end of a line goes on there.", "Next."],
        ),
        (
            "Heading\nThe text below the heading is a good deal longer\nthan it, and it goes on.",
            [
                "Heading",
                "The text below the heading is a good deal longer than it, and it goes on.",
            ],
        ),
        (
            "Revenue 1,200 1,340\nCost of sales 800 910\nProfit 400 430",
            ["Revenue 1,200 1,340", "Cost of sales 800 910", "Profit 400 430"],
        ),
        (
            "It has all of these parts here:\nFirst the firebox that burns\nThen the valve.",
            ["It has all of these parts here:", "First the firebox that burns Then the valve."],
        ),
        (
            "A paragraph that goes on until here\n\nAnother paragraph begins over here",
            ["A paragraph that goes on until here", "Another paragraph begins over here"],
        ),
    ],
)
def test_sentences_headings_and_rows_are_told_apart(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


@pytest.mark.parametrize("seed", range(30))
def test_every_character_that_is_not_white_space_is_in_exactly_one_span(seed: int) -> None:
    text = "".join(random.Random(seed).choices(CHARACTERS, k=400))  # noqa: S311
    spans = sentence_spans(text)
    assert spans == sorted(spans)
    inside = [index for start, end in spans for index in range(start, end)]
    assert len(inside) == len(set(inside))
    left_out = set(range(len(text))) - set(inside)
    assert "".join(text[index] for index in sorted(left_out)).strip() == ""


@pytest.mark.parametrize("seed", range(5))
def test_no_span_is_empty_or_begins_or_ends_with_white_space(seed: int) -> None:
    text = "".join(random.Random(seed).choices(CHARACTERS, k=400))  # noqa: S311
    for start, end in sentence_spans(text):
        part = text[start:end]
        assert part
        assert part == part.strip()


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2028"])
def test_any_white_space_may_stand_before_a_full_stop(space: str) -> None:
    assert split_sentences(f"Plan Z{space}. Next.") == ["Plan Z .", "Next."]
