"""The text of a page in pieces, those of quotes marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

PARAGRAPH = re.compile(r"\S(?:(?!\n\s*\n).)*", re.DOTALL)

Span = tuple[int, int]


class Piece(NamedTuple):
    """A part of a text; ``marked`` where a quote says it."""

    text: str
    marked: bool


def marked_pieces(text: str, quotes: Sequence[str]) -> list[Piece]:
    """A whole text, its quotes marked."""
    return _pieces(text, (0, len(text)), _quoted(text, quotes))


def marked_paragraphs(text: str, quotes: Sequence[str]) -> list[list[Piece]]:
    """The paragraphs of a page; a quote is marked in each that it runs through."""
    quoted = _quoted(text, quotes)
    return [_pieces(text, match.span(), quoted) for match in PARAGRAPH.finditer(text)]


def _quoted(text: str, quotes: Sequence[str]) -> list[Span]:
    """Where quotes stand in a text, whatever white space is between their words."""
    parts = [r"\s+".join(map(re.escape, quote.split())) for quote in quotes if quote.strip()]
    return [match.span() for match in re.finditer("|".join(parts), text)] if parts else []


def _pieces(text: str, part: Span, quoted: Sequence[Span]) -> list[Piece]:
    start, end = part
    inside = [(max(left, start), min(right, end)) for left, right in quoted]
    pieces = []
    for left, right in [*((a, b) for a, b in inside if a < b), (end, end)]:
        pieces += [Piece(text[start:left], marked=False), Piece(text[left:right], marked=True)]
        start = right
    return [piece for piece in pieces if piece.text]
