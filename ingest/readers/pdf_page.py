"""One page of a PDF -> its text in reading order, what of it is hidden, and where it all stands.

Ingest reads pages through this module, and so does the picture that shows a quote on its page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pypdfium2 as pdfium

from ingest.readers.pdf_columns import in_reading_order
from ingest.readers.pdf_hidden import split_hidden
from ingest.readers.pdf_lines import Box, Line, RawText, joined

LONGEST_HEADING = 100  # characters
BEGINS = re.compile(r"[^\W_]")
WORD = re.compile(r"[^\W\d_]{3,}")
NOT_AT_THE_END = ".,;:]"  # nor a digit: of a sentence, of a row, of a contents' line
NOT_WITHIN = re.compile(r"[$€£☐☑☒]|\.\.\.|\d,\d")


@dataclass(frozen=True)
class PageLayout:
    """A page as PDFium gives it; ``lines`` are those that can be seen, in reading order.

    ``raw`` is the text in the order of the file. ``sheet`` is the part of the page that is shown.
    ``bold`` are those of the lines that read like a heading and are set in bold letters.
    """

    raw: str
    sheet: Box
    lines: tuple[Line, ...]
    hidden: tuple[Line, ...]
    bold: frozenset[Line] = frozenset()

    def line_text(self, line: Line) -> str:
        """The raw text of one line."""
        return self.raw[line.start : line.end]

    @property
    def hidden_text(self) -> str:
        """The raw text that cannot be seen."""
        return joined(self.raw, self.hidden)


def read_layout(page: pdfium.PdfPage, *, look_for_headings: bool = False) -> PageLayout:
    """Read a page that is open. Raises PdfiumError."""
    raw = RawText(page.get_textpage())
    seen, hidden = split_hidden(page, raw, raw.lines())
    ordered = in_reading_order(raw, seen)
    bold = (
        line
        for line in (ordered if look_for_headings else ())
        if may_be_heading(raw.text[line.start : line.end])
        and raw.is_bold(line.start)
        and raw.is_bold(line.end - 1)
    )
    sheet = Box(*page.get_bbox())
    return PageLayout(raw.text, sheet, tuple(ordered), tuple(hidden), frozenset(bold))


def may_be_heading(text: str) -> bool:
    """Whether a line reads like a heading."""
    return (
        len(text) <= LONGEST_HEADING
        and BEGINS.match(text) is not None
        and not text[0].islower()
        and not (text[-1] in NOT_AT_THE_END or text[-1].isdecimal())
        and WORD.search(text) is not None
        and NOT_WITHIN.search(text) is None
    )
