"""The vectors of a library in Chroma; the one file that knows of it."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import chromadb
import numpy
from chromadb.api.collection_configuration import CreateCollectionConfiguration
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings

from ingest.catalog.catalog import FIRST_VECTORS
from ingest.embedder import Vectors
from ingest.errors import LibraryError
from ingest.repair import STAGING_FOLDER

COLLECTION = "chunks"
COSINE: CreateCollectionConfiguration = {"hnsw": {"space": "cosine"}}
# The index is in its files after every change, else whoever opens the folder makes it anew.
COSINE_IN_FILES: CreateCollectionConfiguration = {"hnsw": {"space": "cosine", "sync_threshold": 1}}
# Chroma keeps what is open in one dict for the whole process; nobody may empty it meanwhile.
_opening = threading.RLock()
PART = 5000  # vectors that are read or copied at once


@dataclass(frozen=True)
class StoredVectors:
    """Chunk ids, the documents that they are noted under, and their vectors [n, dimension]."""

    ids: tuple[str, ...]
    documents: tuple[str, ...]
    vectors: Vectors


class VectorStore:
    """Chunk ids and vectors, by document; safe to use from several threads.

    A process that holds a Chroma folder open does not see what another process writes there, so
    readers call ``reopen`` when the catalog's generation has moved. Raises LibraryError where the
    folder cannot be opened, read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._follows_forget = path.name != FIRST_VECTORS  # of which our memory may hold traces
        self._lock = threading.RLock()
        self._open()

    def upsert(self, ids: Sequence[str], documents: Sequence[str], vectors: Vectors) -> None:
        """Write the vectors [n, dimension] of chunks and the documents that they belong to.

        Writing the same again changes nothing.
        """
        with self._lock, self._faults("written"):
            if self._follows_forget and self._collection.count() == 0:
                part = StoredVectors(tuple(ids), tuple(documents), vectors)
                _write_elsewhere(self.path, [part])
                self._open()
            else:
                self._upsert(ids, documents, vectors)

    def remove(self, document: str) -> None:
        """Remove all vectors of a document."""
        with self._lock, self._faults("written"):
            self._collection.delete(where={"document": document})

    def nearest(
        self, vector: Vectors, *, top: int, documents: Sequence[str] | None
    ) -> list[tuple[str, float]]:
        """Chunk ids with their cosine similarity to ``vector`` [dimension], best first."""
        where = {"document": {"$in": list(documents)}} if documents is not None else None
        with self._lock, self._faults("searched"):
            found = self._collection.query(
                query_embeddings=vector[None, :],
                n_results=top,
                where=where,  # type: ignore[arg-type]
                include=["distances"],
            )
        distances = found["distances"] or [[]]
        return [(key, 1.0 - d) for key, d in zip(found["ids"][0], distances[0], strict=True)]

    def ids(self, document: str) -> set[str]:
        """The chunk ids that are stored for a document."""
        with self._lock, self._faults("read"):
            return set(self._collection.get(where={"document": document}, include=[])["ids"])

    def vectors_of(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors [dimension] of those chunks that have one, by chunk id."""
        with self._lock, self._faults("read"):
            found = self._collection.get(ids=list(ids), include=["embeddings"])
        vectors = numpy.asarray(found["embeddings"], dtype=numpy.float32)
        return dict(zip(found["ids"], vectors, strict=True))

    def count(self) -> int:
        """How many vectors are stored."""
        with self._lock, self._faults("read"):
            return self._collection.count()

    def everything(self) -> Iterator[StoredVectors]:
        """All that is stored, part by part."""
        start = 0
        while True:
            with self._lock, self._faults("read"):
                found = self._collection.get(
                    limit=PART, offset=start, include=["embeddings", "metadatas"]
                )
            if not found["ids"]:
                return
            documents = [str(noted["document"]) for noted in found["metadatas"] or ()]
            vectors = numpy.asarray(found["embeddings"], dtype=numpy.float32)
            yield StoredVectors(tuple(found["ids"]), tuple(documents), vectors)
            start += len(found["ids"])

    def copy_to(self, path: Path, documents: Mapping[str, str]) -> None:
        """Copy the vectors of these chunks (chunk id to document) into a new folder.

        What was ever removed from this folder, or is left out, has never been in the new one.
        """
        staging = path.parent / STAGING_FOLDER
        with self._faults("copied"):
            staging.mkdir(exist_ok=True)
            with tempfile.TemporaryDirectory(dir=staging) as work:
                copy = Path(work) / path.name
                copy.mkdir()
                kept = (_of_chunks(part, documents) for part in self.everything())
                _write_elsewhere(copy, kept)
                copy.rename(path)

    def reopen(self) -> None:
        """See what other processes have written."""
        with self._lock:
            self._open()

    def close(self) -> None:
        """Let Chroma forget what it keeps for the whole process: it may be of an older state."""
        with _opening:
            SharedSystemClient.clear_system_cache()

    def _upsert(self, ids: Sequence[str], documents: Sequence[str], vectors: Vectors) -> None:
        batch = self._client.get_max_batch_size()  # a larger call fails
        for start in range(0, len(ids), batch):
            end = start + batch
            self._collection.upsert(
                ids=list(ids[start:end]),
                embeddings=vectors[start:end],
                metadatas=[{"document": document} for document in documents[start:end]],
            )

    def _open(self) -> None:
        settings = Settings(anonymized_telemetry=False)
        configuration = COSINE_IN_FILES if self._follows_forget else COSINE
        with _opening, self._faults("opened"):
            self.close()
            self._client = chromadb.PersistentClient(str(self.path), settings=settings)
            self._collection = self._client.get_or_create_collection(
                COLLECTION, configuration=configuration, embedding_function=None
            )

    @contextmanager
    def _faults(self, done: str) -> Iterator[None]:
        """Whatever Chroma raises becomes one sentence: it wraps faults of the disk in its own."""
        try:
            yield
        except LibraryError:
            raise  # which is one sentence already
        except Exception as error:
            said = " ".join(str(error).split())
            raise LibraryError(
                f"The vectors at {self.path} cannot be {done} ({said}); if the disk is not full "
                "or closed to you, make them anew with: citebound library rebuild"
            ) from error


def _of_chunks(part: StoredVectors, documents: Mapping[str, str]) -> StoredVectors:
    """The vectors of these chunks alone, under these documents."""
    rows = [row for row, key in enumerate(part.ids) if key in documents]
    ids = tuple(part.ids[row] for row in rows)
    return StoredVectors(ids, tuple(documents[key] for key in ids), part.vectors[rows])


def _write_elsewhere(path: Path, parts: Iterable[StoredVectors]) -> None:
    """Have a process that is given nothing else write the first vectors of a folder.

    Where Chroma makes an index, it writes down whatever the memory has held before.
    """
    from ingest.workers import started_pool  # searches do without all that reads documents

    with started_pool(1) as pool:
        for part in parts:
            pool.schedule(_write_here, [path, part]).result()


def _write_here(path: Path, part: StoredVectors) -> None:
    VectorStore(path)._upsert(part.ids, part.documents, part.vectors)
