"""Headers and footers that repeat over the pages of a document -> which lines they are.

A line is one if it stands at the edge of its page, apart from the text and no larger than it, and
if the same line, but for the page's number, stands at the same place on several pages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from statistics import median

from ingest.readers.pdf_lines import Line
from ingest.readers.pdf_page import PageLayout

EDGE = 0.15  # of the page's height, at its top and at its bottom
MOST_LINES = 4  # of one header or footer
APART = 0.4  # of a line's height, between a header and the text
LARGE = 1.3  # times the usual height of a page's lines: a title, which is not left out
PLACE = 4.0  # points; lines that stand closer together are taken to be at the same place
LEAST_PAGES, ENOUGH_PAGES = 3, 5  # half of a document's pages is needed, within these

NUMBER = re.compile(r"(?<!\d)\d{1,5}(?!\d)")

Key = tuple[str | int, ...]


@dataclass(frozen=True)
class _Edge:
    """The lines of a page from its top, or its bottom, inwards; ``page`` counts from 0."""

    page: int
    is_top: bool
    layout: PageLayout

    @cached_property
    def lines(self) -> list[Line]:
        """All lines, as they follow each other from the edge."""
        boxes = self.layout.lines
        if self.is_top:
            return sorted(boxes, key=lambda line: -line.box.top)
        return sorted(boxes, key=lambda line: line.box.bottom)

    def candidates(self) -> list[tuple[Line, set[Key]]]:
        """The outermost lines, if they are small enough, with what each may repeat."""
        usual = median(_height(line) for line in self.layout.lines)
        outermost = takewhile(lambda line: _height(line) <= LARGE * usual, self.lines[:MOST_LINES])
        return [(line, set(self._keys(rank, line))) for rank, line in enumerate(outermost)]

    def _keys(self, rank: int, line: Line) -> Iterator[Key]:
        """A line as it is, at its place; and without a number that may be the page's.

        A number that counts with the pages tells a footer wherever it is, so it may follow a text
        that ends higher on one page than on another.
        """
        sheet = self.layout.sheet
        text = " ".join(self.layout.line_text(line).split())
        depth = sheet.top - line.box.bottom if self.is_top else line.box.top - sheet.bottom
        if depth <= EDGE * (sheet.top - sheet.bottom):
            yield self.is_top, int(depth / PLACE), text
        numbers = list(NUMBER.finditer(text))
        for number in numbers[:1] + numbers[1:][-1:]:
            begin, end = number.span()
            yield self.is_top, rank, text[:begin], text[end:], int(number[0]) - self.page

    def are_apart(self, outer: Sequence[Line]) -> bool:
        """Whether there is white space between the outermost lines and the next.

        There must be a next one: what is all that a page has is its text.
        """
        inner = self.lines[len(outer) : len(outer) + 1]
        if not (outer and inner):
            return not outer
        upper, lower = (outer[-1], inner[0]) if self.is_top else (inner[0], outer[-1])
        return upper.box.bottom - lower.box.top >= APART * _height(outer[-1])


def repeated_lines(layouts: Sequence[PageLayout | None]) -> list[frozenset[Line]]:
    """For each page the lines that repeat the header or footer of an earlier page."""
    edges = [
        _Edge(page, is_top, layout)
        for page, layout in enumerate(layouts)
        if layout and layout.lines
        for is_top in (True, False)
    ]
    candidates = [edge.candidates() for edge in edges]
    counts = Counter(key for lines in candidates for _, keys in lines for key in keys)
    needed = min(max(LEAST_PAGES, len(layouts) // 2), ENOUGH_PAGES)
    repeated = {key for key, count in counts.items() if count >= needed}
    left_out: list[set[Line]] = [set() for _ in layouts]
    known: set[Key] = set()
    for edge, lines in zip(edges, candidates, strict=True):
        outer = list(takewhile(lambda item: item[1] & repeated, lines))
        while not edge.are_apart([line for line, _ in outer]):
            outer.pop()
        for line, keys in outer:
            if keys & repeated & known:
                left_out[edge.page].add(line)
            known |= keys
    return [frozenset(lines) for lines in left_out]


def _height(line: Line) -> float:
    return line.box.top - line.box.bottom
