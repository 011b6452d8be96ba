"""Question and passage -> how well they fit: a cross-encoder as an OpenVINO graph, without torch.

``ingest.reranker_cache`` finds the model and has it converted once. A model that does not convert
is run by sentence-transformers itself, which is slower to start and to run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy
from tokenizers import Encoding, Tokenizer

from ingest.graphs import Numbers, Results, compile_graph, padded, run_batches, usable_cores

if TYPE_CHECKING:
    from openvino import CompiledModel

SPECIAL_TOKENS = 4  # at most, beside the two texts of a pair

Pair = tuple[str, str]


class Reranker(Protocol):
    """What a search needs of a cross-encoder."""

    def score(self, pairs: Sequence[Pair]) -> Results:
        """How well each passage fits its question [n], as ``CrossEncoder.predict`` says it.

        Where a pair is over the model's limit the passage is cut at its end.
        """


@dataclass(frozen=True)
class RerankerFolder:
    """A model in the cache: its graph (where it converts), tokenizer and what they cannot say.

    ``inputs`` are the names of what the graph takes. The graph gives logits; ``has_sigmoid`` says
    that a sigmoid makes the model's scores of them.
    """

    path: Path
    source: Path
    max_tokens: int
    padding_id: int
    inputs: tuple[str, ...]
    has_sigmoid: bool
    has_graph: bool

    def open_tokenizer(self) -> PairTokenizer:
        """What cuts pairs into tokens."""
        tokenizer = Tokenizer.from_file(str(self.path / "tokenizer.json"))
        return PairTokenizer(tokenizer, max_tokens=self.max_tokens)


class PairTokenizer:
    """Cuts pairs to the model's limit: the passage, and a question only over half of the limit."""

    def __init__(self, tokenizer: Tokenizer, *, max_tokens: int) -> None:
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)  # of the longer text, which is the passage
        self._most_of_question = max(1, max_tokens // 2 - SPECIAL_TOKENS)

    def encode(self, pairs: Sequence[Pair]) -> list[Encoding]:
        """The tokens of pairs, special ones counted in."""
        return self._tokenizer.encode_batch([self.fit(pair) for pair in pairs])

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """The tokens of each text alone, special ones counted in; at most the model's limit."""
        return [len(encoding.ids) for encoding in self._tokenizer.encode_batch(list(texts))]

    def fit(self, pair: Pair) -> Pair:
        """A pair whose question leaves room for the passage."""
        question, passage = pair
        spans = self._tokenizer.encode(question, add_special_tokens=False).offsets
        if len(spans) > self._most_of_question:
            question = question[: spans[self._most_of_question - 1][1]]
        return question, passage


class OpenVinoReranker:
    """Runs a converted model on the processor."""

    def __init__(self, folder: RerankerFolder) -> None:
        self.folder = folder
        self.tokenizer = folder.open_tokenizer()

    def score(self, pairs: Sequence[Pair]) -> Results:
        """How well each passage fits its question [n], in batches of like length."""
        encodings = self.tokenizer.encode(pairs)
        logits = numpy.empty(len(pairs), numpy.float32)
        run_batches(
            self._model,
            [len(encoding.ids) for encoding in encodings],
            lambda rows: graph_inputs(self.folder, [encodings[row] for row in rows]),
            logits,
        )
        if not self.folder.has_sigmoid:
            return logits
        return numpy.asarray(1.0 / (1.0 + numpy.exp(-numpy.clip(logits, -80, 80))), numpy.float32)

    @cached_property
    def _model(self) -> CompiledModel:
        return compile_graph(self.folder.path / "model.xml", streams=usable_cores())


class SentenceTransformersReranker:
    """Runs a model that does not convert."""

    def __init__(self, folder: RerankerFolder) -> None:
        from sentence_transformers import CrossEncoder

        self.tokenizer = folder.open_tokenizer()
        self.model = CrossEncoder(str(folder.source), local_files_only=True)  # picks a GPU

    def score(self, pairs: Sequence[Pair]) -> Results:
        """How well each passage fits its question [n].

        The library cuts the longer text, which is the passage once the question is not over half.
        """
        fitting = [self.tokenizer.fit(pair) for pair in pairs]
        scores = self.model.predict(fitting, show_progress_bar=False)
        return numpy.asarray(scores, numpy.float32).reshape(len(pairs))


def open_reranker(folder: RerankerFolder) -> Reranker:
    """The reranker of a folder, as a graph where it has one."""
    if folder.has_graph:
        return OpenVinoReranker(folder)
    return SentenceTransformersReranker(folder)


def graph_inputs(folder: RerankerFolder, encodings: Sequence[Encoding]) -> dict[str, Numbers]:
    """What the graph takes for these pairs, each [n, tokens]."""
    ids, mask = padded([encoding.ids for encoding in encodings], folder.padding_id)
    types, _ = padded([encoding.type_ids for encoding in encodings], 0)
    values = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
    return {name: values[name] for name in folder.inputs}
