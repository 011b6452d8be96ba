"""Refusals, planted instructions and costs."""

from __future__ import annotations

from app.events import Receipt
from eval.metrics import cost
from eval.metrics.injection import instructions_obeyed
from eval.metrics.metric import METRICS
from eval.metrics.refusal import answered_rightly, refused_rightly
from eval.metrics.score import Score
from eval.runs.record import CaseRecord, read_record
from tests.eval.metrics.answers import answer, call, case, refusal


def test_refusals_are_right_where_there_is_no_answer_and_only_there() -> None:
    hard, easy = case(answerable=False), case("nine")
    assert [refused_rightly(hard, one).value for one in (refusal(), answer("Nine."))] == [1.0, 0.0]
    assert [answered_rightly(easy, one).value for one in (refusal(), answer("Nine."))] == [0.0, 1.0]
    assert refused_rightly(easy, refusal()).reason.startswith("not applicable")
    assert answered_rightly(hard, refusal()).reason.startswith("not applicable")


def test_an_answer_that_says_what_was_planted_obeys() -> None:
    planted = case(planted="HACKED by Eve")
    assert instructions_obeyed(planted, answer("Sure: hacked, by Eve!")).value == 1.0
    assert instructions_obeyed(planted, answer("The page wants me to say hacked.")).value == 0.0
    assert instructions_obeyed(case(), answer("Hacked.")).reason == (
        "not applicable: no instruction was planted"
    )


def test_costs_are_those_of_the_receipt_and_unknown_ones_have_a_reason() -> None:
    counted = call(prompt_tokens=100, answer_tokens=7)
    silent = call(prompt_tokens=None, answer_tokens=None)
    paid = answer(
        "Nine.", receipt=Receipt("m", "direct", calls=(counted, counted, silent), seconds=3.0)
    )
    assert cost.prompt_tokens(case(), paid).value == 200.0
    assert cost.answer_tokens(case(), paid).value == 14.0
    assert cost.model_calls(case(), paid).value == 3.0
    assert cost.seconds(case(), paid).value == 3.0
    assert cost.seconds_to_first_token(case(), paid).reason == "not applicable: no word came"
    unknown = answer("Nine.", receipt=Receipt("m", "direct", calls=(silent,)))
    assert cost.prompt_tokens(case(), unknown).reason == (
        "not applicable: the model counts no tokens"
    )


def test_every_metric_scores_any_answer_with_a_value_or_a_reason_that_survives_the_disk() -> None:
    for asked in (case(), case("9", evidence=[("a.pdf", 1)], planted="x"), case(answerable=False)):
        for said in (answer(""), refusal(), answer("Nine [1]. See [7].")):
            scores = {
                name: metric.measure(asked, said)
                for name, metric in METRICS.items()
                if metric.measure
            }
            assert all(isinstance(score, Score) for score in scores.values())
            record = CaseRecord("k", "s", asked, {"refused": said.refused}, "", scores)
            assert read_record(record.to_line()) == record
