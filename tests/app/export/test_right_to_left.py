"""What is written from the right stands in the order that it is read in, its letters joined."""

from __future__ import annotations

import pytest

from app.export.right_to_left import joined, mirrored, reads_right_to_left, visual_order


def line(text: str) -> str:
    """A line as it is drawn, from left to right."""
    from_right = reads_right_to_left(text)
    turned = mirrored(text, from_right=from_right)
    return "".join(turned[place] for place in visual_order(text, from_right=from_right))


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("a b (c) 12", "a b (c) 12"),
        ("אבג", "גבא"),
        ("אב 1874 גד", "דג 1874 בא"),
        ("אב (גד) הו", "וה (דג) בא"),
        ("אב 12.5% גד", "דג 12.5% בא"),
        ("abc אבג def", "abc גבא def"),
        ("אב abc def גד", "דג abc def בא"),
        ("אבג [1] (x) 3-4", "3-4 (x) [1] גבא"),
        ("אבג.", ".גבא"),
    ],
)
def test_a_line_is_ordered_as_unicode_says(text: str, drawn: str) -> None:
    assert line(text) == drawn


def test_marks_stand_behind_their_letter() -> None:
    assert line("שָׁלוֹם") == "םוֹלשָׁ"


def test_arabic_letters_are_joined() -> None:
    assert joined("بيت") == ["\ufe91", "\ufef4", "\ufe96"]
    assert joined("دار") == ["\ufea9", "\ufe8d", "\ufead"]
    assert joined("بَيت") == ["\ufe91", "\u064e", "\ufef4", "\ufe96"]
    assert joined("سلام") == ["\ufeb3", "\ufefc", "", "\ufee1"]
    assert joined("abc אב") == list("abc אב")
