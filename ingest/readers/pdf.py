"""One PDF file -> its pages' text, labels, title and outline.

PDFium reads (hundreds of pages a second); where it cannot open a file, pypdf gives the second
opinion, which is slower and repairs other kinds of damage.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import pypdfium2 as pdfium

from ingest.errors import UnreadableDocument
from ingest.readers.clean_text import clean_text
from ingest.readers.content import EMPTY, Heading, LeftOut, Page, ReadOrder, SourceContent

if TYPE_CHECKING:
    import pypdf

ENCRYPTED = "it is encrypted and needs a password"
NO_PAGES = "it has no pages"
NO_TEXT = "none of its pages has a text layer (scanned pages need OCR)"

OUTLINE_DEPTH = 6


def read_pdf(path: Path, order: ReadOrder) -> SourceContent:
    """Read a PDF file with PDFium, or with pypdf where PDFium fails.

    Raises UnreadableDocument with the reason: encrypted, empty, no pages, no text or damaged.
    """
    if path.stat().st_size == 0:
        raise UnreadableDocument(EMPTY)
    try:
        content = _read_with_pdfium(path, order)
    except pdfium.PdfiumError:
        content = _read_with_pypdf(path, order)
    if not content.pages:
        raise UnreadableDocument(NO_PAGES)
    if not any(page.text.strip() for page in content.pages):
        raise UnreadableDocument(NO_TEXT)
    return content


def _read_with_pdfium(path: Path, order: ReadOrder) -> SourceContent:
    with pdfium.PdfDocument(path) as document:
        pages = tuple(_pdfium_page(document, index, order) for index in range(len(document)))
        outline = _pdfium_outline(document)
        title = _decoded(lambda: document.get_metadata_value("Title"))
        return SourceContent(_title(title, order.name), pages, outline, "pdfium")


def _pdfium_page(document: pdfium.PdfDocument, index: int, order: ReadOrder) -> Page:
    number = index + 1
    label = _decoded(lambda: document.get_page_label(index)) or str(number)
    if number in order.skipped:
        return _lost_page(number, label, order.skipped[number])
    order.on_page(number)
    try:
        text, _ = clean_text(document[index].get_textpage().get_text_range())
    except pdfium.PdfiumError as error:
        return _lost_page(number, label, f"PDFium cannot read it ({error})")
    return Page(number, label, text, "text layer" if text.strip() else "none")


def _lost_page(number: int, label: str, reason: str) -> Page:
    """A damaged page costs itself; the ledger says why it gave no text."""
    return Page(number, label, "", "none", (LeftOut(reason, ""),))


def _pdfium_outline(document: pdfium.PdfDocument) -> tuple[Heading, ...]:
    headings = []
    for bookmark in document.get_toc(max_depth=OUTLINE_DEPTH):
        destination = bookmark.get_dest()
        index = destination.get_index() if destination else None
        title = " ".join(clean_text(_decoded(bookmark.get_title))[0].split())
        if title and index is not None and 0 <= index < len(document):
            headings.append(Heading(bookmark.level, title, index + 1))
    return tuple(headings)


def _read_with_pypdf(path: Path, order: ReadOrder) -> SourceContent:
    """The second opinion; every failure of pypdf becomes an UnreadableDocument."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableDocument(ENCRYPTED)
        labels = reader.page_labels
        pages = tuple(
            _pypdf_page(page, number, label, order)
            for number, (page, label) in enumerate(zip(reader.pages, labels, strict=True), 1)
        )
        title = str(reader.metadata.title or "") if reader.metadata else ""
        return SourceContent(_title(title, order.name), pages, (), "pypdf")
    except UnreadableDocument:
        raise
    except Exception as error:
        kind = "encrypted in a way" if "Decrypt" in type(error).__name__ else "damaged in a way"
        raise UnreadableDocument(
            f"it is {kind} that neither PDFium nor pypdf can read ({_first_line(error)})"
        ) from error


def _pypdf_page(page: pypdf.PageObject, number: int, label: str, order: ReadOrder) -> Page:
    if number in order.skipped:
        return _lost_page(number, label, order.skipped[number])
    order.on_page(number)
    text, _ = clean_text(page.extract_text())
    return Page(number, label, text, "text layer" if text.strip() else "none")


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
