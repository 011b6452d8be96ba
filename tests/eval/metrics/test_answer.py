"""Right by the case's own answers: the same words, the same numbers, or neither."""

from __future__ import annotations

import pytest

from eval.metrics.answer import answer_given, exact_match, numeric_match, token_f1
from tests.eval.metrics.answers import answer, case, refusal


@pytest.mark.parametrize(
    ("text", "exact", "f1"),
    [
        ("The nine bar.", 1.0, 1.0),
        ("Nine bar. It is said that it opens at nine bar.", 1.0, 1.0),
        ("It opens at nine.", 0.0, 2 * 1 / (4 + 2)),
        ("It is green.", 0.0, 0.0),
    ],
)
def test_the_shortest_sentence_is_compared(text: str, exact: float, f1: float) -> None:
    said = answer(text)
    assert exact_match(case("twelve", "Nine BAR"), said).value == exact
    assert token_f1(case("twelve", "Nine BAR"), said).value == pytest.approx(f1)


def test_an_answer_may_stand_anywhere_but_not_inside_a_word() -> None:
    assert answer_given(case("nine bar"), answer("They say (nine bar), no more.")).value == 1.0
    assert answer_given(case("nine bar"), answer("They say nine barrels.")).value == 0.0


def test_a_refusal_is_wrong_where_there_is_an_answer() -> None:
    metrics = (exact_match, token_f1, answer_given, numeric_match)
    assert [metric(case("9 bar"), refusal()).value for metric in metrics] == [0.0] * 4


@pytest.mark.parametrize(
    ("gold", "text", "value"),
    [
        ("1.5 billion", "Sales were $1,500 million.", 1.0),
        ("1.5 billion", "Sales were $1.5 million.", 0.0),
        ("14%", "The share was 14.2 percent.", 1.0),
        ("14%", "There were 14 of them, and 3% left.", 0.0),
        ("between 9 and 12", "It is 9.", 0.0),
    ],
)
def test_numbers_are_compared_with_their_units(gold: str, text: str, value: float) -> None:
    assert numeric_match(case(gold), answer(text)).value == value


def test_metrics_that_do_not_apply_say_so() -> None:
    said = answer("Nine bar.")
    assert numeric_match(case("Nobel Prize"), said).reason == (
        "not applicable: no answer of the case is a number"
    )
    for metric in (exact_match, token_f1, answer_given, numeric_match):
        assert metric(case(), said).reason == "not applicable: the case names no answer"
