"""The vectors of a library in Chroma; the one file that knows of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import chromadb
import numpy
from chromadb.api.collection_configuration import CreateCollectionConfiguration
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings

from ingest.embedder import Vectors
from ingest.errors import LibraryError

COLLECTION = "chunks"
COSINE: CreateCollectionConfiguration = {"hnsw": {"space": "cosine"}}
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
        self._lock = threading.RLock()
        self._open()

    def upsert(self, ids: Sequence[str], documents: Sequence[str], vectors: Vectors) -> None:
        """Write the vectors [n, dimension] of chunks and the documents that they belong to.

        Writing the same again changes nothing.
        """
        with self._lock, self._faults("written"):
            batch = self._client.get_max_batch_size()  # a larger call fails
            for start in range(0, len(ids), batch):
                end = start + batch
                self._collection.upsert(
                    ids=list(ids[start:end]),
                    embeddings=vectors[start:end],
                    metadatas=[{"document": document} for document in documents[start:end]],
                )

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
        copy = VectorStore(path)
        for part in self.everything():
            kept = [row for row, key in enumerate(part.ids) if key in documents]
            ids = [part.ids[row] for row in kept]
            copy.upsert(ids, [documents[key] for key in ids], part.vectors[kept])

    def reopen(self) -> None:
        """See what other processes have written."""
        with self._lock:
            self._open()

    def close(self) -> None:
        """Let Chroma forget what it keeps for the whole process: it may be of an older state."""
        SharedSystemClient.clear_system_cache()

    def _open(self) -> None:
        self.close()
        settings = Settings(anonymized_telemetry=False)
        with self._faults("opened"):
            self._client = chromadb.PersistentClient(str(self.path), settings=settings)
            self._collection = self._client.get_or_create_collection(
                COLLECTION, configuration=COSINE, embedding_function=None
            )

    @contextmanager
    def _faults(self, done: str) -> Iterator[None]:
        """Whatever Chroma raises becomes one sentence: it wraps faults of the disk in its own."""
        try:
            yield
        except Exception as error:
            said = " ".join(str(error).split())
            raise LibraryError(
                f"The vectors at {self.path} cannot be {done} ({said}); if the disk is not full "
                "or closed to you, make them anew with: citebound library rebuild"
            ) from error
