"""What pypdf makes of a PDF file, or of a page, that PDFium cannot read.

pypdf is some 25 times slower, and repairs other kinds of damage. It gives text without places.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import UnreadableDocument
from ingest.readers.clean_text import clean_text
from ingest.readers.content import LeftOut, Page, ReadOrder, SourceContent
from ingest.readers.line_end_hyphens import join_cut_words
from ingest.readers.pdf_title import document_title

if TYPE_CHECKING:
    import pypdf

ENCRYPTED = "it is encrypted and needs a password; give it with --password or a passwords file"
WRONG_PASSWORD = "it is encrypted, and none of the passwords given opens it"  # noqa: S105


def read_with_pypdf(path: Path, order: ReadOrder) -> SourceContent:
    """Read a whole file. Raises UnreadableDocument, whatever pypdf stumbles over."""
    try:
        reader = _opened(path, order)
        labels = reader.page_labels
        pages = [
            _page(page, number, label, order)
            for number, (page, label) in enumerate(zip(reader.pages, labels, strict=True), 1)
        ]
        title = str(reader.metadata.title or "") if reader.metadata else ""
    except (UnreadableDocument, MemoryError):
        raise  # too large is not damaged
    except Exception as error:
        kind = "encrypted in a way" if "Decrypt" in type(error).__name__ else "damaged in a way"
        raise UnreadableDocument(
            f"it is {kind} that neither PDFium nor pypdf can read ({_first_line(error)})"
        ) from error
    return SourceContent(document_title(title, order.name), tuple(pages), (), "pypdf")


def page_text(path: Path, number: int, order: ReadOrder) -> str:
    """The text of one page, from 1; empty where pypdf cannot read it either."""
    try:
        return clean_text(_opened(path, order).pages[number - 1].extract_text())
    except Exception:  # noqa: BLE001  the caller says why PDFium failed, which tells more
        return ""


def lost_page(number: int, label: str, reason: str) -> Page:
    """A damaged page costs itself; the ledger says why it gave no text."""
    return Page(number, label, "", "none", (LeftOut(reason, ""),))


def _opened(path: Path, order: ReadOrder) -> pypdf.PdfReader:
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = pypdf.PdfReader(path)
    if reader.is_encrypted and not any(map(reader.decrypt, ("", *order.passwords))):
        raise UnreadableDocument(WRONG_PASSWORD if order.passwords else ENCRYPTED)
    return reader


def _page(page: pypdf.PageObject, number: int, label: str, order: ReadOrder) -> Page:
    if number in order.skipped:
        return lost_page(number, label, order.skipped[number])
    order.on_page(number)
    (text,) = join_cut_words([clean_text(page.extract_text())])
    return Page(number, label, text, "text layer" if text.strip() else "none")


def _first_line(error: Exception) -> str:
    text = str(error).strip().splitlines()
    return (text[0] if text else type(error).__name__)[:120]
