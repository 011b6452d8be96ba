"""What stands in a page's text and no reader of the page can see.

Instructions to a language model are hidden in a document that way: in white on white, invisible,
too small to read, or beside the page. A sample of each line's characters is looked at (every
letter would take longer than reading the page), so a hidden part of ``SAMPLE_STEP`` characters is
always seen; a line where a sample is suspicious is looked at word by word.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from math import hypot

import numpy
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw
from numpy.typing import NDArray

from ingest.readers import pdf_calls
from ingest.readers.pdf_lines import Box, Line, RawText, around
from ingest.readers.pdf_objects import object_boxes, page_objects

SAMPLE_STEP = 24  # characters
TINY_SAMPLES = 4  # letters of a word
LEAST_SIZE = 2.0  # points; smaller letters cannot be read
NEAR_WHITE = 240  # of 255, in each colour
PALE = 232  # of 255; white letters on such a ground cannot be seen
OPAQUE = 255
COLOUR = struct.Struct("4I")
RECTANGLE_SEGMENTS = 5  # of a path
LONGEST_SIDE = 1000  # pixels of the picture in which white text is looked for

SEEN = ""
PALE_LETTERS = "pale"
INVISIBLE = "invisible"
TINY = "tiny"
OUTSIDE = "outside"

UNPAINTED_MODES = (pdfium_raw.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_raw.FPDF_TEXTRENDERMODE_CLIP)
FILLED_MODES = (pdfium_raw.FPDF_TEXTRENDERMODE_FILL, pdfium_raw.FPDF_TEXTRENDERMODE_FILL_CLIP)


def split_hidden(
    page: pdfium.PdfPage, raw: RawText, lines: list[Line]
) -> tuple[list[Line], list[Line]]:
    """Lines, or parts of lines, that can be seen on the page, and those that cannot."""
    look = _Look(page, raw)
    suspects = {line for line in lines if look.suspects(line)}
    if not suspects:
        return lines, []
    seen: list[Line] = []
    hidden: list[Line] = []
    for line in lines:
        for is_hidden, part in look.parts(line) if line in suspects else [(False, line)]:
            (hidden if is_hidden else seen).append(part)
    return seen, hidden


@dataclass(frozen=True)
class _Ground:
    """Something that is painted on a page; plain is a rectangle of one colour."""

    box: Box
    is_plain: bool
    is_pale: bool


class _Look:
    """Looks at the characters of one page."""

    def __init__(self, page: pdfium.PdfPage, raw: RawText) -> None:
        self.page = page
        self.raw = raw
        self.sheet = Box(*page.get_bbox())
        self._colour = (ctypes.c_uint * 4)()  # red, green, blue, alpha: all are read at once
        first = ctypes.addressof(self._colour)
        self._channels = [first + at for at in range(0, 16, 4)]

    def suspects(self, line: Line) -> bool:
        """Whether a sample of the line's characters looks hidden."""
        if self._box_suspicion(line.box):
            return True
        text = self.raw.text
        for index in range(line.start, line.end, SAMPLE_STEP):
            if self._paint_suspicion(index + text[index].isspace()):
                return True
        return False

    def parts(self, line: Line) -> Iterator[tuple[bool, Line]]:
        """The line, cut where its words change from seen to hidden, and whether each is hidden."""
        words = [(self._word_suspicion(word), word) for word in self.raw.words(line)]
        for is_hidden, group in groupby(
            words, lambda item: self._confirmed(*item) if item[0] else False
        ):
            run = [word for _, word in group]
            yield is_hidden, Line(run[0].start, run[-1].end, around(word.box for word in run))

    def _word_suspicion(self, word: Line) -> str:
        return self._box_suspicion(word.box) or self._paint_suspicion(word.start)

    def _box_suspicion(self, box: Box) -> str:
        if box.top - box.bottom < LEAST_SIZE:
            return TINY
        return SEEN if _overlap(box, self.sheet) else OUTSIDE

    def _paint_suspicion(self, index: int) -> str:
        number = self.raw.index_in_pdfium(index)
        text_object = pdf_calls.text_object(self.raw.number, number)
        if not text_object:
            return SEEN
        mode = pdf_calls.render_mode(text_object)
        if mode in UNPAINTED_MODES:
            return INVISIBLE
        if not pdf_calls.fill_colour(text_object, *self._channels):
            return SEEN
        red, green, blue, alpha = COLOUR.unpack(self._colour)
        if mode in FILLED_MODES and (min(red, green, blue) >= NEAR_WHITE or alpha == 0):
            return PALE_LETTERS if alpha else INVISIBLE
        return SEEN

    def _confirmed(self, suspicion: str, word: Line) -> bool:
        """Whether what looks hidden is, for all that lies under it."""
        if suspicion == INVISIBLE:  # a scan's text lies invisible over its picture
            return not any(_overlap(word.box, box) for box in self._pictures)
        if suspicion == PALE_LETTERS:
            return self._stands_on_pale_ground(word.box)
        if suspicion == TINY:
            return self._is_tiny(word)
        return True

    def _is_tiny(self, word: Line) -> bool:
        """By font size and by ink: some fonts do not know how tall they are."""
        matrix = pdfium_raw.FS_MATRIX()
        step = max(1, (word.end - word.start) // TINY_SAMPLES)
        for index in range(word.start, word.end, step):
            number = self.raw.index_in_pdfium(index)
            size = pdfium_raw.FPDFText_GetFontSize(self.raw.handle, number)
            pdfium_raw.FPDFText_GetMatrix(self.raw.handle, number, matrix)
            if size * hypot(matrix.c, matrix.d) >= LEAST_SIZE:
                return False
            left, bottom, right, top = self.raw.text_page.get_charbox(number)
            if max(right - left, top - bottom) >= LEAST_SIZE:
                return False
        return True

    def _stands_on_pale_ground(self, box: Box) -> bool:
        """Whether white letters have white behind them; looks at the page where it is unsure."""
        there = (_ground(thing, place) for thing, place in self._painted if _overlap(box, place))
        ground = next(filter(None, there), None)
        if ground is None:
            return True
        if ground.is_plain and _covers(ground.box, box):
            return ground.is_pale
        high, wide = self._picture.shape
        corners = [self._pixel(x, y, wide, high) for x in (box.left, box.right) for y in box[1::2]]
        columns, rows = zip(*corners, strict=True)
        left, upper = max(min(columns), 0), max(min(rows), 0)
        part = self._picture[upper : max(rows) + 1, left : max(columns) + 1]
        return part.size > 0 and float(numpy.median(part)) >= PALE

    def _pixel(self, x: float, y: float, wide: int, high: int) -> tuple[int, int]:
        column, row = ctypes.c_int(), ctypes.c_int()
        pdfium_raw.FPDF_PageToDevice(self.page.raw, 0, 0, wide, high, 0, x, y, column, row)
        return column.value, row.value

    @cached_property
    def _picture(self) -> NDArray[numpy.uint8]:
        """The page in grey; the darkest of each pixel's colours counts."""
        scale = LONGEST_SIDE / max(*self.page.get_size(), 1.0)
        pixels = self.page.render(scale=min(scale, 1.0)).to_numpy()
        darkest: NDArray[numpy.uint8] = numpy.minimum(pixels[:, :, 0], pixels[:, :, 1])
        numpy.minimum(darkest, pixels[:, :, 2], out=darkest)  # min(axis=2) takes ten times as long
        return darkest

    @cached_property
    def _painted(self) -> list[tuple[int, Box]]:
        """What other than text is painted on the page, the uppermost first, and where."""
        text = pdfium_raw.FPDF_PAGEOBJ_TEXT
        painted = [thing for kind, thing in page_objects(self.page) if kind != text][::-1]
        return list(zip(painted, object_boxes(painted), strict=True))

    @cached_property
    def _pictures(self) -> list[Box]:
        """Where images stand, those inside forms by the place of the outer form."""
        images = [
            thing
            for kind, thing in page_objects(self.page)
            if kind == pdfium_raw.FPDF_PAGEOBJ_IMAGE
            or (kind == pdfium_raw.FPDF_PAGEOBJ_FORM and _holds_an_image(self.page, thing))
        ]
        return list(object_boxes(images))


def _ground(number: int, box: Box) -> _Ground | None:
    """What an object of a page paints behind text; a frame's lines are nothing."""
    thing = pdf_calls.as_object(number)
    if pdfium_raw.FPDFPageObj_GetType(thing) != pdfium_raw.FPDF_PAGEOBJ_PATH:
        return _Ground(box, is_plain=False, is_pale=False)
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium_raw.FPDFPath_GetDrawMode(thing, fill, stroke)
    if fill.value == pdfium_raw.FPDF_FILLMODE_NONE:
        return None
    channels = [ctypes.c_uint() for _ in range(4)]
    known = pdfium_raw.FPDFPageObj_GetFillColor(thing, *channels)
    solid = bool(known) and channels[3].value == OPAQUE
    corners = pdfium_raw.FPDFPath_CountSegments(thing)
    return _Ground(
        box,
        is_plain=solid and corners <= RECTANGLE_SEGMENTS,
        is_pale=min(channel.value for channel in channels[:3]) >= PALE,
    )


def _holds_an_image(page: pdfium.PdfPage, number: int) -> bool:
    form = pdf_calls.as_object(number)
    images = page.get_objects(filter=(pdfium_raw.FPDF_PAGEOBJ_IMAGE,), form=form, max_depth=6)
    return any(True for _ in images)


def _overlap(box: Box, other: Box) -> bool:
    """Whether the middle of ``box`` lies in ``other``."""
    x, y = (box.left + box.right) / 2, (box.bottom + box.top) / 2
    return other.left <= x <= other.right and other.bottom <= y <= other.top


def _covers(box: Box, other: Box) -> bool:
    """Whether ``other`` lies in ``box``, but for a point at its edges."""
    return (
        box.left <= other.left + 1
        and box.bottom <= other.bottom + 1
        and box.right >= other.right - 1
        and box.top >= other.top - 1
    )
