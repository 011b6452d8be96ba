"""A page of a PDF as a picture, and where a text stands on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2 as pdfium

from ingest.errors import UnreadableDocument
from ingest.readers.clean_text import clean_text
from ingest.readers.content import Rectangle

TALLEST_PICTURE = 4000  # pixels; a page can claim to be any size


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
