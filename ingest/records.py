"""What the catalog takes down and gives back: plain data about documents, answers, opinions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

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
class PageChunk:
    """A chunk as it stands on one page; ``number`` counts a document's chunks from 1.

    ``start`` and ``end`` count the characters of the page's text that are the chunk's; ``text`` is
    the whole chunk, which may begin on the page before or go on, on the next.
    """

    id: str
    number: int
    start: int
    end: int
    trail: str
    text: str
    tokens: int
    begins_before: bool
    goes_on: bool


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


ExchangeState = Literal["running", "answered", "failed", "stopped"]


@dataclass(frozen=True)
class OpinionRecord:
    """What somebody said of an answer: good or wrong, why, and what would have been right.

    ``document`` and ``page`` are where that stands: a document's name and a page from 1, or empty
    and 0; ``answerable`` is false where the documents do not answer. ``given`` is in seconds since
    1970.
    """

    good: bool
    reason: str = ""
    correction: str = ""
    document: str = ""
    page: int = 0
    answerable: bool = True
    given: float = 0.0


@dataclass(frozen=True)
class ExchangeRecord:
    """A question of a conversation, and what has come of it.

    Several at one ``place`` (from 1) are variants of each other. ``choices`` and ``answer`` are
    JSON, of which the catalog knows nothing; ``answer`` is empty where there is none. ``documents``
    are the ids of those that the model was shown. ``asked`` is in seconds since 1970.
    """

    id: str
    conversation: str
    place: int
    asked: float
    question: str
    choices: str
    state: ExchangeState
    text: str = ""
    answer: str = ""
    error: str = ""
    documents: tuple[str, ...] = ()
    opinion: OpinionRecord | None = None


@dataclass(frozen=True)
class ConversationRecord:
    """A conversation; ``title`` is its first question where it was not given one.

    ``changed`` is when something was last asked; both times are in seconds since 1970.
    """

    id: str
    title: str
    started: float
    changed: float
