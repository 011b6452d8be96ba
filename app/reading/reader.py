"""Question and sentences -> for each sentence, whether it answers, and with which words.

The network is described in README.md beside this file and made by the package training. It runs as
an OpenVINO graph.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy
from tokenizers import Encoding, Tokenizer

from ingest.embedder_cache import bundled_model
from ingest.graphs import Results, compile_graph, padded
from ingest.reranker import PairTokenizer
from ingest.settings import cache_folder

if TYPE_CHECKING:
    from openvino import CompiledModel

GRAPH = Path(__file__).parent / "reader.xml"
MOST_TOKENS = 192  # of question and sentences, as it was trained
MOST_WORDS = 90  # of the sentences that are read together, as it was trained
LONGEST_ANSWER = 20  # tokens
NOTHING_SAID = -8.0  # logits, as sentences about something else have
# Few shapes: OpenVINO sets the graph up anew for each, and keeps it. Batches of 8 and steps of 8
# tokens took half as long again, and 400 MB instead of 150.
BATCH, LENGTH_STEP = 4, 32

Sentences = Sequence[str]


@dataclass(frozen=True)
class Reading:
    """What a sentence says to a question.

    ``strength`` is how much rather it is ``answer``, the best part of the sentence, than nothing,
    in logits.
    """

    strength: float
    answer: str


class Reader:
    """Reads sentences in windows of neighbours."""

    def __init__(self, tokenizer: PairTokenizer) -> None:
        self._tokenizer = tokenizer
        self._lock = threading.Lock()  # a compiled model has one request for all threads

    def read(self, question: str, passages: Sequence[Sentences]) -> list[list[Reading]]:
        """For each passage, given as its sentences, a reading of each of these."""
        room = MOST_TOKENS - self._tokenizer.lengths([question])[0]
        windows = [
            (number, sentences[start:end])
            for number, sentences in enumerate(passages)
            for start, end in windows_of(sentences, self._tokenizer.lengths(sentences), room)
        ]
        found: list[list[Reading]] = [[] for _ in passages]
        texts = [" ".join(sentences) for _, sentences in windows]
        encodings = self._tokenizer.encode([(question, text) for text in texts])
        for (number, sentences), text, encoding, output in zip(
            windows, texts, encodings, self._run(encodings), strict=True
        ):
            found[number].extend(_readings(sentences, text, encoding, output))
        return found

    def _run(self, encodings: Sequence[Encoding]) -> Iterator[Results]:
        """The logits of an answer's start and end at each token [tokens, 2]."""
        order = sorted(range(len(encodings)), key=lambda row: len(encodings[row].ids))
        found: dict[int, Results] = {}
        for at in range(0, len(order), BATCH):
            rows = order[at : at + BATCH]
            ids, mask = padded([encodings[row].ids for row in rows], 0, step=LENGTH_STEP)
            types, _ = padded([encodings[row].type_ids for row in rows], 0, step=LENGTH_STEP)
            with self._lock:
                found.update(zip(rows, self._model([ids, mask, types])[0].copy(), strict=True))
        return (found[row] for row in range(len(encodings)))

    @cached_property
    def _model(self) -> CompiledModel:
        return compile_graph(GRAPH, streams=1, cache=cache_folder() / "reader")


@lru_cache(maxsize=1)
def shipped_reader() -> Reader:
    """The reader that comes with the program; its words are those of the default embedder."""
    return Reader(pair_tokenizer())


def pair_tokenizer() -> PairTokenizer:
    """What cuts a question and sentences into the network's tokens."""
    vocabulary = Tokenizer.from_file(str(bundled_model() / "tokenizer.json"))
    return PairTokenizer(vocabulary, max_tokens=MOST_TOKENS)


def windows_of(sentences: Sentences, tokens: Sequence[int], room: int) -> Iterator[tuple[int, int]]:
    """Neighbouring sentences that are short enough to be read together, each in one window.

    ``tokens`` are those of each sentence, special ones counted in, and ``room`` is for all of a
    window. A sentence that is longer stands alone, and its end is not read.
    """
    start, words, taken = 0, 0, 0
    for at, (sentence, count) in enumerate(zip(sentences, tokens, strict=True)):
        length = len(sentence.split())
        if at > start and (words + length > MOST_WORDS or taken + count > room):
            yield start, at
            start, words, taken = at, 0, 0
        words += length
        taken += count
    if start < len(sentences):
        yield start, len(sentences)


def _readings(
    sentences: Sentences, text: str, encoding: Encoding, spans: Results
) -> Iterator[Reading]:
    nothing = float(spans[0].sum())
    end = 0
    for sentence in sentences:
        start, end = end, end + len(sentence) + 1
        tokens = [
            at
            for at, ((low, high), kind) in enumerate(
                zip(encoding.offsets, encoding.type_ids, strict=True)
            )
            if kind == 1 and start <= low < high <= end
        ]
        if not tokens:  # there is no word in it
            yield Reading(NOTHING_SAID, "")
            continue
        strength, first, last = best_span(spans[tokens[0] : tokens[-1] + 1])
        low, high = encoding.offsets[tokens[first]][0], encoding.offsets[tokens[last]][1]
        yield Reading(strength - nothing, text[low:high])


def best_span(spans: Results) -> tuple[float, int, int]:
    """The best start and end among tokens [n, 2], with the sum of their logits."""
    sums = spans[:, None, 0] + spans[None, :, 1]
    allowed = numpy.triu(numpy.ones_like(sums)) - numpy.triu(numpy.ones_like(sums), LONGEST_ANSWER)
    first, last = divmod(int(numpy.where(allowed > 0, sums, -numpy.inf).argmax()), len(spans))
    return float(sums[first, last]), first, last
