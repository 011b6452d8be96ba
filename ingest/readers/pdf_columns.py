"""Lines in the order of the file -> lines in the order of reading.

Most files hold their text in reading order, and PDFium keeps it. Some hold the lines of two
columns side by side; those are cut at the white space between the columns, and each column is read
from top to bottom. The rows of a table stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy

from ingest.readers.pdf_lines import Line, RawText, around

SAMPLES = 6  # lines of a page in which a wide gap is looked for
SAMPLE_LENGTH = 40  # characters; a shorter line is hardly two columns'
WIDE_GAP = 0.8  # of the font's height; the widest space of justified text is narrower
SIGNS = 2  # lines with a wide gap that make a page worth a closer look
CELL_LENGTH = 15  # characters; shorter parts of lines are a table's
PARAGRAPH_GAP = 2.5  # of the font's height; columns do not go on below a higher gap

MOST_GUTTERS = 8  # that are tried
LEAST_ROWS = 4  # with text on both sides of a gutter
READ_ACROSS = 0.5  # of these rows; where fewer are, the file has columns already
FILLED = 0.7  # of a column's width is covered by its lines; a table's cells cover less
RUN_ON = 0.2  # of a column's lines begin within a sentence; a table's cells seldom do
NUMBERS = 0.25  # of the words; where more are numbers it is a table

NUMBER = re.compile(r"[^\w\s]*\d[\d.,]*[^\w\s]*")
RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")

Row = list[Line]


def in_reading_order(raw: RawText, lines: list[Line]) -> list[Line]:
    """The lines, column by column where the file has them side by side."""
    if not (_side_by_side(raw.text, lines) or _wide_gaps(raw, lines)):
        return lines
    parts = [part for line in lines for part in _cut_at_gaps(raw, line)]
    ordered = ordered_by_columns(raw.text, parts)
    return lines if ordered == parts else ordered


def _side_by_side(text: str, lines: Sequence[Line]) -> bool:
    """Whether lines that follow each other stand beside each other, both within paragraphs."""
    signs = sum(
        _same_row(line, following) and _runs_on(text, following)
        for line, following in pairwise(lines)
    )
    return signs >= SIGNS


def _wide_gaps(raw: RawText, lines: Sequence[Line]) -> bool:
    """Whether a sample of the page's long lines of words has gaps as between columns."""
    long = [line for line in lines if line.end - line.start >= SAMPLE_LENGTH]
    sample = long[:: len(long) // SAMPLES + 1]
    signs = 0
    for left, line in zip(range(len(sample), 0, -1), sample, strict=True):
        if signs + left < SIGNS:
            return False
        signs += _has_wide_gap(raw, line)
        if signs >= SIGNS:
            return True
    return False


def _has_wide_gap(raw: RawText, line: Line) -> bool:
    if _is_numbers(raw.text[line.start : line.end]):
        return False
    parts = _cut_at_gaps(raw, line)
    return (
        len(parts) > 1
        and line.end - line.start >= CELL_LENGTH * len(parts)
        and any(_runs_on(raw.text, part) for part in parts[1:])
    )


def _runs_on(text: str, line: Line) -> bool:
    """Whether a line begins within a sentence, so far as its script tells."""
    first = text[line.start]
    return first.isalpha() and (first.islower() or first.lower() == first.upper())


def _is_numbers(text: str) -> bool:
    words = text.split()
    return sum(NUMBER.fullmatch(word) is not None for word in words) > NUMBERS * len(words)


def _cut_at_gaps(raw: RawText, line: Line) -> list[Line]:
    runs: list[list[Line]] = []
    for word in raw.words(line):
        if runs and word.box.left - runs[-1][-1].box.right < WIDE_GAP * _height(word):
            runs[-1].append(word)
        else:
            runs.append([word])
    return [Line(run[0].start, run[-1].end, around(word.box for word in run)) for run in runs]


def _height(line: Line) -> float:
    return line.box.top - line.box.bottom


def _same_row(line: Line, other: Line) -> bool:
    """Whether ``other`` stands to the right of ``line``, at the same height."""
    middle = (other.box.bottom + other.box.top) / 2
    return line.box.bottom < middle < line.box.top and line.box.right <= other.box.left


@dataclass(frozen=True)
class _Band:
    """Rows ``first`` to before ``last`` of a page, with a gutter around ``x``."""

    first: int
    last: int
    x: float


def ordered_by_columns(text: str, parts: list[Line]) -> list[Line]:
    """Above the columns, the columns one by one, below them; each part in the order of the file."""
    rows = _rows(parts)
    band = _columns(text, rows)
    if band is None:
        return sorted(parts, key=lambda part: part.start)
    inside = [part for row in rows[band.first : band.last] for part in row]
    columns = [
        [part for part in inside if part.box.right <= band.x],
        [part for part in inside if part.box.right > band.x],
    ]
    if len(RIGHT_TO_LEFT.findall(text)) > len(text) / 3:
        columns.reverse()
    above = [part for row in rows[: band.first] for part in row]
    below = [part for row in rows[band.last :] for part in row]
    blocks = [above, *columns, below]
    return [part for block in blocks for part in ordered_by_columns(text, block)]


def _rows(parts: Sequence[Line]) -> list[Row]:
    """Parts at the same height, from the top of the page down, each row from left to right."""
    rows: list[Row] = []
    for part in sorted(parts, key=lambda part: -part.box.bottom - part.box.top):
        middle = (part.box.bottom + part.box.top) / 2
        if rows and rows[-1][0].box.bottom < middle:
            rows[-1].append(part)
        else:
            rows.append([part])
    return [sorted(row, key=lambda part: part.box.left) for row in rows]


def _columns(text: str, rows: Sequence[Row]) -> _Band | None:
    """The largest band of rows that a gutter cuts into columns of prose."""
    bands = [band for x in _gutters(rows) for band in _bands(rows, x)]
    bands.sort(key=lambda band: band.first - band.last)
    for band in bands:
        if _is_columns(text, rows[band.first : band.last], band.x):
            return band
    return None


def _gutters(rows: Sequence[Row]) -> list[float]:
    """Where most rows have a gap."""
    gaps = numpy.array(
        [(left.box.right, right.box.left) for row in rows for left, right in pairwise(row)]
    ).reshape(-1, 2)
    middles = gaps.mean(axis=1)
    rows_there = ((gaps[:, :1] < middles) & (middles < gaps[:, 1:])).sum(axis=0)
    best = numpy.argsort(-rows_there, kind="stable")[:MOST_GUTTERS]
    return [float(middles[index]) for index in best if rows_there[index] >= LEAST_ROWS]


def _bands(rows: Sequence[Row], x: float) -> Iterator[_Band]:
    """Runs of rows of which no part lies across ``x``, from the first with text on both sides."""
    first = None
    for index, row in enumerate(rows):
        ends = any(part.box.left < x < part.box.right for part in row)
        if first is not None and (ends or _far_below(rows[index - 1], row)):
            yield _Band(first, index, x)
            first = None
        if first is None and not ends and _on_both_sides(row, x):
            first = index
    if first is not None:
        yield _Band(first, len(rows), x)


def _far_below(upper: Row, lower: Row) -> bool:
    gap = min(part.box.bottom for part in upper) - max(part.box.top for part in lower)
    return gap > PARAGRAPH_GAP * _height(lower[0])


def _on_both_sides(row: Row, x: float) -> bool:
    return row[0].box.right <= x <= row[-1].box.left


def _is_columns(text: str, rows: Sequence[Row], x: float) -> bool:
    """Whether rows are columns of prose side by side that the file holds row by row."""
    both = [row for row in rows if _on_both_sides(row, x)]
    if len(both) < LEAST_ROWS:
        return False
    lefts = [[part for part in row if part.box.right <= x] for row in both]
    rights = [[part for part in row if part.box.right > x] for row in both]
    across = sum(_follows(left, right) for left, right in zip(lefts, rights, strict=True))
    return across >= READ_ACROSS * len(both) and _is_prose(text, lefts) and _is_prose(text, rights)


def _follows(left: Row, right: Row) -> bool:
    """Whether the right part of a row comes right after the left one in the file."""
    between = min(part.start for part in right) - max(part.end for part in left)
    return 0 <= between <= len("\r\n")


def _is_prose(text: str, rows: Sequence[Row]) -> bool:
    """Whether one side of a gutter is long lines that fill it and run on, as in a paragraph."""
    parts = [part for row in rows for part in row]
    words = " ".join(text[part.start : part.end] for part in parts)
    width = max(part.box.right for part in parts) - min(part.box.left for part in parts)
    covered = sum(part.box.right - part.box.left for part in parts)
    return (
        len(words) >= CELL_LENGTH * len(rows)
        and covered >= FILLED * width * len(rows)
        and sum(_runs_on(text, row[0]) for row in rows) >= RUN_ON * len(rows)
        and not _is_numbers(words)
    )
