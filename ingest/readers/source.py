"""One source file -> its pages, by the reader for its kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ingest.readers.content import ReadOrder, SourceContent
from ingest.readers.pdf import read_pdf

READERS: dict[str, Callable[[Path, ReadOrder], SourceContent]] = {".pdf": read_pdf}
ENDINGS = tuple(READERS)


def read_source(path: Path, order: ReadOrder) -> SourceContent:
    """Read one file; its ending says how. Raises UnreadableDocument with the reason."""
    return READERS[path.suffix.lower()](path, order)
