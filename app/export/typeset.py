"""Text in runs -> a paragraph of a PDF, with a font for each character, from either side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Paragraph

from app.export.fonts import Lettering
from app.export.right_to_left import (
    has_right_to_left,
    joined,
    mirrored,
    reads_right_to_left,
    visual_order,
)

SLACK = 2.0  # points that a line which is broken here stays under the width


@dataclass(frozen=True)
class Run:
    """A piece of text in one form; ``before`` and ``after`` are markup of our own around it."""

    text: str
    bold: bool = False
    code: bool = False
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Cell:
    """A character with the run that it belongs to; ``drawn`` is what is put in its place."""

    character: str
    drawn: str
    run: Run
    width: float


def paragraph(
    runs: Sequence[Run],
    style: ParagraphStyle,
    lettering: Lettering,
    width: float,
    *,
    bullet: str = "",
    kind: type[Paragraph] = Paragraph,
) -> Paragraph:
    """A paragraph of a width in points.

    Where letters run from the right its lines are broken here, since reportlab orders none.
    """
    runs = [replace(run, text=lettering.drawn(run.text)) for run in runs]
    text = "".join(run.text for run in runs)
    if not has_right_to_left(text):
        markup = "".join(_markup(run, run.text, lettering) for run in runs)
        return kind(markup, style, bulletText=bullet or None)
    from_right = reads_right_to_left(text)
    if from_right:
        style = ParagraphStyle(f"{style.name}-from-right", parent=style, alignment=TA_RIGHT)
    room = width - style.leftIndent - style.rightIndent - SLACK
    lines = _lines(_cells(runs, style.fontSize, lettering), room)
    markup = "<br/>".join(_line(line, lettering, from_right=from_right) for line in lines)
    return kind(markup, style, bulletText=bullet or None)


def _markup(run: Run, text: str, lettering: Lettering) -> str:
    pieces = lettering.by_font(text, bold=run.bold, code=run.code)
    said = "".join(f'<font name="{font}">{escape(piece)}</font>' for font, piece in pieces)
    return f"{run.before}{said}{run.after}"


def _cells(runs: Sequence[Run], size: float, lettering: Lettering) -> Iterator[Cell]:
    shapes = iter(joined("".join(run.text for run in runs)))
    for run in runs:
        for character in run.text:
            drawn = next(shapes)
            pieces = lettering.by_font(drawn, bold=run.bold, code=run.code)
            width = sum(stringWidth(piece, font, size) for font, piece in pieces)
            yield Cell(character, drawn, run, width)


def _lines(cells: Iterator[Cell], room: float) -> Iterator[list[Cell]]:
    """Cells broken into lines between words; a word that is too long is broken within."""
    line: list[Cell] = []
    for is_space, group in groupby(cells, lambda cell: cell.character == " "):
        if is_space:
            line += group if line else ()
            continue
        for word in _fitting(list(group), room):
            if line and _width(line) + _width(word) > room:
                yield line
                line = []
            line += word
    if line:
        yield line


def _fitting(word: list[Cell], room: float) -> Iterator[list[Cell]]:
    while _width(word) > room and len(word) > 1:
        end = next(n for n in range(1, len(word)) if _width(word[: n + 1]) > room)
        yield word[:end]
        word = word[end:]
    yield word


def _width(cells: Sequence[Cell]) -> float:
    return sum(cell.width for cell in cells)


def _line(line: list[Cell], lettering: Lettering, *, from_right: bool) -> str:
    """A line from left to right; what belongs to one run and stands together is marked once."""
    while line[-1].character == " ":
        line = line[:-1]
    text = "".join(cell.character for cell in line)
    turned = mirrored(text, from_right=from_right)
    pieces = []
    for _, places in groupby(
        visual_order(text, from_right=from_right), lambda place: id(line[place].run)
    ):
        here = list(places)
        shown = "".join(
            line[place].drawn if turned[place] == text[place] else turned[place] for place in here
        )
        pieces.append(_markup(line[here[0]].run, shown, lettering))
    return "".join(pieces)
