"""What stands around a page: its name, and the page's text."""

import pytest

from app.page_name import page_name
from app.ui.viewer.page_text import Piece, marked_paragraphs
from app.ui.viewer.panel import place_name


def test_a_quote_is_marked_in_each_paragraph_that_it_runs_through() -> None:
    text = "Tea is hot. Milk is\n\ncold. Rum is dear.\n\nThe end."
    assert marked_paragraphs(text, ["Milk is cold."]) == [
        [Piece("Tea is hot. ", marked=False), Piece("Milk is", marked=True)],
        [Piece("cold.", marked=True), Piece(" Rum is dear.", marked=False)],
        [Piece("The end.", marked=False)],
    ]


@pytest.mark.parametrize(
    ("label", "name"),
    [("4", "page 4"), ("iv", "page 4"), ("§ 4", "§ 4"), ("slide 4", "slide 4"),
     ("sheet Wool § 2", "sheet Wool § 2"), ("chapter 2", "chapter 2"), ("slides", "page 4")],
)  # fmt: skip
def test_a_page_is_called_what_it_is(label: str, name: str) -> None:
    assert page_name(4, label) == name


@pytest.mark.parametrize(
    ("label", "name"),
    [("3", "page 3 of 12"), ("iii", r"page 3 of 12 (printed iii)"), ("", "page 3 of 12"),
     ("slide 3", "slide 3 of 12"), ("sheet Wool § 2", "sheet Wool § 2 (3 of 12)"),
     ("*x*", r"page 3 of 12 (printed \*x\*)")],
)  # fmt: skip
def test_a_page_is_told_among_all_pages(label: str, name: str) -> None:
    assert place_name(3, 12, label) == name
