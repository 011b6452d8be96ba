"""Lines of a document without an outline -> its headings, by how they are set.

A heading is short, and larger than the text or bold where the text is not. One size is one level.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ingest.readers.clean_text import clean_text
from ingest.readers.content import Heading
from ingest.readers.pdf_lines import Line
from ingest.readers.pdf_page import PageLayout, may_be_heading
from ingest.sentences import is_row

LARGER = 1.15  # times the height of the text's letters
MOST_LEVELS = 4
LEAST_OF_A_LEVEL = 2  # pages (or all); what is set like nothing else is a title, or chance
TEXT_SHARE = 0.02  # of the lines of prose; a size that so many have is one of the text
MOST_REPETITIONS = 3  # of one heading; a table's head comes more often
PROSE_LENGTH = 60  # characters of the line that follows a bold heading; a table's are shorter
MOSTLY_BOLD = 0.8  # of the lines that may be headings; where more are bold, bold says nothing


ENDS = re.compile(r"[.!?:;][\"'”’)\]\d\[]*$")
BOLD, PLAIN = 0.0, -1.0  # styles besides heights


class _Candidate(NamedTuple):
    page: int  # from 1
    text: str
    height: float
    is_bold: bool
    before_prose: bool


class _TextLine(NamedTuple):
    line: Line
    text: str
    height: float

    @property
    def is_prose(self) -> bool:
        return len(self.text) >= PROSE_LENGTH and not is_row(self.text)


def find_headings(
    layouts: Sequence[PageLayout | None], repeated: Sequence[frozenset[Line]]
) -> tuple[Heading, ...]:
    """The headings of a document in the order of reading; ``repeated`` lines are none."""
    pages = [
        [_text_line(layout, line) for line in layout.lines if line not in lines] if layout else []
        for layout, lines in zip(layouts, repeated, strict=True)
    ]
    prose = Counter(line.height for lines in pages for line in lines if line.is_prose)
    if not prose:
        return ()
    candidates = [
        candidate
        for number, (layout, lines) in enumerate(zip(layouts, pages, strict=True), 1)
        if layout
        for candidate in _candidates(number, layout, lines)
    ]
    styles = _styles(candidates, prose)
    levels = _levels(candidates, styles, least=min(LEAST_OF_A_LEVEL, len(pages)))
    times = Counter(candidate.text for candidate in candidates)
    return tuple(
        Heading(levels[style], candidate.text, candidate.page)
        for candidate, style in zip(candidates, styles, strict=True)
        if style in levels and times[candidate.text] <= MOST_REPETITIONS
    )


def _text_line(layout: PageLayout, line: Line) -> _TextLine:
    text = " ".join(clean_text(layout.line_text(line)).split())
    height = round(2 * (line.box.top - line.box.bottom)) / 2  # the same letters differ by less
    return _TextLine(line, text, height)


def _candidates(page: int, layout: PageLayout, lines: Sequence[_TextLine]) -> Iterator[_Candidate]:
    """Lines that may be headings: short, and no part of a paragraph or a table."""
    ends_before = True
    for at, (line, text, height) in enumerate(lines):
        if ends_before and may_be_heading(text) and not is_row(text):
            follows = any(following.is_prose for following in lines[at + 1 : at + 2])
            yield _Candidate(page, text, height, line in layout.bold, follows)
        ends_before = len(text) < PROSE_LENGTH or ENDS.search(text) is not None


def _styles(candidates: Sequence[_Candidate], prose: Counter[float]) -> list[float]:
    """What sets each candidate apart: its height, ``BOLD`` where it is bold alone, or nothing."""
    text_height = prose.most_common(1)[0][0]
    of_text = {height for height, times in prose.items() if times > TEXT_SHARE * prose.total()}
    bold = sum(candidate.is_bold for candidate in candidates)
    bold_tells = bold <= MOSTLY_BOLD * len(candidates)
    styles = []
    for candidate in candidates:
        is_larger = candidate.height >= LARGER * text_height and candidate.height not in of_text
        is_set_off = bold_tells and candidate.is_bold and candidate.before_prose
        styles.append(candidate.height if is_larger else BOLD if is_set_off else PLAIN)
    return styles


def _levels(
    candidates: Sequence[_Candidate], styles: Sequence[float], *, least: int
) -> dict[float, int]:
    """The level of each style that is on enough pages, the largest letters first."""
    pages = defaultdict[float, set[int]](set)
    for candidate, style in zip(candidates, styles, strict=True):
        pages[style].add(candidate.page)
    used = sorted((style for style in pages if len(pages[style]) >= least), reverse=True)
    return {
        style: min(level, MOST_LEVELS - 1) for level, style in enumerate(used) if style != PLAIN
    }
