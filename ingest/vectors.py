"""The vectors of a library in Chroma; the one file that knows of it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import chromadb
from chromadb.api.collection_configuration import CreateCollectionConfiguration
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings

from ingest.embedder import Vectors
from ingest.errors import LibraryError

FOLDER_NAME = "vectors"
COLLECTION = "chunks"
COSINE: CreateCollectionConfiguration = {"hnsw": {"space": "cosine"}}


class VectorStore:
    """Chunk ids and vectors, by document; safe to use from several threads.

    A process that holds a Chroma folder open does not see what another process writes there, so
    readers call ``reopen`` when the catalog's generation has moved.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FOLDER_NAME
        self._lock = threading.RLock()
        self._open()

    def upsert(self, document: str, ids: Sequence[str], vectors: Vectors) -> None:
        """Write a document's vectors [n, dimension]; writing the same again changes nothing."""
        with self._lock:
            batch = self._client.get_max_batch_size()  # a larger call fails
            for start in range(0, len(ids), batch):
                part = list(ids[start : start + batch])
                self._collection.upsert(
                    ids=part,
                    embeddings=vectors[start : start + batch],
                    metadatas=[{"document": document}] * len(part),
                )

    def remove(self, document: str) -> None:
        """Remove all vectors of a document."""
        with self._lock:
            self._collection.delete(where={"document": document})

    def nearest(
        self, vector: Vectors, *, top: int, documents: Sequence[str] | None
    ) -> list[tuple[str, float]]:
        """Chunk ids with their cosine similarity to ``vector`` [dimension], best first."""
        where = {"document": {"$in": list(documents)}} if documents is not None else None
        with self._lock:
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
        with self._lock:
            return set(self._collection.get(where={"document": document}, include=[])["ids"])

    def count(self) -> int:
        """How many vectors are stored."""
        with self._lock:
            return self._collection.count()

    def reopen(self) -> None:
        """See what other processes have written."""
        with self._lock:
            SharedSystemClient.clear_system_cache()
            self._open()

    def _open(self) -> None:
        settings = Settings(anonymized_telemetry=False)
        try:
            self._client = chromadb.PersistentClient(str(self.path), settings=settings)
            self._collection = self._client.get_or_create_collection(
                COLLECTION, configuration=COSINE, embedding_function=None
            )
        except Exception as error:
            raise LibraryError(
                f"The vectors at {self.path} cannot be opened ({error}); move that folder away "
                "and ingest again."
            ) from error
