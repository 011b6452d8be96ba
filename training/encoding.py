"""Examples -> tokens."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.reranker import PairTokenizer
from training.examples import Example


@dataclass(frozen=True)
class Encoded:
    """An example in tokens; ``start`` and ``end`` are the answer's, 0 for none, -1: not asked."""

    ids: list[int]
    types: list[int]
    start: int
    end: int
    wrong: list[float] | None
    holds: bool


def encode(tokenizer: PairTokenizer, example: Example) -> Encoded:
    """An example in tokens; an answer that was cut off with the passage's end counts as none."""
    (encoding,) = tokenizer.encode([(example.asked, example.passage)])
    start, end = (0, 0) if example.is_question else (-1, -1)
    if example.span:
        inside = [
            at for at, (low, high) in enumerate(encoding.offsets)
            if encoding.type_ids[at] and low < example.span[1] and high > example.span[0]
        ]  # fmt: skip
        if inside:
            start, end = inside[0], inside[-1]
    wrong = None
    if example.wrong or example.holds:
        low, high = example.wrong or (0, 0)
        wrong = [
            float(not kind and first < high and last > low)
            for (first, last), kind in zip(encoding.offsets, encoding.type_ids, strict=True)
        ]
    holds = example.holds and not (example.span and start == 0)
    return Encoded(encoding.ids, encoding.type_ids, start, end, wrong, holds)
