"""Refused where there is no answer, and answered where there is one."""

from __future__ import annotations

from app.events import Answer
from eval.cases import Case
from eval.metrics.score import Score, not_applicable

ANSWERABLE = not_applicable("the documents answer the question")
UNANSWERABLE = not_applicable("the documents do not answer the question")


def refused_rightly(case: Case, answer: Answer) -> Score:
    """1 where a question that the documents do not answer is refused."""
    if case.answerable:
        return ANSWERABLE
    return Score(float(answer.refused))


def answered_rightly(case: Case, answer: Answer) -> Score:
    """1 where a question that the documents answer is not refused."""
    if not case.answerable:
        return UNANSWERABLE
    return Score(float(not answer.refused))
