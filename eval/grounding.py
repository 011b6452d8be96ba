"""How well the check of claims tells what is in a text from what is not, on labelled responses."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy

from app.citations import marked_sentences
from app.grounding import Support, check_claim
from app.grounding.check import ENOUGH
from app.terms import stems
from eval.labelled import LabelledResponse
from eval.separation import (
    Numbers,
    auroc,
    balanced_accuracy,
    best_balanced_accuracy,
    cluster_interval,
    matched_auroc,
)
from ingest.embedder import Embedder

SPECIAL_TOKENS = 8  # at most, that a model adds to a text


@dataclass(frozen=True)
class Baseline:
    """A simpler score on the same rows; its threshold is the best for these very rows."""

    balanced_accuracy: float
    auroc: float


@dataclass(frozen=True)
class Miss:
    """A response that is judged otherwise than people have; its worst sentence, and why."""

    hallucinated: bool
    support: float
    sentence: str
    reason: str
    evidence: str


@dataclass(frozen=True)
class GroundingReport:
    """Figures of one set, 0 to 1, over the rows that could be scored; ``n`` counts all rows.

    Balanced accuracy is at the program's own threshold. Intervals are 95% and draw whole groups.
    ``matched_auroc`` is among rows of like length, None where there are no two to compare.
    ``misses`` are the worst of each kind, as many as were asked for.
    """

    n: int
    unscored: int
    balanced_accuracy: float
    auroc: float
    interval: dict[str, tuple[float, float]]
    matched_auroc: float | None
    baselines: dict[str, Baseline]
    seconds: float
    misses: tuple[Miss, ...]


def evaluate_grounding(
    rows: Sequence[LabelledResponse], embedder: Embedder, *, misses: int = 0
) -> GroundingReport:
    """Check every response against its texts, and compare with simpler scores.

    A response is as well supported as its worst sentence; one without a sentence that can be
    checked is not scored.
    """
    started = time.perf_counter()
    worst = [worst_sentence(row) for row in rows]
    seconds = time.perf_counter() - started
    found = [(row, *one) for row, one in zip(rows, worst, strict=True) if one is not None]
    scored = [row for row, _, _ in found]
    scores = numpy.array([support.value for _, _, support in found])
    labels = numpy.array([not row.hallucinated for row in scored])
    groups = [row.group or str(number) for number, row in enumerate(scored)]
    lengths = [len(row.response.split()) for row in scored]
    return GroundingReport(
        n=len(rows),
        unscored=len(rows) - len(scored),
        balanced_accuracy=balanced_accuracy(scores >= ENOUGH, labels),
        auroc=auroc(scores, labels),
        interval={
            "balanced_accuracy": cluster_interval(
                lambda some, truth: balanced_accuracy(some >= ENOUGH, truth),
                scores, labels, groups,
            ),
            "auroc": cluster_interval(auroc, scores, labels, groups),
        },
        matched_auroc=matched_auroc(scores, labels, lengths),
        baselines={
            name: Baseline(best_balanced_accuracy(simple, labels), auroc(simple, labels))
            for name, simple in simple_scores(scored, embedder).items()
        },
        seconds=seconds,
        misses=tuple(worst_misses(found, misses)),
    )  # fmt: skip


def worst_sentence(row: LabelledResponse) -> tuple[str, Support] | None:
    """The sentence of a response that has least support; None where none can be checked."""
    found = [(text, check_claim(text, row.evidence)) for text in marked_sentences(row.response)]
    checked = [(text, support) for text, support in found if support.value is not None]
    return min(checked, key=lambda one: one[1].value or 0.0, default=None)


def worst_misses(
    found: Sequence[tuple[LabelledResponse, str, Support]], most: int
) -> Iterator[Miss]:
    """What was taken for supported and is hallucinated, the surest first, and the other way."""
    for hallucinated in (True, False):
        wrong = [
            Miss(row.hallucinated, support.value or 0.0, sentence, support.reason, row.evidence)
            for row, sentence, support in found
            if row.hallucinated == hallucinated == (support.verdict == "supported")
        ]
        yield from sorted(wrong, key=lambda miss: miss.support, reverse=hallucinated)[:most]


def simple_scores(rows: Sequence[LabelledResponse], embedder: Embedder) -> dict[str, Numbers]:
    """What needs no grounding: a constant, length, shared words, and similarity."""
    return {
        "always supported": numpy.zeros(len(rows)),
        "answer length": numpy.array([-len(row.response.split()) for row in rows]),
        "token overlap": numpy.array([token_overlap(row) for row in rows]),
        "embedding similarity": similarities(rows, embedder),
    }


def token_overlap(row: LabelledResponse) -> float:
    """The share of the response's content words that its texts have."""
    said = set(stems(row.response))
    return len(said & set(stems(row.evidence))) / (len(said) or 1)


def similarities(rows: Sequence[LabelledResponse], embedder: Embedder) -> Numbers:
    """The cosine of each response with the part of its texts that is nearest."""
    parts = {row.evidence: _parts(row.evidence, embedder) for row in rows}
    texts = list(dict.fromkeys(part for some in parts.values() for part in some))
    vectors = dict(zip(texts, embedder.embed_documents(texts), strict=True))
    asked = embedder.embed_documents([_parts(row.response, embedder)[0] for row in rows])
    return numpy.array(
        [
            max(_cosine(vector, vectors[part]) for part in parts[row.evidence])
            for row, vector in zip(rows, asked, strict=True)
        ]
    )


def _parts(text: str, embedder: Embedder) -> list[str]:
    """A text in parts that the embedder can read whole; an empty one is one part."""
    spans = embedder.tokenizer.token_spans(text)
    most = embedder.tokenizer.max_tokens - SPECIAL_TOKENS
    starts = range(0, len(spans), most)
    return [text[spans[at][0] : spans[min(at + most, len(spans)) - 1][1]] for at in starts] or [""]


def _cosine(one: Numbers, other: Numbers) -> float:
    lengths = float(numpy.linalg.norm(one) * numpy.linalg.norm(other))
    return float(one @ other) / (lengths or 1.0)
