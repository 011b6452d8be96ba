"""Lines of a text -> the tables among them: the lines of each header, and its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from ingest.sentences import Span, is_row

LEAST_ROWS = 2
LONGEST_LABEL = 80  # characters of a line between rows, or of a header's line
MOST_HEADER_LINES = 10
LABELS_BETWEEN_ROWS = 2  # lines

YEAR_OR_DAY = re.compile(r"\W*(?:(?:19|20)\d\d|[12]?\d|3[01])\W*")
NUMBER = re.compile(r"\W*\d[\d.,]*\W*")
SENTENCE_END = re.compile(r"[.!?][\"'”’)]*$")


@dataclass(frozen=True)
class Table:
    """Numbers of lines: the header's from ``first``, the rows' from ``row``, up to ``end``."""

    first: int
    row: int
    end: int


def find_tables(text: str, lines: Sequence[Span]) -> Iterator[Table]:
    """The tables among consecutive lines (or sentences) of a text."""
    values = [_is_values(text[start:end]) for start, end in lines]
    labels = [_is_label(text[start:end]) for start, end in lines]
    at = 0
    while True in values[at:]:
        row = values.index(True, at)
        end = _end(values, labels, row)
        if sum(values[row:end]) >= LEAST_ROWS:
            yield Table(_header_start(labels, row, at), row, end)
        at = end


def label_lines(text: str, least: int, end: int) -> list[str]:
    """The short lines right above the row at ``end``, none from before ``least``."""
    lines = text[max(least, end - MOST_HEADER_LINES * LONGEST_LABEL) : end].split("\n")
    plain = [" ".join(line.split()) for line in lines[-MOST_HEADER_LINES - 1 :]]
    return list(takewhile(_is_label, filter(None, reversed(plain))))[::-1]


def _end(values: Sequence[bool], labels: Sequence[bool], row: int) -> int:
    """After the last row; labels such as ``Operating expenses:`` may stand between rows."""
    end = at = row + 1
    while at < len(values) and (values[at] or (labels[at] and at - end < LABELS_BETWEEN_ROWS)):
        at += 1
        if values[at - 1]:
            end = at
    return end


def _header_start(labels: Sequence[bool], row: int, least: int) -> int:
    first = row
    while first > max(least, row - MOST_HEADER_LINES) and labels[first - 1]:
        first -= 1
    return first


def _is_values(line: str) -> bool:
    """A row with values, not only with dates, as a header has."""
    return is_row(line) and not all(
        YEAR_OR_DAY.fullmatch(word) for word in line.split() if NUMBER.fullmatch(word)
    )


def _is_label(line: str) -> bool:
    return len(line) <= LONGEST_LABEL and not SENTENCE_END.search(line)
