"""How near an answer is in meaning to the case's answers."""

from __future__ import annotations

from collections.abc import Callable

import numpy

from app.events import Answer
from eval.cases import Case
from eval.metrics.answer import NO_ANSWERS
from eval.metrics.score import Score, not_applicable
from ingest.embedder import Embedder


def semantic_similarity(embedder: Embedder) -> Callable[[Case, Answer], Score]:
    """The best cosine of the answer's shortest sentence and one of the case's answers, 0 to 1.

    Both are put behind the question, since "1745" alone is near to any year. Questions and answers
    longer than the embedder's limit are cut at their end.
    """

    def score(case: Case, answer: Answer) -> Score:
        if not case.answers:
            return NO_ANSWERS
        if answer.refused or not answer.claims:
            return not_applicable("the answer is a refusal")
        said = min((claim.text for claim in answer.claims), key=len)
        ours = embedder.embed_query(f"{case.question} {said}")
        theirs = [embedder.embed_query(f"{case.question} {gold}") for gold in case.answers]
        return Score(max(0.0, *(_cosine(ours, gold) for gold in theirs)))

    return score


def _cosine(one: numpy.ndarray, other: numpy.ndarray) -> float:
    lengths = float(numpy.linalg.norm(one) * numpy.linalg.norm(other))
    return min(1.0, float(one @ other) / (lengths or 1.0))
