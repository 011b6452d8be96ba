"""A question -> the chunks that may hold its answer: by meaning and by words, fused."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.catalog import ChunkRecord

FUSION_CONSTANT = 60  # of reciprocal rank fusion: Cormack, Clarke and Büttcher, SIGIR 2009
CANDIDATES = 50  # each retriever gives at least so many to fuse
STOP_WORDS = frozenset(
    "a about an and any are as at be because been being but by can could did do does doing done "
    "during each for from had has have having he her him his how i if in into is it its just me "
    "my of on or our out over own she should so some such than that the their them then there "
    "these they this those to under until was we were what when where which while who whom whose "
    "why will with would you your".split()
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
    similarities: Mapping[str, float], matches: Sequence[str], records: Mapping[str, ChunkRecord]
) -> list[Passage]:
    """Fuse what was found by meaning and by words (chunk ids, each best first), best first.

    Ids without a record are of documents that are half written or half removed: they are dropped.
    """
    dense = {key: rank for rank, key in enumerate(filter(records.get, similarities), 1)}
    lexical = {key: rank for rank, key in enumerate(filter(records.get, matches), 1)}
    passages = [
        Passage(
            **vars(records[key]),
            score=_reciprocal(dense.get(key)) + _reciprocal(lexical.get(key)),
            dense_rank=dense.get(key),
            lexical_rank=lexical.get(key),
            similarity=similarities.get(key),
        )
        for key in dense | lexical
    ]
    return sorted(passages, key=lambda passage: -passage.score)


def _reciprocal(rank: int | None) -> float:
    return 0.0 if rank is None else 1 / (FUSION_CONSTANT + rank)
