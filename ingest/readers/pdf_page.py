"""One page of a PDF -> its text in reading order, what of it is hidden, and where it all stands.

Ingest reads pages through this module, and so does the picture that shows a quote on its page.
"""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2 as pdfium

from ingest.readers.pdf_columns import in_reading_order
from ingest.readers.pdf_hidden import split_hidden
from ingest.readers.pdf_lines import Box, Line, RawText, joined


@dataclass(frozen=True)
class PageLayout:
    """A page as PDFium gives it; ``lines`` are those that can be seen, in reading order.

    ``raw`` is the text in the order of the file. ``sheet`` is the part of the page that is shown.
    """

    raw: str
    sheet: Box
    lines: tuple[Line, ...]
    hidden: tuple[Line, ...]

    def line_text(self, line: Line) -> str:
        """The raw text of one line."""
        return self.raw[line.start : line.end]

    @property
    def hidden_text(self) -> str:
        """The raw text that cannot be seen."""
        return joined(self.raw, self.hidden)


def read_layout(page: pdfium.PdfPage) -> PageLayout:
    """Read a page that is open. Raises PdfiumError."""
    raw = RawText(page.get_textpage())
    seen, hidden = split_hidden(page, raw, raw.lines())
    ordered = in_reading_order(raw, seen)
    return PageLayout(raw.text, Box(*page.get_bbox()), tuple(ordered), tuple(hidden))
