"""Texts -> vectors: a sentence-transformers model run as an OpenVINO graph, without torch.

``ingest.embedder_cache`` finds the model and has it converted once. A model that does not convert
is run by sentence-transformers itself, which is slower to start and to run.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy
from numpy.typing import NDArray
from tokenizers import Tokenizer

from ingest.errors import EmbedderError
from ingest.graphs import Numbers, compile_graph, padded, run_batches, usable_cores
from ingest.lean_tokens import kept_positions

if TYPE_CHECKING:
    from openvino import CompiledModel

GPU_MARKS = (Path("/dev/nvidiactl"), Path("/dev/kfd"))  # of NVIDIA's and of AMD's driver

Vectors = NDArray[numpy.float32]


@dataclass(frozen=True)
class EmbedderIdentity:
    """What makes two embedders the same: vectors of different identities must never be mixed."""

    model: str
    revision: str
    dimension: int
    normalised: bool
    query_prompt: str
    document_prompt: str


def comparable(identity: EmbedderIdentity) -> dict[str, object]:
    """What decides whether stored vectors fit: not the model's name, nor how questions are put."""
    fields = asdict(identity)
    return {name: fields[name] for name in fields if name not in ("model", "query_prompt")}


class Embedder(Protocol):
    """What the library needs of an embedding model."""

    identity: EmbedderIdentity

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Texts to vectors [n, dimension]; EmbedderError for one over the token limit."""

    def embed_query(self, text: str) -> Vectors:
        """A question to its vector [dimension]; a question over the limit is cut at its end."""

    @property
    def tokenizer(self) -> EmbedderTokenizer:
        """What cuts texts into tokens for it."""


class EmbedderTokenizer:
    """Counts as the embedder reads: its own tokenizer, limit, special tokens and prompt."""

    def __init__(self, tokenizer: Tokenizer, *, max_tokens: int, document_prompt: str) -> None:
        self.tokenizer = tokenizer
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.max_tokens = max_tokens
        self.document_prompt = document_prompt

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """The character span of each token of ``text``, special tokens left out."""
        offsets = self.tokenizer.encode(text, add_special_tokens=False).offsets
        return [(start, end) for start, end in offsets if start < end]

    def count_tokens(self, text: str) -> int:
        """Tokens of ``text`` as it is embedded, special tokens and document prompt counted in."""
        return len(self.tokenizer.encode(self.document_prompt + text).ids)


@dataclass(frozen=True)
class EmbedderFolder:
    """A model in the cache: its graph (where it converts), tokenizer and what they cannot say."""

    path: Path
    source: Path
    identity: EmbedderIdentity
    max_tokens: int
    padding_id: int
    has_graph: bool
    droppable_tokens: tuple[int, ...] = ()  # in documents; see ingest.lean_tokens

    def open_tokenizer(self) -> EmbedderTokenizer:
        """The tokenizer alone: what a worker needs to cut chunks."""
        return EmbedderTokenizer(
            Tokenizer.from_file(str(self.path / "tokenizer.json")),
            max_tokens=self.max_tokens,
            document_prompt=self.identity.document_prompt,
        )


class OpenVinoEmbedder:
    """Runs a converted model on the processor."""

    def __init__(self, folder: EmbedderFolder) -> None:
        self.folder = folder
        self.identity = folder.identity
        self.tokenizer = folder.open_tokenizer()
        self._query_lock = threading.Lock()

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Texts to vectors [n, dimension], in batches of like length.

        Raises EmbedderError for a text over the token limit: nothing is ever cut silently.
        """
        prompt = self.identity.document_prompt
        encodings = self.tokenizer.tokenizer.encode_batch_fast([prompt + text for text in texts])
        tokens = [encoding.ids for encoding in encodings]
        _refuse_long([len(ids) for ids in tokens], self.folder.max_tokens)
        vectors = numpy.empty((len(texts), self.identity.dimension), numpy.float32)
        kept = [kept_positions(ids, self._is_droppable) for ids in tokens]
        run_batches(
            self._document_model,
            [len(positions) for positions in kept],
            lambda rows: self._document_inputs([tokens[n] for n in rows], [kept[n] for n in rows]),
            vectors,
        )
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """A question to its vector [dimension]; a question over the limit is cut at its end."""
        encoding = self.tokenizer.tokenizer.encode(self.identity.query_prompt + text)
        encoding.truncate(self.folder.max_tokens)
        with self._query_lock:  # a compiled model called directly has one request for all threads
            vector: Vectors = self._query_model(self._query_inputs(encoding.ids))[0][0].copy()
        return vector

    @cached_property
    def _query_model(self) -> CompiledModel:
        return compile_graph(self.folder.path / "model.xml", streams=1)

    @cached_property
    def _document_model(self) -> CompiledModel:
        name = "documents.xml" if self.folder.droppable_tokens else "model.xml"
        return compile_graph(self.folder.path / name, streams=usable_cores())

    def _query_inputs(self, tokens: list[int]) -> dict[str, Numbers]:
        ids = numpy.array([tokens], numpy.int64)
        return {"input_ids": ids, "attention_mask": numpy.ones_like(ids)}

    def _document_inputs(
        self, tokens: Sequence[Sequence[int]], kept: Sequence[Numbers]
    ) -> dict[str, Numbers]:
        ids, mask = padded(tokens, self.folder.padding_id)
        inputs = {"input_ids": ids, "attention_mask": mask}
        if self.folder.droppable_tokens:
            inputs["kept_positions"], inputs["kept_mask"] = padded(kept, 0)
        return inputs

    @cached_property
    def _is_droppable(self) -> NDArray[numpy.bool_]:
        by_id = numpy.zeros(self.tokenizer.tokenizer.get_vocab_size(), bool)
        by_id[list(self.folder.droppable_tokens)] = True
        return by_id


class SentenceTransformersEmbedder:
    """Runs a model that does not convert."""

    def __init__(self, folder: EmbedderFolder) -> None:
        from sentence_transformers import SentenceTransformer

        self.identity = folder.identity
        self.tokenizer = folder.open_tokenizer()
        self.max_tokens = folder.max_tokens
        self.model = SentenceTransformer(str(folder.source), local_files_only=True)  # picks a GPU

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Texts to vectors [n, dimension]; EmbedderError for one over the token limit."""
        _refuse_long([self.tokenizer.count_tokens(text) for text in texts], self.max_tokens)
        return self._encode(texts, self.identity.document_prompt)

    def embed_query(self, text: str) -> Vectors:
        """A question to its vector [dimension]."""
        vector: Vectors = self._encode([text], self.identity.query_prompt)[0]
        return vector

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        vectors = self.model.encode(list(texts), prompt=prompt, show_progress_bar=False)
        return numpy.asarray(vectors, numpy.float32)


def open_embedder(folder: EmbedderFolder) -> Embedder:
    """The embedder of a folder, as a graph where it has one."""
    if folder.has_graph:
        return OpenVinoEmbedder(folder)
    return SentenceTransformersEmbedder(folder)


def open_document_embedder(folder: EmbedderFolder, otherwise: Embedder) -> Embedder:
    """What embeds many texts: the model on a GPU that torch can use, else ``otherwise``.

    Torch takes seconds to import, so it is asked only where the system knows of such a GPU.
    """
    if any(mark.exists() for mark in GPU_MARKS):
        import torch

        if torch.cuda.is_available():
            return SentenceTransformersEmbedder(folder)
    return otherwise


def _refuse_long(counts: Sequence[int], limit: int) -> None:
    if counts and max(counts) > limit:
        raise EmbedderError(
            f"A text of {max(counts)} tokens is over the embedder's limit of {limit}."
        )
