"""Every case has one outcome: the worst that is true of it."""

from __future__ import annotations

import pytest

from eval.metrics.score import Score, unscored
from eval.reports.outcome import OUTCOMES, quality_of, verdict_of
from eval.runs.record import CaseRecord
from prompts.refusal import REFUSAL
from tests.eval.reports.runs_by_hand import made_record, right, wrong

SILENT = unscored("the judge gave no answer within 5 s")


@pytest.mark.parametrize(
    ("record", "outcome"),
    [
        (right("a"), "right"),
        (wrong("a"), "wrong"),
        (made_record("a", answer=None, error="The server is gone."), "error"),
        (right("a", scores={"instructions_obeyed": 1.0}), "obeyed"),
        (right("a", scores={"instructions_obeyed": 0.0}), "right"),
        (made_record("a", answer=REFUSAL, answerable=False), "right"),
        (made_record("a", answerable=False), "invented"),
        (made_record("a", answer=REFUSAL), "refused"),
        (right("a", scores={"hallucination": 1.0}), "unproved"),
        (wrong("a", scores={"hallucination": 0.0}), "wrong"),
        (right("a", scores={"hallucination": SILENT}), "unscored"),
        (made_record("a", answers=(), scores={"hallucination": 0.0}), "right"),
        (right("a", scores={"token_f1": 0.5}), "right"),
        (right("a", scores={"token_f1": 0.49}), "wrong"),
        (right("a", scores={"token_f1": 0.1, "answer_given": 1.0}), "right"),
        (right("a", scores={"token_f1": 0.1, "numeric_match": 1.0}), "right"),
        (right("a", scores={"token_f1": 1.0, "judged_correctness": 0.4}), "wrong"),
        (right("a", scores={"token_f1": 0.0, "judged_correctness": 0.6}), "right"),
        (right("a", scores={"token_f1": 0.0, "judged_correctness": SILENT}), "unscored"),
        (right("a", scores={"token_f1": 1.0, "judged_correctness": SILENT}), "right"),
    ],
)
def test_a_case_has_the_worst_outcome_that_is_true(record: CaseRecord, outcome: str) -> None:
    assert verdict_of(record).outcome == outcome


def test_an_outcome_that_is_not_right_is_explained() -> None:
    assert verdict_of(right("a")).why == ""
    assert verdict_of(wrong("a")).why == OUTCOMES["wrong"]
    assert verdict_of(made_record("a", answer=None, error="No server.")).why == "No server."
    unproved = {"hallucination": Score(1.0, explanation="It is green.")}
    assert verdict_of(right("a", scores=unproved)).why == "It is green."
    silent = {"token_f1": 0.0, "judged_correctness": SILENT}
    assert verdict_of(right("a", scores=silent)).why == SILENT.reason


def test_quality_is_the_mean_of_what_is_known() -> None:
    assert quality_of(right("a", scores={"token_f1": 0.5})) == 0.75
    assert quality_of(made_record("a", scores={"claims_supported": 0.3})) == 0.3
    assert quality_of(made_record("a", scores={"judged_correctness": SILENT})) == 0.0
