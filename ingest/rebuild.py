"""A library -> the same documents made anew, with the embedder and the settings of now.

A new library is made in a folder inside the old one. At the end its vectors are put beside the old
ones, and the old catalog takes over the new one's content in one transaction, which also says where
the vectors are: whoever looks sees the old library or the new one.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.catalog import Catalog
from ingest.catalog.catalog import FIRST_VECTORS, check_exists
from ingest.discover import content_hash
from ingest.errors import LibraryError
from ingest.library import Library
from ingest.lock import held_lock
from ingest.pipeline import Progress, read_again
from ingest.prepare import PrepareOrder, cut_document
from ingest.readers.content import Heading, SourceContent
from ingest.records import DocumentRecord, NewDocument, SourceFile
from ingest.repair import STAGING_FOLDER, new_vectors_name, repair
from ingest.settings import IngestSettings


@dataclass(frozen=True)
class Rebuilt:
    """What was made anew: how many documents from their files and from the stored text."""

    from_files: int
    from_stored_text: int
    pages: int
    chunks: int
    seconds: float


def rebuild(
    folder: Path,
    settings: IngestSettings,
    *,
    wait: float = 0.0,
    on_wait: Callable[[str], None] = lambda _: None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Rebuilt:
    """Make the library in ``folder`` anew; cut short at any moment, the old one is still there.

    A document is read from its file where that is still the same, else taken from the text that
    the library holds. Raises LibraryError where there is no library or it cannot be written.
    """
    started = time.monotonic()
    check_exists(folder)
    staging = folder / STAGING_FOLDER
    with held_lock(folder, wait=wait, on_wait=on_wait):
        shutil.rmtree(staging, ignore_errors=True)
        old = Catalog(folder, upgrade=True)
        try:
            with Library(staging, settings, create=True) as new:
                with new.writing():
                    from_files = _fill(new, old, on_progress)
                _check_whole(new, old)
                new.current_vectors().close()
                documents, pages, chunks = new.catalog.totals()
            _swap(old, staging)
        finally:
            old.close()
        with Library(folder, settings, create=False) as library:
            repair(library)
            library.catalog.scrub()  # its file still has room for both libraries
    seconds = time.monotonic() - started
    return Rebuilt(from_files, documents - from_files, pages, chunks, seconds)


def _fill(new: Library, old: Catalog, on_progress: Callable[[Progress], None]) -> int:
    """Put all documents of the old library into the new one; returns how many were read anew."""
    documents = old.documents()
    readable = [
        (file, document.id)
        for document in documents
        if (file := _unchanged_file(old, document.id)) is not None
    ]
    read_again(readable, new, on_progress=on_progress)
    from_files = new.catalog.totals()[0]
    for document in documents:
        files = old.source_files(document.id)
        if not new.catalog.holds(document.id):
            new.add([_from_stored_text(new, old, document, files[0])])
        new.point_files([(file, document.id) for file in files])
    return from_files


def _unchanged_file(old: Catalog, document: str) -> SourceFile | None:
    for file in old.source_files(document):
        try:
            if content_hash(file.path) == document:
                return file
        except OSError:
            continue
    return None


def _from_stored_text(
    new: Library, old: Catalog, document: DocumentRecord, file: SourceFile
) -> NewDocument:
    """A document cut anew from its stored pages, under the headings that its passages had."""
    content = SourceContent(
        title=document.title,
        pages=old.pages(document.id),
        outline=tuple(_headings(old.trails(document.id))),
        reader=document.reader,
    )
    order = PrepareOrder(file, document.id, new.embedder_folder, new.settings.chunk_tokens)
    return cut_document(content, order)


def _headings(trails: Sequence[tuple[int, str]]) -> Iterator[Heading]:
    """The outline that gives these trails (page and trail of each passage, in order)."""
    above: list[str] = []
    for page, trail in trails:
        names = trail.split(" > ") if trail else []
        if names != above:
            pairs = enumerate(zip(above, names, strict=False))
            first_other = next((level for level, (old, new) in pairs if old != new), len(above))
            first = min(first_other, max(0, len(names) - 1))
            for level, title in enumerate(names[first:], first):
                yield Heading(level, title, page)
        above = names


def _check_whole(new: Library, old: Catalog) -> None:
    missing = {document.id for document in old.documents()} - {d.id for d in new.documents()}
    if missing:
        raise LibraryError(
            f"{len(missing)} documents could not be made anew; the library is as it was."
        )


def _swap(old: Catalog, staging: Path) -> None:
    """Let the old catalog take over the new library's content and vectors."""
    folder = old.path.parent
    vectors = new_vectors_name(folder)
    (staging / FIRST_VECTORS).rename(folder / vectors)
    old.replace_with(staging, vectors)
