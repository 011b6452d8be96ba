"""One PDF file -> its pages' text, labels, title and outline.

PDFium reads (hundreds of pages a second); where it cannot open a file, cannot read a page or finds
no text at all, pypdf gives the second opinion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pypdfium2 as pdfium

from ingest.errors import UnreadableDocument
from ingest.readers import pdf_second_opinion as second_opinion
from ingest.readers.clean_text import clean_text
from ingest.readers.content import (
    EMPTY,
    HIDDEN,
    OUTSIDE_PAGES,
    REPEATED,
    Heading,
    LeftOut,
    Page,
    ReadOrder,
    SourceContent,
)
from ingest.readers.line_end_hyphens import join_cut_words
from ingest.readers.ocr import INSTALL, is_installed
from ingest.readers.pdf_headings import find_headings
from ingest.readers.pdf_lines import Line, joined
from ingest.readers.pdf_ocr import NOTHING_READ, PictureText, read_pictures, with_lines, with_places
from ingest.readers.pdf_open import open_pdf
from ingest.readers.pdf_page import PageLayout, read_layout
from ingest.readers.pdf_title import document_title
from ingest.readers.repeated_lines import repeated_lines

NO_PAGES = "it has no pages"
NO_TEXT = "none of its pages has a text layer"
NEEDS_OCR = f"{NO_TEXT}; to read scanned pages, {INSTALL}"
OCR_IS_OFF = f"{NO_TEXT}; to read scanned pages, set ocr = true in settings"
NO_TEXT_IN_PICTURES = f"{NO_TEXT}, and OCR found no text in its pictures"

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
        content = second_opinion.read_with_pypdf(path, order)
    if not content.pages:
        raise UnreadableDocument(NO_PAGES)
    if not _has_text(content) and content.reader == "pdfium":
        content = _text_that_pdfium_misses(path, order) or content
    if not _has_text(content):
        raise UnreadableDocument(_why_no_text(content, order))
    return content


def _why_no_text(content: SourceContent, order: ReadOrder) -> str:
    if not order.ocr:
        return OCR_IS_OFF
    if not is_installed():
        return NEEDS_OCR
    problems = (left.reason for page in content.pages for left in page.left_out if left.reason)
    problem = next(problems, "")
    return f"{NO_TEXT} ({problem})" if problem else NO_TEXT_IN_PICTURES


def _has_text(content: SourceContent) -> bool:
    return any(page.text.strip() for page in content.pages)


def _text_that_pdfium_misses(path: Path, order: ReadOrder) -> SourceContent | None:
    try:
        content = second_opinion.read_with_pypdf(path, order)
    except UnreadableDocument:
        return None
    return content if _has_text(content) else None


@dataclass(frozen=True)
class _Sheet:
    """One page as read; without a layout the text of ``page`` is that of the second opinion."""

    page: Page
    layout: PageLayout | None = None
    pictures: PictureText = NOTHING_READ


def _read_with_pdfium(path: Path, order: ReadOrder) -> SourceContent:
    with open_pdf(path, order.passwords) as document:
        outline = _outline(document)
        reading = _Reading(
            document, path, order, look_for_headings=not outline, ocr=order.ocr and is_installed()
        )
        sheets = [reading.sheet(index) for index in range(len(document))]
        order.on_page(OUTSIDE_PAGES)
        title = _decoded(lambda: document.get_metadata_value("Title"))
    layouts = [sheet.layout for sheet in sheets]
    repeated = repeated_lines(layouts)
    pages = tuple(_pages(sheets, repeated))
    headings = outline or find_headings(layouts, repeated)
    return SourceContent(document_title(title, order.name), pages, headings, "pdfium")


@dataclass(frozen=True)
class _Reading:
    """A document that is being read, page by page."""

    document: pdfium.PdfDocument
    path: Path
    order: ReadOrder
    look_for_headings: bool
    ocr: bool

    def sheet(self, index: int) -> _Sheet:
        """Read a page; a damaged one costs itself."""
        number = index + 1
        label = _decoded(lambda: self.document.get_page_label(index)) or str(number)
        if number in self.order.skipped:
            return _Sheet(second_opinion.lost_page(number, label, self.order.skipped[number]))
        self.order.on_page(number)
        try:
            page = self.document[index]
            layout = read_layout(page, look_for_headings=self.look_for_headings)
            return _Sheet(Page(number, label, ""), layout, self._pictures(page, layout))
        except pdfium.PdfiumError as error:
            return _Sheet(self._second_opinion(number, label, error))

    def _pictures(self, page: pdfium.PdfPage, layout: PageLayout) -> PictureText:
        """What OCR reads, while the page is open."""
        if not self.ocr:
            return NOTHING_READ
        return read_pictures(page, layout.raw, [line.box for line in layout.lines])

    def _second_opinion(self, number: int, label: str, error: pdfium.PdfiumError) -> Page:
        text = second_opinion.page_text(self.path, number, self.order)
        if text.strip():
            return Page(number, label, text)
        return second_opinion.lost_page(number, label, f"PDFium cannot read it ({error})")


def _pages(sheets: Sequence[_Sheet], repeated: Sequence[frozenset[Line]]) -> Iterator[Page]:
    """The pages, by what only the whole document tells: which lines repeat, which words are cut."""
    pages = [_page(sheet, lines) for sheet, lines in zip(sheets, repeated, strict=True)]
    texts = join_cut_words([page.text for page in pages])
    for page, text, sheet in zip(pages, texts, sheets, strict=True):
        yield with_places(replace(page, text=text), sheet.pictures)


def _page(sheet: _Sheet, repeated: frozenset[Line]) -> Page:
    layout = sheet.layout
    if layout is None:
        return sheet.page
    kept = [line for line in layout.lines if line not in repeated] if repeated else layout.lines
    left_out = {
        HIDDEN: layout.hidden,
        REPEATED: [line for line in layout.lines if line in repeated] if repeated else (),
    }
    text = clean_text(joined(layout.raw, kept))
    page = replace(
        sheet.page,
        text=text,
        method="text layer" if text.strip() else "none",
        left_out=tuple(
            LeftOut(reason, clean_text(joined(layout.raw, lines)))
            for reason, lines in left_out.items()
            if lines
        ),
    )
    return with_lines(page, sheet.pictures)


def _outline(document: pdfium.PdfDocument) -> tuple[Heading, ...]:
    headings = []
    for bookmark in document.get_toc(max_depth=OUTLINE_DEPTH):
        destination = bookmark.get_dest()
        index = destination.get_index() if destination else None
        title = " ".join(clean_text(_decoded(bookmark.get_title)).split())
        if title and index is not None and 0 <= index < len(document):
            headings.append(Heading(bookmark.level, title, index + 1))
    return tuple(headings)


def _decoded(read: Callable[[], str]) -> str:
    """A text of the file's structure, empty where it is not valid UTF-16 as it should be."""
    try:
        return read()
    except UnicodeDecodeError:
        return ""
