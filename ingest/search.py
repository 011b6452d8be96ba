"""A question -> the chunks that may hold its answer: by meaning and by words, fused."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.records import ChunkRecord

CANDIDATES = 100  # of each retriever that are fused
POSTINGS = 20_000  # places in the full-text index that a search looks at, about
# The share of meaning in the fused score goes up with the best cosine, from one that says little to
# one that says that a passage is about the same: a question in words of its own. It goes up further
# where the words find little: those that stand everywhere, as a document's subject does in it.
# Measured for the default embedder, as the rest; see docs/benchmarks.md.
LEAST_SHARE, MOST_SHARE = 0.3, 0.9
WEAK_COSINE, STRONG_COSINE = 0.5, 0.7
WEAK_WORDS, STRONG_WORDS = 0.32, 0.47
STRONG_WORDS_FACTOR = 0.6  # on what the cosine adds
OTHER_EMBEDDERS_SHARE = 0.5
# Into how many pieces an embedder cuts a word tells whether it knows the language: English 1.1,
# German 2.2, Arabic 4.4 for the default one. Above the second number its vectors say nothing.
KNOWN_PIECES, UNKNOWN_PIECES = 2.5, 3.0
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

    ``similarity`` is the cosine between the question's and the chunk's vector; ``rerank_score`` is
    what the reranker gave, where there is one and it was asked. ``joined`` are the ids of the
    chunks that the text is made of, where it is more than its own.
    """

    score: float
    dense_rank: int | None
    lexical_rank: int | None
    similarity: float | None
    rerank_score: float | None = None
    joined: tuple[str, ...] = ()


def encodable(text: str) -> str:
    """A text without lone surrogates, which fit into no index and through no tokenizer."""
    return text.encode(errors="replace").decode()


def question_terms(question: str) -> list[str]:
    """The words of a question that are worth looking for, lower case, each once."""
    words = re.findall(r"\w+", question.lower())
    telling = [word for word in words if word not in STOP_WORDS]
    return list(dict.fromkeys(telling or words))


def within_budget(counts: Mapping[str, int]) -> list[str]:
    """Those words that are looked for, of words with the number of chunks that have them.

    The rarest, until they have been found in POSTINGS places: a word that a tenth of all chunks
    have says little about any of them and takes most of a search's time.
    """
    kept: list[str] = []
    places = 0
    for word in sorted(counts, key=lambda word: counts[word]):
        places += counts[word]
        if kept and places > POSTINGS:
            break
        kept.append(word)
    return kept


def any_of(terms: Sequence[str]) -> str:
    """Any of these words, each once, as an FTS5 expression; empty where there are none."""
    return " OR ".join(f'"{term}"' for term in dict.fromkeys(terms))


def word_strength(best_match: float, words: int, chunks: int) -> float:
    """How much a question's words tell of the best chunk: its BM25 score for each of them.

    As a share of the logarithm of all chunks, which is about the inverse document frequency of a
    word that only one chunk has.
    """
    return best_match / (max(1, words) * math.log(max(2, chunks)))


def dense_share(
    best_cosine: float, word_strength: float, pieces_per_word: float, *, is_default: bool
) -> float:
    """How much of the fused score is by meaning, 0 to 1; ``is_default`` is of the embedder."""
    share = OTHER_EMBEDDERS_SHARE
    if is_default:
        nearness = _between(best_cosine, WEAK_COSINE, STRONG_COSINE)
        told = _between(word_strength, WEAK_WORDS, STRONG_WORDS)
        factor = 1.0 - (1.0 - STRONG_WORDS_FACTOR) * told
        share = LEAST_SHARE + (MOST_SHARE - LEAST_SHARE) * nearness * factor
    return share * (1.0 - _between(pieces_per_word, KNOWN_PIECES, UNKNOWN_PIECES))


def fuse(
    similarities: Mapping[str, float], matches: Mapping[str, float], share: float
) -> dict[str, float]:
    """Scores of what was found by meaning and by words (chunk id to score), 0 to 1.

    A convex combination of the scores, each between the hundredth of its kind and the best: unlike
    ranks, scores tell a clear winner from a narrow one (Bruch, Gai and Ingber, "An Analysis of
    Fusion Functions for Hybrid Retrieval", 2023). ``share`` is that of meaning.
    """
    dense, lexical = _above_floor(similarities), _above_floor(matches)
    return {
        key: share * dense.get(key, 0.0) + (1.0 - share) * lexical.get(key, 0.0)
        for key in dense | lexical
    }


def to_passages(
    scores: Mapping[str, float],
    similarities: Mapping[str, float],
    matches: Mapping[str, float],
    records: Mapping[str, ChunkRecord],
) -> list[Passage]:
    """What was found, best first; among equals, what either retriever ranks higher.

    Ids without a record are of documents that are half written or half removed: they are dropped.
    """
    dense = {key: rank for rank, key in enumerate(filter(records.get, similarities), 1)}
    lexical = {key: rank for rank, key in enumerate(filter(records.get, matches), 1)}
    passages = [
        Passage(
            **vars(records[key]),
            score=score,
            dense_rank=dense.get(key),
            lexical_rank=lexical.get(key),
            similarity=similarities.get(key),
        )
        for key, score in scores.items()
        if key in records
    ]
    last = len(passages) + 1
    return sorted(
        passages,
        key=lambda one: (-one.score, min(one.dense_rank or last, one.lexical_rank or last)),
    )


def _above_floor(scores: Mapping[str, float]) -> dict[str, float]:
    """Scores so that the best is 1 and the hundredth 0; with fewer, what is worth nothing is 0."""
    ordered = sorted(scores.values(), reverse=True)
    if not ordered:
        return {}
    floor = max(0.0, ordered[CANDIDATES - 1]) if len(ordered) >= CANDIDATES else 0.0
    reach = ordered[0] - floor
    return {key: _between(score, floor, ordered[0]) if reach > 0 else float(score >= ordered[0] > 0)
            for key, score in scores.items()}  # fmt: skip


def _between(value: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low)))
