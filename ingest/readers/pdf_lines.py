"""The text that PDFium gives of a page -> its lines, and where they stand."""

from __future__ import annotations

import ctypes
import re
import struct
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw

from ingest.readers import pdf_calls
from ingest.readers.clean_text import LINE_END_HYPHEN
from ingest.readers.content import Rectangle

LINES = re.compile(f"[^\r\n{LINE_END_HYPHEN}]+{LINE_END_HYPHEN}?")
WORDS = re.compile(r"\S+")


BOLD_NAME = re.compile(rb"bold|black|heavy|demi", re.IGNORECASE)
BOLD_WEIGHT = 600
FONT_NAME_LENGTH = 128
RECTANGLE = struct.Struct("4f")  # of PDFium: left, top, right, bottom; all four are read at once


class Box(NamedTuple):
    """A part of a page in PDF points; a character's is as tall as its font."""

    left: float
    bottom: float
    right: float
    top: float


class Line(NamedTuple):
    """A line, or a part of one; ``start`` and ``end`` count characters of the raw text."""

    start: int
    end: int
    box: Box


class RawText:
    """A page's text as PDFium gives it, in the order of the file, with the places of characters."""

    def __init__(self, text_page: pdfium.PdfTextPage) -> None:
        self.text_page = text_page
        self.text: str = text_page.get_text_range()
        self.handle = text_page.raw
        self._counts_agree = text_page.count_chars() == len(self.text)
        self.number = pdf_calls.as_number(self.handle)
        self._rectangle = pdfium_raw.FS_RECTF()
        self._place = ctypes.addressof(self._rectangle)

    def index_in_pdfium(self, index: int) -> int:
        """PDFium's number for a character of ``text``, which lacks those without meaning."""
        if self._counts_agree:
            return index
        found: int = pdfium_raw.FPDFText_GetCharIndexFromTextIndex(self.handle, index)
        return found if found >= 0 else index

    def box(self, index: int) -> Box:
        """Where a character stands."""
        return Box(*self._edges(index))

    def _edges(self, index: int) -> tuple[float, float, float, float]:
        number = index if self._counts_agree else self.index_in_pdfium(index)
        if not pdf_calls.letter_box(self.number, number, self._place):
            return 0.0, 0.0, 0.0, 0.0
        left, top, right, bottom = RECTANGLE.unpack(self._rectangle)
        return left, bottom, right, top

    def is_bold(self, index: int) -> bool:
        """Whether a character's font is bold, by its name or its weight."""
        number = self.index_in_pdfium(index)
        weight: int = pdfium_raw.FPDFText_GetFontWeight(self.handle, number)
        if weight >= BOLD_WEIGHT:
            return True
        name, flags = ctypes.create_string_buffer(FONT_NAME_LENGTH), ctypes.c_int()
        pdfium_raw.FPDFText_GetFontInfo(self.handle, number, name, FONT_NAME_LENGTH, flags)
        return BOLD_NAME.search(name.value) is not None

    def span_box(self, start: int, end: int) -> Box:
        """Where the characters from ``start`` to ``end`` stand, all on one line."""
        left, bottom, right, top = first = self._edges(start)
        last_left, last_bottom, last_right, last_top = (
            first if end == start + 1 else self._edges(end - 1)
        )
        return Box(
            left if left < last_left else last_left,
            bottom if bottom < last_bottom else last_bottom,
            right if right > last_right else last_right,
            top if top > last_top else last_top,
        )

    def rectangles(self, start: int, end: int) -> list[Rectangle]:
        """What the characters from ``start`` to ``end`` cover, a line in one or more rectangles."""
        first, last = self.index_in_pdfium(start), self.index_in_pdfium(end - 1)
        count = self.text_page.count_rects(first, last - first + 1)
        return [Rectangle(*self.text_page.get_rect(index)) for index in range(count)]

    def lines(self) -> list[Line]:
        """The page's lines in the order of the file, without the white space around them."""
        lines = []
        for match in LINES.finditer(self.text):
            part = match[0]
            start = match.start() + len(part) - len(part.lstrip())
            end = match.end() - len(part) + len(part.rstrip())
            if start < end:
                lines.append(Line(start, end, self.span_box(start, end)))
        return lines

    def words(self, line: Line) -> list[Line]:
        """The words of a line, with the place of each."""
        spans = [match.span() for match in WORDS.finditer(self.text, line.start, line.end)]
        return [Line(start, end, self.span_box(start, end)) for start, end in spans]


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds all of ``boxes``."""
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return Box(min(lefts), min(bottoms), max(rights), max(tops))


def joined(raw: str, lines: Sequence[Line]) -> str:
    """The text of ``lines``; where one follows the other in the file, with what is between."""
    parts = [raw[lines[0].start : lines[0].end]] if lines else []
    for line, following in pairwise(lines):
        parts += [_between(raw, line, following), raw[following.start : following.end]]
    return "".join(parts)


def _between(raw: str, line: Line, following: Line) -> str:
    if following.start < line.end:
        return "\n"
    between = raw[line.end : following.start]
    if not between.strip():
        return between
    return "\n" if "\n" in between or LINE_END_HYPHEN in between else " "
