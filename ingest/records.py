"""What the catalog takes down and gives back: plain data about files, documents, exemplars."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ingest.chunk import Chunk
from ingest.readers.content import LeftOut, Method, Page


@dataclass(frozen=True)
class SourceFile:
    """One file on disk as it was when it was looked at; ``name`` is what users see."""

    path: Path
    name: str
    size: int
    modified: int


@dataclass(frozen=True)
class KnownFile:
    """A file that the catalog knows, and the document that it held."""

    document: str
    size: int
    modified: int


@dataclass(frozen=True)
class DocumentRecord:
    """One document of the library; ``paths`` are the files that hold it."""

    id: str
    name: str
    title: str
    pages: int
    chunks: int
    bytes: int
    reader: str
    added: float
    paths: tuple[Path, ...]


@dataclass(frozen=True)
class LedgerLine:
    """What became of one page: how its text was had, how much it is, and what was kept out."""

    page: int
    method: Method
    characters: int
    chunks: int
    tokens: int
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True)
class NewDocument:
    """All that the catalog takes down of a document, at once."""

    id: str
    title: str
    reader: str
    file: SourceFile
    pages: tuple[Page, ...]
    chunks: tuple[Chunk, ...]
    ledger: tuple[LedgerLine, ...]


@dataclass(frozen=True)
class ChunkRecord:
    """A chunk as search gives it back, with its document's name and title.

    ``page_break`` is where in ``text`` the last page begins: its end if there is one page only.
    """

    id: str
    document_id: str
    document: str
    title: str
    trail: str
    page: int
    last_page: int
    page_label: str
    last_page_label: str
    page_break: int
    start: int
    end: int
    text: str

    def page_of(self, quote: str) -> tuple[int, str]:
        """Number and label of the page that a part of the text begins on."""
        pattern = r"\s+".join(re.escape(word) for word in quote.split())
        if quote[:1].isalnum():
            pattern = rf"(?<!\w){pattern}"
        if quote[-1:].isalnum():
            pattern = rf"{pattern}(?!\w)"
        found = re.search(pattern, self.text)
        if found is not None and found.start() >= self.page_break:
            return self.last_page, self.last_page_label
        return self.page, self.page_label


@dataclass(frozen=True)
class CitedPassage:
    """The text of a passage that an exemplar's answer cites, and the id of its document."""

    document: str
    text: str


@dataclass(frozen=True)
class ExemplarRecord:
    """An answer that the user liked; its marks are the numbers of ``passages``, from 1.

    ``added`` is in seconds since 1970.
    """

    id: str
    question: str
    answer: str
    passages: tuple[CitedPassage, ...]
    added: float
