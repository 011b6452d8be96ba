"""Where quotes stand on the picture of a page, whatever the page's origin and rotation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pypdfium2 as pdfium
import streamlit as st

from app.ui.viewer.source import NoPictureError, drawing, pdf_to_draw
from ingest.library import Library
from ingest.readers.content import Page, Rectangle
from ingest.readers.pdf_open import open_pdf
from ingest.readers.pdf_picture import rectangles_of
from ingest.readers.places import read_places

STEPS = 100_000  # to each side of a page; PDFium gives places in whole steps
MARGIN = 0.002  # of the page's width, around a marked line
MARKS_KEPT = 500


@dataclass(frozen=True)
class Box:
    """A part of a page's picture in shares of its width and height, from its upper left corner.

    ``label`` is written at the box, ``tint`` is the number of its colour.
    """

    left: float
    top: float
    width: float
    height: float
    label: str = ""
    tint: int = 0

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height


def page_marks(
    library: Library, document_id: str, page: int, quotes: tuple[str, ...]
) -> tuple[Box, ...]:
    """The lines of ``quotes`` on the 1-based ``page``, a box each, in the order of the quotes.

    Raises NoPictureError as ``page_image`` does.
    """
    path = pdf_to_draw(library, document_id)
    read = library.page(document_id, page)
    if read is None:
        raise NoPictureError("The document is no longer in the library.")
    return _marks(document_id, read, quotes, path)


@st.cache_data(show_spinner=False, max_entries=MARKS_KEPT)
def _marks(
    document_id: str,  # noqa: ARG001 - the file's sha256, part of the cache's key
    page: Page,
    quotes: tuple[str, ...],
    _path: Path,
) -> tuple[Box, ...]:
    with drawing(_path) as passwords, open_pdf(_path, passwords) as document:
        sheet = document[page.number - 1]
        return boxes_on(sheet, _parts(sheet, page, quotes))


def boxes_on(sheet: pdfium.PdfPage, parts: Iterable[Rectangle]) -> tuple[Box, ...]:
    """Rectangles of an open page, in points, as boxes of its picture: one a line."""
    to_shares = pdfium.PdfPosConv(sheet, (0, 0, STEPS, STEPS, 0))
    aspect = sheet.get_width() / sheet.get_height()
    lines = one_box_a_line([_box(part, to_shares) for part in parts], aspect)
    return tuple(box for line in lines if (box := _on_the_page(line, aspect)) is not None)


def _parts(sheet: pdfium.PdfPage, page: Page, quotes: Sequence[str]) -> Iterable[Rectangle]:
    """The quotes' parts: of OCR's text as they were stored, of other text as the file has them."""
    stored = {quote: read_places(page, quote) for quote in quotes}
    others = [quote for quote in quotes if not stored[quote]]
    found = stored | dict(zip(others, rectangles_of(sheet, others), strict=True))
    return [part for quote in quotes for part in found[quote]]


def _box(part: Rectangle, to_shares: pdfium.PdfPosConv) -> Box:
    x1, y1 = to_shares.to_bitmap(part.left, part.top)
    x2, y2 = to_shares.to_bitmap(part.right, part.bottom)
    left, top, right, bottom = (
        edge / STEPS for edge in (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
    )
    return Box(left, top, right - left, bottom - top)


def one_box_a_line(boxes: Iterable[Box], aspect: float) -> list[Box]:
    """Boxes side by side with at most a space between them put together.

    ``aspect`` is the page's width by its height.
    """
    lines: list[Box] = []
    for box in boxes:
        grown, index = box, len(lines)
        while (near := _first_on_line(lines, grown, aspect)) is not None:
            grown, index = _around(lines.pop(near), grown), min(index, near)
        lines.insert(index, grown)
    return lines


def _first_on_line(lines: Sequence[Box], box: Box, aspect: float) -> int | None:
    """The first of ``lines`` that ``box`` goes on with."""
    for index, line in enumerate(lines):
        overlap = min(line.bottom, box.bottom) - max(line.top, box.top)
        gap = max(line.left, box.left) - min(line.right, box.right)
        same_row = overlap > min(line.height, box.height) / 2
        if same_row and gap * aspect <= max(line.height, box.height):
            return index
    return None


def _around(one: Box, other: Box) -> Box:
    left, top = min(one.left, other.left), min(one.top, other.top)
    right, bottom = max(one.right, other.right), max(one.bottom, other.bottom)
    return replace(one, left=left, top=top, width=right - left, height=bottom - top)


def _on_the_page(box: Box, aspect: float) -> Box | None:
    """The box with a margin, as far as it is on the page."""
    across, down = MARGIN, MARGIN * aspect
    left, top = max(box.left - across, 0.0), max(box.top - down, 0.0)
    right, bottom = min(box.right + across, 1.0), min(box.bottom + down, 1.0)
    if right <= left or bottom <= top:
        return None
    return replace(box, left=left, top=top, width=right - left, height=bottom - top)
