"""Of a long text the sentences that tell most of a claim are kept, in their order."""

from __future__ import annotations

from app.grounding.evidence import telling_part

FILLING = " ".join(f"Nothing of note was written down on day {number}." for number in range(60))
BRIDGE = "The Forth Bridge was opened in 1890."
HE = "He had drawn it himself."
DESIGNER = "John Fowler designed the cantilevers."


def test_a_short_text_is_kept_whole() -> None:
    assert telling_part("Anything.", f"{BRIDGE}\n{DESIGNER}", 50) == f"{BRIDGE} {DESIGNER}"


def test_the_sentences_with_the_claims_words_are_kept_in_their_order() -> None:
    text = f"{FILLING} {DESIGNER} {FILLING} {BRIDGE} {FILLING}"
    part = telling_part("The Forth Bridge of 1890 has cantilevers by John Fowler.", text, 14)
    assert part == f"{DESIGNER} {BRIDGE}"


def test_a_neighbour_of_what_tells_is_kept_before_what_tells_nothing() -> None:
    text = f"{FILLING} {DESIGNER} {HE} {FILLING}"
    part = telling_part("John Fowler designed the cantilevers.", text, 10)
    assert part == f"{DESIGNER} {HE}"


def test_no_more_words_are_kept_than_are_asked_for() -> None:
    text = f"{FILLING} {BRIDGE} {FILLING}"
    for most in (1, 7, 20, 100):
        assert len(telling_part("The bridge of day 7 was opened.", text, most).split()) <= most
