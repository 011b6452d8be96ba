"""One PDF file -> its pages' text, labels, title and outline.

PDFium reads (hundreds of pages a second); where it cannot open a file, pypdf gives the second
opinion, which is slower and repairs other kinds of damage.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal

import pypdfium2 as pdfium

from ingest.errors import UnreadableDocument

Reader = Literal["pdfium", "pypdf"]

ENCRYPTED = "it is encrypted and needs a password"
EMPTY = "the file is empty"
NO_PAGES = "it has no pages"
NO_TEXT = "none of its pages has a text layer (scanned pages need OCR)"

LIGATURES = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\ufb05": "st", "\ufb06": "st",
}  # fmt: skip
LINE_END_HYPHEN = "\ufffe"  # how PDFium writes a hyphen that ends a line
LEADERS = "._-"  # a longer run only leads the eye from a heading to its page number
OUTLINE_DEPTH = 6
TALLEST_PICTURE = 4000  # pixels; a page can claim to be any size


@dataclass(frozen=True)
class Page:
    """The text of one page; ``number`` is 1-based, ``label`` is what is printed on it."""

    number: int
    label: str
    text: str


@dataclass(frozen=True)
class Heading:
    """One entry of the outline: ``level`` 0 is the top, ``page`` is 1-based."""

    level: int
    title: str
    page: int


@dataclass(frozen=True)
class PdfContent:
    """All that was read of one PDF file."""

    title: str
    pages: tuple[Page, ...]
    outline: tuple[Heading, ...]
    reader: Reader


@dataclass(frozen=True)
class Rectangle:
    """A part of a page in PDF points, origin at the lower left of the page."""

    left: float
    bottom: float
    right: float
    top: float


def read_pdf(path: Path, *, name: str | None = None) -> PdfContent:
    """Read a PDF file with PDFium, or with pypdf where PDFium fails.

    ``name`` is the file's name as users know it, if that is not the path's.
    Raises UnreadableDocument with the reason: encrypted, empty, no pages, no text or damaged.
    """
    if path.stat().st_size == 0:
        raise UnreadableDocument(EMPTY)
    try:
        content = _read_with_pdfium(path, name or path.name)
    except pdfium.PdfiumError:
        content = _read_with_pypdf(path, name or path.name)
    if not content.pages:
        raise UnreadableDocument(NO_PAGES)
    if not any(page.text.strip() for page in content.pages):
        raise UnreadableDocument(NO_TEXT)
    return content


def clean_text(raw: str) -> tuple[str, list[int]]:
    """Make a page's raw text fit for search; also give each character's index in the raw text.

    Line ends become ``\\n``, ligatures letters; hyphens that only a line end made, control
    characters, lone surrogates and the rest of a dot leader go.
    """
    kept: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(raw):
        if character == LINE_END_HYPHEN:
            follower = raw[index + 1 : index + 4].lstrip("\r\n")[:1]
            character = "" if follower.islower() else "-"
        elif character in LIGATURES:
            character = LIGATURES[character]
        elif (character < " " and character != "\n") or "\ud800" <= character <= "\udfff":
            character = " " if character == "\t" else ""
        elif character in LEADERS and kept[-3:] == [character] * 3:
            character = ""
        if not character:
            continue
        kept.append(character)
        origins.extend([index] * len(character))
    return "".join(kept), origins


def find_rectangles(path: Path, page: int, text: str) -> list[Rectangle]:
    """Where ``text`` (a part of a page's cleaned text) stands on the 1-based ``page``.

    Empty where the text is not on the page as it is now. Raises UnreadableDocument as
    ``render_page`` does.
    """
    with _opened(path) as document:
        return _rectangles(document[page - 1].get_textpage(), text)


def render_page(path: Path, page: int, *, width: int = 900) -> pdfium.PdfBitmap:
    """A picture of the 1-based ``page``, ``width`` pixels wide unless that makes it too tall.

    Raises UnreadableDocument where the file is gone or PDFium cannot show it.
    """
    with _opened(path) as document:
        sheet = document[page - 1]
        wide, high = max(sheet.get_width(), 1.0), max(sheet.get_height(), 1.0)
        return sheet.render(scale=min(width / wide, TALLEST_PICTURE / high))


@contextmanager
def _opened(path: Path) -> Iterator[pdfium.PdfDocument]:
    try:
        with pdfium.PdfDocument(path) as document:
            yield document
    except FileNotFoundError as error:
        raise UnreadableDocument("the file is not where it was") from error
    except (pdfium.PdfiumError, OSError) as error:
        raise UnreadableDocument(f"its pages cannot be shown ({error})") from error


def _rectangles(text_page: pdfium.PdfTextPage, text: str) -> list[Rectangle]:
    cleaned, origins = clean_text(text_page.get_text_range())
    words = r"\s+".join(re.escape(word) for word in text.split())
    match = re.search(words, cleaned) if words else None
    if match is None:
        return []
    first, last = origins[match.start()], origins[match.end() - 1]
    count = text_page.count_rects(first, last - first + 1)
    return [Rectangle(*text_page.get_rect(index)) for index in range(count)]


def _read_with_pdfium(path: Path, name: str) -> PdfContent:
    with pdfium.PdfDocument(path) as document:
        pages = tuple(_pdfium_page(document, index) for index in range(len(document)))
        outline = _pdfium_outline(document)
        title = _decoded(lambda: document.get_metadata_value("Title"))
        return PdfContent(_title(title, name), pages, outline, "pdfium")


def _pdfium_page(document: pdfium.PdfDocument, index: int) -> Page:
    label = _decoded(lambda: document.get_page_label(index)) or str(index + 1)
    try:
        text, _ = clean_text(document[index].get_textpage().get_text_range())
    except pdfium.PdfiumError:
        text = ""  # one damaged page costs itself; the ledger shows that it gave no text
    return Page(index + 1, label, text)


def _pdfium_outline(document: pdfium.PdfDocument) -> tuple[Heading, ...]:
    headings = []
    for bookmark in document.get_toc(max_depth=OUTLINE_DEPTH):
        destination = bookmark.get_dest()
        index = destination.get_index() if destination else None
        title = " ".join(clean_text(_decoded(bookmark.get_title))[0].split())
        if title and index is not None and 0 <= index < len(document):
            headings.append(Heading(bookmark.level, title, index + 1))
    return tuple(headings)


def _read_with_pypdf(path: Path, name: str) -> PdfContent:
    """The second opinion; every failure of pypdf becomes an UnreadableDocument."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableDocument(ENCRYPTED)
        labels = reader.page_labels
        pages = tuple(
            Page(number, label, clean_text(page.extract_text())[0])
            for number, (page, label) in enumerate(zip(reader.pages, labels, strict=True), 1)
        )
        title = str(reader.metadata.title or "") if reader.metadata else ""
        return PdfContent(_title(title, name), pages, (), "pypdf")
    except UnreadableDocument:
        raise
    except Exception as error:
        kind = "encrypted in a way" if "Decrypt" in type(error).__name__ else "damaged in a way"
        raise UnreadableDocument(
            f"it is {kind} that neither PDFium nor pypdf can read ({_first_line(error)})"
        ) from error


def _decoded(read: Callable[[], str]) -> str:
    """A text of the file's structure, empty where it is not valid UTF-16 as it should be."""
    try:
        return read()
    except UnicodeDecodeError:
        return ""


def _title(metadata_title: str, name: str) -> str:
    """The metadata's title where it reads like one, else the file's name without its ending.

    Many programs write a file name, an accession number or a placeholder as the title.
    """
    title = " ".join(clean_text(metadata_title)[0].split())
    words = re.findall(r"[^\W\d_]{2,}", title)
    looks_like_a_file = re.search(r"\.\w{2,4}$|[\\/]", title)
    untitled = title.lower().startswith(("untitled", "microsoft word -", "powerpoint pres"))
    if not words or looks_like_a_file or untitled:
        return PurePath(name).stem
    return title[:200]


def _first_line(error: Exception) -> str:
    text = str(error).strip().splitlines()
    return (text[0] if text else type(error).__name__)[:120]
