"""A library: a folder with a catalog (SQLite) and vectors (Chroma), kept in step.

    with Library.open("my-library") as library:
        for passage in library.search("how is a boiler fired?", top=5):
            print(passage.document, passage.page, passage.text)

A document is visible once the catalog holds it. Its vectors are written before and removed after
that, and it is noted as unsettled meanwhile, so that the next writer can repair what a crash left.
"""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy

from ingest.catalog import Catalog
from ingest.embedder import (
    Embedder,
    EmbedderFolder,
    EmbedderIdentity,
    Vectors,
    comparable,
    open_document_embedder,
    open_embedder,
)
from ingest.embedder_cache import prepare_embedder
from ingest.errors import LibraryError
from ingest.lock import held_lock
from ingest.readers.content import Page
from ingest.records import ChunkRecord, DocumentRecord, NewDocument, SourceFile
from ingest.repair import new_vectors_name, repair
from ingest.rerank import RERANKED, search_reranked
from ingest.reranker import Reranker, open_reranker
from ingest.reranker_cache import prepare_reranker
from ingest.search import Passage
from ingest.searcher import RETRIEVERS, Searcher
from ingest.settings import IngestSettings, library_folder, load_settings

if TYPE_CHECKING:
    from ingest.vectors import VectorStore

SOURCES_FOLDER = "sources"
REACH = 1  # chunks on each side that a passage may be widened by
EMBED_TOGETHER = 256  # chunks; enough that batches of like length fill up


