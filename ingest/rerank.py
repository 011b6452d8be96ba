"""What a search has found, put in order by a cross-encoder, which reads question and passage."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.records import ChunkRecord
from ingest.reranker import Reranker
from ingest.search import Passage, encodable
from ingest.searcher import NAMED_WEIGHT, Searcher

RERANKED = "reranked"  # the retriever's name
MOSTLY_ALIKE = 0.5  # from here on names are left to what names documents


def search_reranked(
    searcher: Searcher,
    reranker: Reranker,
    text: str,
    *,
    top: int,
    documents: Sequence[str] | None,
    most: int,
) -> list[Passage]:
    """The ``top`` chunks for a question; of the fused ones the first ``most`` are reranked."""
    text = encodable(text)
    found = searcher.search(text, top=max(top, most), documents=documents, retriever="fused")
    if not found:
        return []
    naming, weight = searcher.naming(text)
    # Documents of one mould are told apart by their names. In the question those would only have
    # the cross-encoder prefer covers and lists, where the names stand, to what is asked for.
    question = naming.rest if naming and weight >= MOSTLY_ALIKE else text
    scores = reranker.score([(question, read_text(passage)) for passage in found[:most]])
    names = {one.document_id: naming.weight_of(one.document_id) for one in found} if naming else {}
    return in_order(found, scores.tolist(), names, weight)[:top]


def read_text(record: ChunkRecord) -> str:
    """What a cross-encoder reads of a chunk: its document's title, its headings, its text."""
    return " > ".join(filter(None, (record.title, record.trail))) + f"\n{record.text}"


def in_order(
    found: Sequence[Passage], scores: Sequence[float], names: Mapping[str, float], weight: float
) -> list[Passage]:
    """Passages of which the first have these scores of the reranker, the best of those first.

    How well a document is named (by id, 0 to 1) has its share in that as it has in the fused
    score; ``weight`` is how much the names count, 0 to 1. ``score`` becomes 0.5 to 1 for those that
    were reranked and half of what it was for the others, which stay behind in their order.
    """
    share = weight * NAMED_WEIGHT
    finite = [score for score in scores if math.isfinite(score)]
    scores = [score if math.isfinite(score) else min(finite, default=0.0) for score in scores]
    best, least = max(scores), min(scores)
    reach = best - least or 1.0
    reranked = []
    for passage, score in zip(found, scores, strict=False):
        named = names.get(passage.document_id, 0.0)
        combined = ((score - least) / reach + share * named) / (1 + share)
        reranked.append(replace(passage, score=0.5 + combined / 2, rerank_score=score))
    behind = [replace(passage, score=passage.score / 2) for passage in found[len(scores) :]]
    return [*sorted(reranked, key=lambda passage: -passage.score), *behind]
