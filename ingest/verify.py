"""Is a library whole? Both stores against each other, the catalog itself, and the source files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy

from ingest.discover import content_hash
from ingest.errors import LibraryError
from ingest.library import Library
from ingest.lock import current_holder
from ingest.records import SourceFile

SourceState = Literal["same", "changed", "missing"]


@dataclass(frozen=True)
class Verification:
    """What a check found; ``sources`` are the states of all source files.

    ``problems`` are sentences, empty where the library is whole. ``writer`` is who is writing to
    it just now, or None.
    """

    documents: int
    pages: int
    chunks: int
    vectors: int
    problems: tuple[str, ...]
    sources: Mapping[Path, SourceState]
    writer: str | None

    def count(self, state: SourceState) -> int:
        """How many source files are in a state."""
        return Counter(self.sources.values())[state]


@dataclass(frozen=True)
class _Vectors:
    """Which chunks' vectors are stored, under which documents, and what is wrong with them."""

    documents: dict[str, str]
    problems: list[str]


def verify(library: Library) -> Verification:
    """Check a library; reads each store once, and each source file only where it has changed."""
    writer = current_holder(library.folder)
    stored = _read_vectors(library)
    documents, pages, chunks = library.catalog.totals()
    return Verification(
        documents=documents,
        pages=pages,
        chunks=chunks,
        vectors=len(stored.documents),
        problems=(
            *library.catalog.faults(),
            *stored.problems,
            *_disagreements(library, stored.documents, writer),
        ),
        sources=_sources(library),
        writer=writer,
    )


def verify_quickly(library: Library) -> Verification:
    """Compare how many passages and vectors there are; sources and contents are not looked at."""
    writer = current_holder(library.folder)
    documents, pages, chunks = library.catalog.totals()
    problems: list[str] = []
    vectors = 0
    try:
        vectors = library.current_vectors().count()
    except LibraryError as error:
        problems.append(str(error))
    else:
        if vectors != chunks and writer is None:
            problems.append(f"there are {chunks:,} passages and {vectors:,} vectors")
    return Verification(documents, pages, chunks, vectors, tuple(problems), {}, writer)


def _read_vectors(library: Library) -> _Vectors:
    dimension = library.embedder_folder.identity.dimension
    documents: dict[str, str] = {}
    wrong: Counter[str] = Counter()
    try:
        for part in library.current_vectors().everything():
            documents.update(zip(part.ids, part.documents, strict=True))
            if part.vectors.shape[1] != dimension:
                width = part.vectors.shape[1]
                wrong[f"are {width} numbers wide, the embedder's are {dimension}"] += len(part.ids)
            lengths = numpy.linalg.norm(part.vectors, axis=1)
            wrong["hold what is no number"] += int((~numpy.isfinite(lengths)).sum())
            wrong["are zero"] += int((lengths == 0.0).sum())
    except LibraryError as error:
        return _Vectors(documents, [str(error)])
    return _Vectors(
        documents, [f"{_counted(count, 'vector')} {what}" for what, count in wrong.items() if count]
    )


def _disagreements(library: Library, vectors: Mapping[str, str], writer: str | None) -> list[str]:
    """What one store has and the other has not; what a writer at work has not settled is left."""
    chunks = library.catalog.chunk_ids()
    unsettled = set(library.catalog.unsettled())
    missing = Counter(chunks[key] for key in chunks.keys() - vectors.keys())
    orphans = Counter(vectors[key] for key in vectors.keys() - chunks.keys())
    strays = sum(chunks[key] != vectors[key] for key in chunks.keys() & vectors.keys())
    names = {document.id: document.name for document in library.documents()}
    found = [
        f"{names.get(document, document)} lacks {_counted(count, 'vector')}"
        for document, count in missing.items()
    ]
    cut_short = sum(count for document, count in orphans.items() if document in unsettled)
    if cut_short and writer is None:
        found.append(
            f"{_counted(cut_short, 'vector')} of a document that was being written or removed when "
            "its process was ended; the next ingest, remove or forget repairs that"
        )
    if orphans.total() > cut_short:
        found.append(f"{_counted(orphans.total() - cut_short, 'vector')} without a passage")
    if strays:
        found.append(f"{_counted(strays, 'vector')} noted under another document")
    return found


def _sources(library: Library) -> dict[Path, SourceState]:
    return {
        file.path: _source_state(file, document.id)
        for document in library.documents()
        for file in library.catalog.source_files(document.id)
    }


def _source_state(file: SourceFile, document: str) -> SourceState:
    try:
        status = file.path.stat()
        if (status.st_size, status.st_mtime_ns) == (file.size, file.modified):
            return "same"
        return "same" if content_hash(file.path) == document else "changed"
    except OSError:
        return "missing"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
