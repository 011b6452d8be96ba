"""What a claim and its evidence have in common is seen, and how far apart it stands."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from app.grounding.features import FEATURES, FIRST_BAD, OPPOSITES, Comparison, compare
from app.grounding.rarity import rarity
from app.grounding.trees import Trees, shipped_trees
from app.terms import stems

PAGE = """The Forth Bridge was opened on 4 March 1890. It was designed by John Fowler.
Some 6,500,000 rivets hold it together. Painters were always at work. Trains cross it daily.
The Tay Bridge fell in 1879. Thomas Bouch designed that one."""


def test_the_words_of_one_sentence_are_near_and_those_of_two_ends_are_far() -> None:
    near = compare("The Forth Bridge was opened in March 1890.", PAGE)
    far = compare("The Forth Bridge was designed by Thomas Bouch in 1890.", PAGE)
    assert near.whole == near.window == near.sentence == pytest.approx(1.0)
    assert far.whole == pytest.approx(1.0)
    assert far.sentence < far.window < 1.0
    assert near.nearest.startswith("The Forth Bridge was opened")


def test_names_that_are_missing_are_named() -> None:
    compared = compare("It was designed by William Arrol and John Fowler.", PAGE)
    assert compared.missing_names == ("William", "Arrol")
    assert compared.names == 4


def test_an_opposite_counts_only_where_the_claim_has_one_and_the_page_the_other() -> None:
    page = "Sales increased and costs fell."
    assert compare("Sales decreased.", page).opposites == (("decreas", "increas"),)
    assert compare("Sales increased.", page).opposites == ()
    assert compare("Sales increased, costs decreased.", page).opposites == ()


def test_both_words_of_every_pair_of_opposites_are_told_apart_by_their_stems() -> None:
    for one, other in OPPOSITES:
        assert stems(one) and stems(other), f"{one} or {other} is a stop word"
        assert stems(one) != stems(other)
        claim, page = f"Harvests were {one} in Kent.", f"Harvests were {other} in Kent."
        assert compare(claim, page).opposites, f"{one}/{other}"


def test_a_sentence_that_is_wrapped_over_two_lines_is_still_word_for_word() -> None:
    page = "Some 6,500,000 rivets\nhold it together. Painters were\nalways at work."
    assert compare("Painters were always at work.", page).verbatim
    assert not compare("Painters were never at work.", page).verbatim
    assert not compare("Rivets hold painters.", page).verbatim


def test_a_run_is_the_longest_part_in_the_same_order() -> None:
    assert compare("Painters were always at work.", PAGE).run == 1.0
    assert compare("Work always painters.", PAGE).run == pytest.approx(1 / 3)


def test_an_empty_page_has_nothing_in_common() -> None:
    compared = compare("The Forth Bridge was opened in 1890.", "")
    assert compared.whole == compared.window == compared.pairs == 0.0
    assert compared.missing_numbers == ("1890",)


def test_rare_words_weigh_more() -> None:
    assert rarity("the") < rarity("bridge") < rarity("cantilever") <= rarity("xyzzyish") == 1.0


def test_the_trees_are_of_the_features_that_are_computed() -> None:
    assert shipped_trees().features == FEATURES
    assert len(compare("A claim.", PAGE).features) == len(FEATURES)
    assert {field.name for field in fields(Comparison)} >= {"whole", "window", "sentence"}


def test_more_in_common_never_lowers_the_support_and_more_missing_never_raises_it() -> None:
    trees = shipped_trees()
    start = compare("The Forth Bridge was designed by Thomas Bouch in 1890.", PAGE).features
    for number in range(len(FEATURES)):
        scores = [
            trees.probability([*start[:number], step / 10, *start[number + 1 :]])
            for step in range(11)
        ]
        assert scores == sorted(scores, reverse=number >= FIRST_BAD), FEATURES[number]


def test_a_tree_goes_left_up_to_its_threshold() -> None:
    trees = Trees(("one",), 0.0, ([0, 0.5, -30.0, [0, 0.8, 0.0, 30.0]],))
    scores = [trees.probability([value]) for value in (0.5, 0.6, 0.9)]
    assert scores == pytest.approx([0.0, 0.5, 1.0], abs=1e-6)
    assert replace(trees, start=30.0).probability([0.6]) == pytest.approx(1.0)
