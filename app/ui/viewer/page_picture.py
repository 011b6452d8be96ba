"""A picture of a document's page with quotes marked on it."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Sequence
from pathlib import Path

import pypdfium2 as pdfium
import streamlit as st
from PIL import Image, ImageDraw

from ingest.errors import CiteboundError, UnreadableDocument
from ingest.library import Library
from ingest.passwords import FILE_VARIABLE, environment_passwords
from ingest.readers.content import Page
from ingest.readers.pdf_open import open_pdf
from ingest.readers.pdf_picture import find_rectangles, render_page
from ingest.readers.places import read_places

WIDTH = 1000  # pixels
MARKER = (255, 214, 0, 90)  # yellow that the text shows through
EDGE = (210, 210, 208, 255)  # so that white paper stands out from a white page
MARGIN = 2  # pixels around a marked line
PICTURES_KEPT = 64

_one_at_a_time = threading.Lock()  # PDFium is not made for threads


class NoPictureError(CiteboundError):
    """A page that cannot be shown as a picture; says why."""


def page_picture(library: Library, document_id: str, page: int, quotes: tuple[str, ...]) -> bytes:
    """A PNG of the 1-based ``page`` with ``quotes`` marked.

    Any copy of the document will do. Raises NoPictureError where none is there as it was ingested,
    or where it cannot be drawn.
    """
    paths = library.source_paths(document_id)
    read = library.page(document_id, page)
    if not paths or read is None:
        raise NoPictureError("The document is no longer in the library.")
    present = [path for path in paths if path.is_file()]
    if not present:
        raise NoPictureError(
            f"There is no picture: the file is no longer at {paths[0]}. Ingest its new folder to "
            "have it back."
        )
    problems: list[NoPictureError] = []
    for path in present:
        try:
            status = path.stat()
            return _picture(path, status.st_mtime_ns, status.st_size, document_id, read, quotes)
        except OSError as error:
            problems.append(NoPictureError(f"There is no picture: {path} is gone ({error})."))
        except NoPictureError as error:
            problems.append(error)
    raise problems[0]


def has_pictures(library: Library, document_id: str) -> bool:
    """Whether a document is of the kind whose pages can be drawn."""
    return any(path.suffix.lower() == ".pdf" for path in library.source_paths(document_id))


@st.cache_data(show_spinner=False, max_entries=PICTURES_KEPT)
def _picture(
    path: Path,
    modified: int,  # noqa: ARG001 - part of the cache's key
    size: int,  # noqa: ARG001 - part of the cache's key
    document_id: str,
    page: Page,
    quotes: tuple[str, ...],
) -> bytes:
    try:
        if hashlib.sha256(path.read_bytes()).hexdigest() != document_id:
            raise NoPictureError(f"There is no picture: {path} has changed since it was ingested.")
        with _one_at_a_time:
            return _draw(path, page, quotes, environment_passwords())
    except (OSError, pdfium.PdfiumError, UnreadableDocument) as error:
        if "password" in str(error):
            raise NoPictureError(
                f"There is no picture: {path} is encrypted and its password is not kept; start "
                f"the page with {FILE_VARIABLE} naming a file that holds it."
            ) from error
        raise NoPictureError(f"There is no picture: {path} cannot be drawn ({error}).") from error


def _draw(path: Path, page: Page, quotes: Sequence[str], passwords: Sequence[str]) -> bytes:
    drawn = render_page(path, page.number, width=WIDTH, passwords=passwords)
    picture = drawn.to_pil().convert("RGBA")
    marks = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    pencil = ImageDraw.Draw(marks)
    for box in _boxes(path, page, quotes, picture.size, passwords):
        pencil.rectangle(box, fill=MARKER)
    pencil.rectangle((0, 0, picture.width - 1, picture.height - 1), outline=EDGE, width=2)
    png = io.BytesIO()
    Image.alpha_composite(picture, marks).convert("RGB").save(png, "PNG")
    return png.getvalue()


def _boxes(
    path: Path, page: Page, quotes: Sequence[str], size: tuple[int, int], passwords: Sequence[str]
) -> list[tuple[int, int, int, int]]:
    """Where quotes stand in a picture of ``size``, whatever the page's origin and rotation."""
    boxes = []
    with open_pdf(path, passwords) as document:
        position = pdfium.PdfPosConv(document[page.number - 1], (0, 0, *size, 0))
        for quote in quotes:
            parts = read_places(page, quote) or find_rectangles(
                path, page.number, quote, passwords=passwords
            )
            for part in parts:
                x1, y1 = position.to_bitmap(part.left, part.top)
                x2, y2 = position.to_bitmap(part.right, part.bottom)
                box = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
                boxes.append((box[0] - MARGIN, box[1] - MARGIN, box[2] + MARGIN, box[3] + MARGIN))
    return boxes
