"""A sentence is cut where it joins facts, and nowhere else."""

from __future__ import annotations

import pytest

from app.grounding.parts import parts_of


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("The bridge was opened in 1890.", ["The bridge was opened in 1890."]),
        (
            "The bridge was opened in 1890, and John Fowler designed it.",
            ["The bridge was opened in 1890", "John Fowler designed it."],
        ),
        (
            "The bridge opened in 1890; the tower fell in 1879; trains run daily.",
            ["The bridge opened in 1890", "the tower fell in 1879", "trains run daily."],
        ),
        (
            "The bridge was opened in 1890 and was designed by John Fowler.",
            ["The bridge was opened in 1890", "was designed by John Fowler."],
        ),
        ("Salt and pepper are sold in Leith and Fife.", None),
        ("It rained, and so on.", None),  # too little is said after it
        ("In rain, snow and fog the horn sounds.", None),
    ],
)
def test_a_sentence_is_cut_where_it_joins_facts(sentence: str, parts: list[str] | None) -> None:
    assert parts_of(sentence) == (parts or [sentence])


def test_no_word_of_a_fact_is_lost() -> None:
    sentence = "Alpha beta, which gamma delta, but epsilon zeta; eta theta."
    assert parts_of(sentence) == ["Alpha beta", "gamma delta", "epsilon zeta", "eta theta."]
