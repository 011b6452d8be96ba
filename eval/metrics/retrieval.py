"""Was the page, or at least the document, that holds the answer among the passages found?"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from app.events import Answer
from eval.cases import Case, Evidence
from eval.metrics.score import Score, not_applicable
from ingest.search import Passage

Found = Sequence[object]
Gold = set[object]
NO_EVIDENCE = not_applicable("the case names no evidence")


def by_page(measure: Callable[[Found, Gold], float]) -> Callable[[Case, Answer], Score]:
    """A measure of a ranking, over the distinct pages of the answer's passages."""
    return _over(measure, lambda one: (file_name(one.document), one.page))


def by_document(measure: Callable[[Found, Gold], float]) -> Callable[[Case, Answer], Score]:
    """A measure of a ranking, over the distinct documents of the answer's passages."""
    return _over(measure, lambda one: file_name(one.document))


def _over(
    measure: Callable[[Found, Gold], float], place: Callable[[Passage | Evidence], object]
) -> Callable[[Case, Answer], Score]:
    def score(case: Case, answer: Answer) -> Score:
        if not case.evidence:
            return NO_EVIDENCE
        found = list(dict.fromkeys(map(place, answer.passages)))
        return Score(measure(found, set(map(place, case.evidence))))

    return score


def recall(found: Found, gold: Gold) -> float:
    """1 where any of the gold is found: a case's evidence names every page that would do."""
    return float(any(one in gold for one in found))


def precision(found: Found, gold: Gold) -> float:
    """The share of what was found that is gold."""
    return sum(one in gold for one in found) / len(found) if found else 0.0


def reciprocal_rank(found: Found, gold: Gold) -> float:
    """One over the rank, from 1, of the first that is gold; 0 where none is."""
    return next((1 / rank for rank, one in enumerate(found, 1) if one in gold), 0.0)


def ndcg(found: Found, gold: Gold) -> float:
    """Discounted cumulative gain over the best possible (Järvelin and Kekäläinen, 2002)."""
    gained = sum(1 / math.log2(rank + 1) for rank, one in enumerate(found, 1) if one in gold)
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(gold), len(found)) + 1))
    return gained / best if best else 0.0


def file_name(document: str) -> str:
    """A document's name without the folders that it was found in."""
    return PurePosixPath(document).name
