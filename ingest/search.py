"""A question -> the chunks that may hold its answer: by meaning and by words, fused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.records import ChunkRecord

DENSE_WEIGHT = 0.5  # of the fused score; see docs/benchmarks.md for what other weights give
CANDIDATES = 50  # each retriever gives at least so many to fuse
STOP_WORDS = frozenset(
    """
    a about an and any are as at be because been being but by can could did do does doing done
    during each for from had has have having he her him his how i if in into is it its just me my
    of on or our out over own she should so some such than that the their them then there these
    they this those to under until was we were what when where which while who whom whose why will
    with would you your
    """.split()
)


@dataclass(frozen=True)
class Passage(ChunkRecord):
    """A chunk that was found, with its scores; ranks count from 1, None where not found that way.

    ``similarity`` is the cosine between the question's and the chunk's vector.
    """

    score: float
    dense_rank: int | None
    lexical_rank: int | None
    similarity: float | None


def question_terms(question: str) -> list[str]:
    """The words of a question that are worth looking for, lower case, each once."""
    words = re.findall(r"\w+", question.lower())
    telling = [word for word in words if word not in STOP_WORDS]
    return list(dict.fromkeys(telling or words))


def match_expression(question: str) -> str:
    """A question as an FTS5 expression: any of its words; empty where it has none."""
    return " OR ".join(f'"{term}"' for term in question_terms(question))


def merge(
    similarities: Mapping[str, float],
    matches: Mapping[str, float],
    records: Mapping[str, ChunkRecord],
) -> list[Passage]:
    """Fuse what was found by meaning and by words (chunk id to score, best first), best first.

    A convex combination of the scores, each divided by the best of its kind: unlike ranks, scores
    tell a clear winner from a narrow one (Bruch, Gai and Ingber, "An Analysis of Fusion Functions
    for Hybrid Retrieval", 2023). Ids without a record are of documents that are half written or
    half removed: they are dropped.
    """
    dense = {key: rank for rank, key in enumerate(filter(records.get, similarities), 1)}
    lexical = {key: rank for rank, key in enumerate(filter(records.get, matches), 1)}
    best_similarity = max([0.0, *similarities.values()]) or 1.0
    best_match = max([0.0, *matches.values()]) or 1.0
    passages = [
        Passage(
            **vars(records[key]),
            score=DENSE_WEIGHT * max(0.0, similarities.get(key, 0.0)) / best_similarity
            + (1 - DENSE_WEIGHT) * matches.get(key, 0.0) / best_match,
            dense_rank=dense.get(key),
            lexical_rank=lexical.get(key),
            similarity=similarities.get(key),
        )
        for key in dense | lexical
    ]
    return sorted(passages, key=lambda passage: -passage.score)
