"""A page of a PDF as a picture, and where a text stands on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pypdfium2 as pdfium

from ingest.errors import UnreadableDocument
from ingest.readers.clean_text import essence
from ingest.readers.content import Rectangle
from ingest.readers.pdf_lines import RawText
from ingest.readers.pdf_open import open_pdf
from ingest.readers.pdf_page import PageLayout, read_layout

TALLEST_PICTURE = 4000  # pixels; a page can claim to be any size
LONGEST_BREAK = 8  # characters between two letters that follow each other: spaces, a line end


def find_rectangles(
    path: Path, page: int, text: str, *, passwords: Sequence[str] = ()
) -> list[Rectangle]:
    """Where ``text`` (a part of a page's cleaned text) stands on the 1-based ``page``.

    Empty where the text is not on the page as it is now. Raises UnreadableDocument as
    ``render_page`` does.
    """
    with _opened(path, passwords) as document:
        return rectangles_of(document[page - 1], [text])[0]


def find_all_rectangles(
    path: Path, page: int, texts: Sequence[str], *, passwords: Sequence[str] = ()
) -> list[list[Rectangle]]:
    """Where ``texts``, parts of a page that follow each other, stand on the 1-based ``page``.

    A part that does not stand there as a whole is looked for line by line. Raises
    UnreadableDocument as ``render_page`` does.
    """
    with _opened(path, passwords) as document:
        finder = _Finder(document[page - 1])
        return [finder.next_part(text) for text in texts]


def render_page(
    path: Path, page: int, *, width: int = 900, passwords: Sequence[str] = ()
) -> pdfium.PdfBitmap:
    """A picture of the 1-based ``page``, ``width`` pixels wide unless that makes it too tall.

    Raises UnreadableDocument where the file is gone or PDFium cannot show it.
    """
    with _opened(path, passwords) as document:
        sheet = document[page - 1]
        wide, high = max(sheet.get_width(), 1.0), max(sheet.get_height(), 1.0)
        return sheet.render(scale=min(width / wide, TALLEST_PICTURE / high))


@contextmanager
def _opened(path: Path, passwords: Sequence[str]) -> Iterator[pdfium.PdfDocument]:
    try:
        with open_pdf(path, passwords) as document:
            yield document
    except FileNotFoundError as error:
        raise UnreadableDocument("the file is not where it was") from error
    except (pdfium.PdfiumError, OSError) as error:
        raise UnreadableDocument(f"its pages cannot be shown ({error})") from error


def rectangles_of(page: pdfium.PdfPage, texts: Sequence[str]) -> list[list[Rectangle]]:
    """Where each of ``texts`` (parts of its cleaned text) stands on a page that is open.

    Raises PdfiumError.
    """
    if not texts:
        return []
    finder = _Finder(page)
    return [finder.first(text) for text in texts]


class _Finder:
    """Finds texts on a page, each after the one that was found before."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.kept, self.origins = _essence_with_origins(read_layout(page))
        self.raw = RawText(page.get_textpage())
        self.reached = 0

    def first(self, text: str) -> list[Rectangle]:
        """The rectangles of a text where it stands first on the page."""
        self.reached = 0
        return self.next(text)

    def next(self, text: str) -> list[Rectangle]:
        """The rectangles of a text; none where it does not follow what was found before."""
        wanted = essence(text)
        first = self.kept.find(wanted, self.reached) if wanted else -1
        if first < 0:
            return []
        self.reached = first + len(wanted)
        return [
            rectangle
            for start, end in _runs(self.origins[first : self.reached])
            for rectangle in self.raw.rectangles(start, end)
        ]

    def next_part(self, text: str) -> list[Rectangle]:
        """The rectangles of a text, or of those of its lines that are there."""
        whole = self.next(text)
        return whole or [one for line in text.splitlines() for one in self.next(line)]


def _essence_with_origins(layout: PageLayout) -> tuple[str, list[int]]:
    """What must not be lost of a page's text, and where in the raw text each character stands."""
    kept: list[str] = []
    origins: list[int] = []
    for line in layout.lines:
        for index in range(line.start, line.end):
            characters = essence(layout.raw[index])
            kept.append(characters)
            origins += [index] * len(characters)
    return "".join(kept), origins


def _runs(origins: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Spans of the raw text that follow each other in reading order, ends not counted in."""
    start = before = origins[0]
    for index in origins[1:]:
        if index < before or index > before + LONGEST_BREAK:
            yield start, before + 1
            start = index
        before = index
    yield start, before + 1