class Library:
    """Documents, chunks and vectors in one folder."""

    def __init__(self, folder: Path, settings: IngestSettings, *, create: bool) -> None:
        self.folder = folder
        self.settings = settings
        if create:
            _make_folder(folder)
        self.catalog = Catalog(folder, create=create)
        self._vectors: VectorStore | None = None
        self._seen_generation = -1
        self._changing = threading.RLock()  # held while a change of ours is not yet a seen one
        self._last_embedded: dict[str, Vectors] = {}
        self._check_embedder()

    @classmethod
    def open(
        cls, path: str | Path, *, settings: IngestSettings | None = None, create: bool = False
    ) -> Self:
        """Open the library of this name or path.

        Raises LibraryError if it does not exist (and ``create`` is not asked), is of another
        format or was made with another embedder.
        """
        return cls(library_folder(path), settings or load_settings(IngestSettings), create=create)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()

    def close(self) -> None:
        """Close the catalog."""
        self.catalog.close()

    @cached_property
    def embedder_folder(self) -> EmbedderFolder:
        """The embedding model in the cache, converted on first use."""
        return prepare_embedder(self.settings)

    @cached_property
    def embedder(self) -> Embedder:
        """The embedding model."""
        return open_embedder(self.embedder_folder)

    @cached_property
    def document_embedder(self) -> Embedder:
        """The embedding model for many texts: on a GPU where there is one."""
        return open_document_embedder(self.embedder_folder, otherwise=self.embedder)

    @cached_property
    def reranker(self) -> Reranker:
        """The cross-encoder that settings name, converted on first use."""
        return open_reranker(prepare_reranker(self.settings.reranker))

    @cached_property
    def _searcher(self) -> Searcher:
        return Searcher(
            self.catalog,
            vectors=self.current_vectors,
            renew_vectors=self._distrust_vectors,
            embedder=lambda: self.embedder,
        )

    def _distrust_vectors(self) -> None:
        """Look at the vectors anew: a writer may have just replaced their folder."""
        self._seen_generation = -1

    # Writing

    @contextmanager
    def writing(
        self, *, wait: float = 0.0, on_wait: Callable[[str], None] = lambda _: None
    ) -> Iterator[None]:
        """Be the only writer; first repair what a crash has left.

        Where another process writes, ``on_wait`` is told who, and it is waited for up to ``wait``
        seconds. Raises LibraryBusy naming it if it is not done by then.
        """
        with held_lock(self.folder, wait=wait, on_wait=on_wait):
            repair(self)
            yield

    def add(self, documents: Sequence[NewDocument]) -> None:
        """Embed documents and store them; the same again changes nothing. Needs ``writing``."""
        self.store(documents, self.embed(documents))

    def embed(
        self,
        documents: Sequence[NewDocument],
        *,
        on_embedded: Callable[[int], None] = lambda _: None,
    ) -> Vectors:
        """The vectors [n, dimension] of all chunks of these documents, in order.

        What was embedded before, in them or in the library, is not embedded again. ``on_embedded``
        is told how many chunks have got their vector since it was told last.
        """
        chunks = [chunk for document in documents for chunk in document.chunks]
        texts = {chunk.fingerprint: chunk.embedded_text for chunk in chunks}
        known = self._known_vectors(list(texts))
        new = [fingerprint for fingerprint in texts if fingerprint not in known]
        on_embedded(len(chunks) - len(new))
        for part in _even_parts(new, EMBED_TOGETHER):
            vectors = self.document_embedder.embed_documents(
                [texts[fingerprint] for fingerprint in part]
            )
            known.update(zip(part, vectors, strict=True))
            on_embedded(len(part))
        self._last_embedded = known
        rows = [known[chunk.fingerprint] for chunk in chunks]
        return numpy.array(rows, numpy.float32).reshape(len(rows), self.embedder.identity.dimension)

    def store(self, documents: Sequence[NewDocument], vectors: Vectors) -> None:
        """Write documents and the vectors [n, dimension] of their chunks. Needs ``writing``.

        Each document appears in one step, in which one that its file held before goes.
        """
        self.catalog.mark_unsettled([document.id for document in documents])
        ids = [chunk.id for document in documents for chunk in document.chunks]
        owners = [document.id for document in documents for _ in document.chunks]
        self.current_vectors().upsert(ids, owners, vectors)
        for document in documents:
            with self._changing:
                gone = self.catalog.add(document)
                self._seen_generation = self.catalog.generation()
            self._drop_vectors(gone)

    def point_files(
        self, files: Sequence[tuple[SourceFile, str]], *, dropped: Sequence[Path] = ()
    ) -> None:
        """Note which documents of the library files hold, and drop paths that are gone.

        A document that no file holds any more goes. Needs ``writing``.
        """
        self._drop_vectors(self.catalog.point_files(files, dropped=dropped))

    def remove(self, document_id: str) -> None:
        """Remove a document, its vectors and the copy that an upload left. Needs ``writing``."""
        paths = self.source_paths(document_id)
        self.catalog.remove(document_id)
        self._drop_vectors([document_id])
        for path in paths:
            if path.is_relative_to(self.sources_folder):
                path.unlink(missing_ok=True)

    def renew_vectors(self) -> None:
        """Move to a new folder that has never held but the vectors of what the catalog holds.

        Needs ``writing``. The old folder is gone afterwards.
        """
        old = self.current_vectors()
        name = new_vectors_name(self.folder)
        old.copy_to(self.folder / name, self.catalog.chunk_ids())
        self.catalog.use_vectors(name)
        for document in self.catalog.unsettled():
            self.catalog.settle(document)
        old.close()
        shutil.rmtree(old.path)

    @property
    def sources_folder(self) -> Path:
        """Where uploaded files are kept, each under the hash of its content."""
        return (self.folder / SOURCES_FOLDER).resolve()

    # Reading

    def search(
        self,
        text: str,
        *,
        top: int = 10,
        documents: Sequence[str] | None = None,
        retriever: str | None = None,
    ) -> list[Passage]:
        """The ``top`` chunks for a question, best first.

        ``documents`` are document ids to search in (None: all); ``retriever`` is one of
        ``retrievers`` (None: the last, which is the best). Documents that another process has added
        or removed meanwhile are seen. Raises RerankerError if the reranker in settings cannot be
        had.
        """
        retriever = retriever or self.retrievers[-1]
        if retriever == RERANKED:
            return search_reranked(
                self._searcher, self.reranker, text, top=top, documents=documents,
                most=self.settings.rerank_passages,
            )  # fmt: skip
        return self._searcher.search(text, top=top, documents=documents, retriever=retriever)

    @property
    def retrievers(self) -> tuple[str, ...]:
        """The ways to search: RETRIEVERS, and "reranked" where settings name a reranker."""
        return (*RETRIEVERS, RERANKED) if self.settings.reranker else RETRIEVERS

    def leaves_document_open(self, question: str) -> bool:
        """Whether the documents are of one mould and a question does not say which it is about."""
        return self._searcher.leaves_document_open(question)

    def around(self, passages: Sequence[Passage]) -> dict[str, list[ChunkRecord]]:
        """By a passage's id, its chunk and the ones before and after it in the document."""
        with self.catalog.snapshot():
            return self.catalog.chunks_around([passage.id for passage in passages], REACH)

    def read_document(self, document_id: str) -> list[Passage]:
        """All passages of a document, in its order."""
        ids = self.catalog.document_chunk_ids(document_id)
        records = self.catalog.chunks(ids)
        return [
            Passage(
                **vars(records[id]), score=0.0, dense_rank=None, lexical_rank=None, similarity=None
            )
            for id in ids
            if id in records  # another process may have just removed it
        ]

    def documents(self) -> list[DocumentRecord]:
        """All documents, by name."""
        return self.catalog.documents()

    def is_empty(self) -> bool:
        """Whether no document is in it."""
        return not self.catalog.totals()[0]

    def find_document(self, name: str) -> DocumentRecord:
        """The one document of this name, file name, title, path or id (or its beginning).

        Raises LibraryError if there is none or more than one.
        """
        documents = self.catalog.documents()
        path = Path(name).expanduser().resolve()
        for matches in (
            [d for d in documents if name in (d.id, d.name) or path in d.paths],
            [d for d in documents if Path(d.name).name == name or Path(d.name).stem == name],
            [d for d in documents if d.title == name or (len(name) >= 8 and d.id.startswith(name))],
        ):
            if len(matches) == 1:
                return matches[0]
            if matches:
                names = ", ".join(str(path) for match in matches for path in match.paths[:1])
                raise LibraryError(f"{name!r} could be any of: {names}; name one of them whole.")
        raise LibraryError(f"No document {name!r} is in the library at {self.folder}.")

    def page(self, document_id: str, number: int) -> Page | None:
        """One page of a document (from 1), or None."""
        return self.catalog.page(document_id, number)

    def source_paths(self, document_id: str) -> tuple[Path, ...]:
        """The files that hold a document, as far as the catalog knows."""
        return self.catalog.paths(document_id)

    # Inside

    def _check_embedder(self) -> None:
        """Refuse an embedder other than the one the library was made with, width the same or not.

        Vectors of two models never compare, and nothing but this would notice.
        """
        asked = self.embedder_folder.identity
        stored = self.catalog.fact("embedder")
        if stored is None:
            self.catalog.set_fact("embedder", json.dumps(asdict(asked)))
            return
        made_with = EmbedderIdentity(**json.loads(stored))
        if comparable(made_with) != comparable(asked):
            raise LibraryError(
                f"The library at {self.folder} was made with another embedder than settings ask "
                f"for ({_differences(made_with, asked)}); change settings back, or make it anew "
                "with: citebound library rebuild"
            )

    def _known_vectors(self, fingerprints: Sequence[str]) -> dict[str, Vectors]:
        """The vectors [dimension] of what was embedded just before or is in the library."""
        known = {
            key: self._last_embedded[key] for key in fingerprints if key in self._last_embedded
        }
        chunks = self.catalog.chunks_embedded_as([key for key in fingerprints if key not in known])
        stored = self.current_vectors().vectors_of(list(chunks.values())) if chunks else {}
        return known | {key: stored[id] for key, id in chunks.items() if id in stored}

    def current_vectors(self) -> VectorStore:
        """The store of vectors, opened anew if another process has changed the library."""
        with self._changing:
            state = self.catalog.state()
            path = self.folder / state.vectors
            if self._vectors is None or self._vectors.path != path:
                from ingest.vectors import VectorStore  # Chroma costs a second to import

                self._check_embedder()
                self._vectors = VectorStore(path)
            elif state.generation != self._seen_generation:
                self._check_embedder()
                self._vectors.reopen()
            self._seen_generation = state.generation
            return self._vectors

    def _drop_vectors(self, documents: Sequence[str]) -> None:
        for document in documents:
            self.current_vectors().remove(document)
            with self._changing:
                self.catalog.settle(document)
                self._seen_generation = self.catalog.generation()


def _even_parts(items: Sequence[str], most: int) -> Iterator[Sequence[str]]:
    """Parts of at most so many items: none so short that a core has nothing to do."""
    size = -(-len(items) // max(1, -(-len(items) // most))) or 1
    return (items[start : start + size] for start in range(0, len(items), size))


def _differences(made_with: EmbedderIdentity, asked: EmbedderIdentity) -> str:
    before, after = comparable(made_with), comparable(asked)
    named: dict[str, tuple[object, object]] = {}
    if made_with.model != asked.model:
        named["model"] = (made_with.model, asked.model)
    named |= {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    return "; ".join(f"{name}: {old!r}, now {new!r}" for name, (old, new) in named.items())


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(f"The library {folder} cannot be made: {error.strerror}.") from error
