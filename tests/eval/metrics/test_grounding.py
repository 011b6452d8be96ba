"""What is proved, what is made up, and which citations are needed."""

from __future__ import annotations

from eval.metrics.citations import citation_precision, citation_recall
from eval.metrics.grounding import (
    claims_supported,
    hallucination,
    unsupported_names,
    unsupported_numbers,
)
from tests.eval.metrics.answers import answer, case, passage, refusal

VALVE = passage("The safety valve opens at 9 bar.", number=1)
BREAD = passage("The loaf of Pierre Lemaire is baked at 240 degrees.", number=2)


def test_a_sentence_that_nothing_proves_makes_a_hallucination_and_is_named() -> None:
    said = answer(
        "The safety valve opens at 9 bar [1]. It was painted green in Lisbon [1].", [VALVE]
    )
    assert claims_supported(case(), said).value == 0.5
    assert hallucination(case(), said).value == 1.0
    assert hallucination(case(), said).explanation == "It was painted green in Lisbon."


def test_an_answer_that_is_proved_whole_is_none() -> None:
    said = answer("The safety valve opens at 9 bar [1].", [VALVE])
    assert (claims_supported(case(), said).value, hallucination(case(), said).value) == (1.0, 0.0)


def test_numbers_and_names_that_stand_in_no_passage_are_counted() -> None:
    said = answer(
        "Pierre Lemaire opens it at 9 bar and 17 bar, says Joan Miller [1].", [VALVE, BREAD]
    )
    numbers, names = unsupported_numbers(case(), said), unsupported_names(case(), said)
    assert (numbers.value, numbers.explanation) == (0.5, "17")
    assert names.value is not None
    assert 0.0 < names.value < 1.0
    assert "Miller" in names.explanation
    assert "Lemaire" not in names.explanation


def test_a_citation_beside_the_one_that_proves_is_not_needed() -> None:
    said = answer("The safety valve opens at 9 bar [1, 2].", [VALVE, BREAD])
    assert citation_recall(case(), said).value == 1.0
    assert citation_precision(case(), said).value == 0.5


def test_citations_that_each_prove_alone_all_count() -> None:
    again = passage("The safety valve opens at 9 bar, as all know.", number=2)
    said = answer("The safety valve opens at 9 bar [1, 2].", [VALVE, again])
    assert citation_precision(case(), said).value == 1.0


def test_citations_of_a_sentence_that_is_not_proved_do_not_count() -> None:
    said = answer("It was painted green in Lisbon [1].", [VALVE])
    assert (citation_recall(case(), said).value, citation_precision(case(), said).value) == (0, 0)


def test_a_sentence_without_citations_has_no_precision() -> None:
    said = answer("It was painted green in Lisbon.", [VALVE])
    assert citation_recall(case(), said).value == 0.0
    assert citation_precision(case(), said).reason == "not applicable: the answer cites nothing"


def test_a_refusal_and_a_greeting_have_no_grounding() -> None:
    metrics = (claims_supported, hallucination, citation_recall, citation_precision)
    for metric in metrics:
        assert metric(case(), refusal([VALVE])).reason == "not applicable: the answer is a refusal"
    for metric in metrics[:3]:
        assert metric(case(), answer("Hello!", [VALVE])).reason == (
            "not applicable: the answer has no sentence that can be checked"
        )
    assert unsupported_numbers(case(), refusal()).reason == (
        "not applicable: the answer has no number"
    )
    assert unsupported_names(case(), answer("hello", [VALVE])).reason == (
        "not applicable: the answer has no name"
    )
