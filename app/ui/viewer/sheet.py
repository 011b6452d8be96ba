"""What is shown of a page: its picture with marks or, where there is none, its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.page_name import page_name
from app.ui.viewer.page_image import page_image
from app.ui.viewer.page_marks import Box, page_marks
from app.ui.viewer.page_text import Piece, marked_paragraphs
from app.ui.viewer.source import NoPictureError, has_pictures
from ingest.library import Library

GONE = "The document is no longer in the library."
NO_TEXT = "No text was read on this page."


@dataclass(frozen=True)
class Sheet:
    """One page as it is shown; ``name`` says what it is to those who do not see it.

    ``note`` is a sentence above the text, such as why there is no picture.
    """

    name: str
    image: bytes = b""
    boxes: tuple[Box, ...] = ()
    paragraphs: tuple[tuple[Piece, ...], ...] = ()
    note: str = ""


def read_sheet(library: Library, document_id: str, page: int, quotes: Sequence[str]) -> Sheet:
    """The 1-based ``page`` with ``quotes`` marked, as a picture where it can be one."""
    read = library.page(document_id, page)
    if read is None:
        return Sheet("Page", note=GONE)
    name, note = page_name(page, read.label).capitalize(), ""
    try:
        if has_pictures(library, document_id):
            image = page_image(library, document_id, page)
            return Sheet(name, image, page_marks(library, document_id, page, tuple(quotes)))
    except NoPictureError as error:
        note = str(error)
    paragraphs = tuple(tuple(pieces) for pieces in marked_paragraphs(read.text, quotes))
    return Sheet(name, paragraphs=paragraphs, note=note or ("" if paragraphs else NO_TEXT))
