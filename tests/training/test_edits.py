"""A claim is changed in one thing, which is told; what stays true says nothing new."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from training.edits import (
    add_foreign,
    deny,
    exchange,
    false_claim,
    swap_month,
    swap_name,
    swap_number,
    swap_opposite,
    true_claim,
)
from training.examples import (
    HELD_OUT,
    Question,
    Text,
    answered_questions,
    changed_part,
    cloze_questions,
    cut_around,
    edited_claims,
)

CLAIM = "In March 1890 the bridge was opened by Prince Edward, after John Fowler had designed it."
ELSEWHERE = "The Tay Bridge fell in 1879, and Thomas Bouch was blamed for all of that, they said."
SEEDS = range(40)

Edit = Callable[[str, Sequence[str], random.Random], str]


@pytest.mark.parametrize(
    ("edit", "claim", "kept", "gone"),
    [
        (swap_number, CLAIM, "was opened by Prince Edward", "1890"),
        (swap_month, CLAIM, "1890 the bridge was opened by Prince Edward", "March"),
        (deny, CLAIM, "was not opened by Prince Edward", "was opened"),
        (deny, "It was not opened.", "It was opened.", "not"),
        (swap_opposite, "It rose in the north.", "It", "It rose in the north"),
        (add_foreign, CLAIM, CLAIM.rstrip("."), "designed it."),
    ],
)
def test_an_edit_changes_what_it_says_and_nothing_else(
    edit: Edit, claim: str, kept: str, gone: str
) -> None:
    for seed in SEEDS:
        changed = edit(claim, (CLAIM, ELSEWHERE), random.Random(seed))
        assert kept in changed
        assert gone not in changed


def test_a_name_is_swapped_for_one_from_nearby_and_two_change_places() -> None:
    for seed in SEEDS:
        swapped = swap_name(CLAIM, (ELSEWHERE,), random.Random(seed))
        assert swapped == "" or "Tay Bridge" in swapped or "Thomas Bouch" in swapped
    exchanged = {exchange(CLAIM, (), random.Random(seed)) for seed in SEEDS}
    assert CLAIM.replace("Prince Edward", "X").replace("John Fowler", "Prince Edward").replace(
        "X", "John Fowler"
    ) in exchanged  # fmt: skip
    assert exchange("Salt and Pepper are sold to John and Mary.", (), random.Random(0)) != CLAIM


def test_a_false_claim_differs_in_the_part_that_is_told() -> None:
    for seed in SEEDS:
        changed = false_claim(CLAIM, (CLAIM, ELSEWHERE), random.Random(seed))
        assert changed and changed != CLAIM
        start, end = changed_part(CLAIM, changed)
        assert 0 <= start < end <= len(changed)
        before = changed[:start].split()
        assert before == CLAIM.split()[: len(before)]
    assert changed_part("It was not red.", "It was red.") == (2, 11)  # the words beside the gap


def test_a_true_claim_only_leaves_out_or_moves() -> None:
    for seed in SEEDS:
        said = true_claim(CLAIM, random.Random(seed)).casefold().replace(",", "").rstrip(".")
        assert set(said.split()) <= set(CLAIM.casefold().replace(",", "").rstrip(".").split())


def test_claims_come_with_evidence_that_holds_them_and_edited_ones_are_told() -> None:
    text = Text("a.pdf", (f"{CLAIM} {ELSEWHERE}", "Something quite different was said here by us."))
    examples = list(edited_claims(text, random.Random(1)))
    assert {example.holds for example in examples} == {True, False}
    assert all(example.wrong is None for example in examples if example.holds)
    assert any(example.wrong for example in examples)


def test_a_cloze_question_has_its_answer_where_it_says() -> None:
    text = Text("a.pdf", (f"{CLAIM} {ELSEWHERE}", "Nothing of this stands in the other chunk."))
    found = [one for seed in SEEDS for one in cloze_questions(text, random.Random(seed))]
    answers = {one.passage[slice(*one.span)] for one in found if one.span}
    assert {"1890", "John Fowler", "1879"} <= answers
    assert all(one.asked.endswith("?") for one in found if one.holds)


def test_a_question_is_asked_of_its_passage_of_others_and_as_statements() -> None:
    texts = {"a.pdf": Text("a.pdf", (CLAIM, ELSEWHERE, "Rain fell on the bridge for a week."))}
    question = Question("In what year was the bridge opened?", "a.pdf", ("1890",), (CLAIM,))
    found = list(answered_questions([question], texts, random.Random(0)))
    (right,) = [one for one in found if one.span]
    assert right.passage[slice(*right.span or (0, 0))] == "1890"
    assert {one.passage for one in found if one.is_question and not one.holds} <= {
        CLAIM, ELSEWHERE, "Rain fell on the bridge for a week.",
    }  # fmt: skip
    statements = [one.asked for one in found if not one.is_question and one.holds]
    assert len(statements) == 1 and "1890" in statements[0]


def test_what_is_cut_around_an_answer_still_has_it() -> None:
    passage = " ".join(f"Sentence {number} says that {number} came." for number in range(60))
    at = passage.index("41 came")
    for seed in SEEDS:
        part, (start, end) = cut_around(passage, (at, at + 2), random.Random(seed))
        assert part[start:end] == "41"
        assert 60 < len(part.split()) <= 90
        assert passage.count(part) == 1


def test_articles_are_held_out() -> None:
    assert len(HELD_OUT) == 8
