"""Sentences and tables of a part of a text -> the spans that become chunks."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.sentences import Span
from ingest.text_tables import Table, find_tables, label_lines
from ingest.token_counts import TokenCounts

CUTS = [re.compile(pattern) for pattern in (r"\n", r"[;,:] ", r"\s")]
TABLE_HEADER_TOKENS = 40  # of a chunk that begins within a table, at most


@dataclass(frozen=True)
class Packed:
    """What becomes a chunk; ``table_header`` is that of the table within which it begins."""

    start: int
    end: int
    table_header: str = ""


@dataclass(frozen=True)
class _Piece:
    """What is not cut any more; ``table_tokens`` stands where a table begins, for all of it."""

    start: int
    end: int
    tokens: int
    table_header: str = ""
    table_tokens: int = 0


@dataclass(frozen=True)
class Packer:
    """Packs the parts of one text; ``room`` says how many tokens of text a chunk may have.

    It is asked with the table header that the chunk repeats, mostly none.
    """

    text: str
    counts: TokenCounts
    room: Callable[[str], int]

    def pack(self, sentences: Sequence[Span]) -> list[Packed]:
        """Fill chunks with whole sentences and rows; what is over the limit is cut.

        A table that fits into one chunk is not cut.
        """
        pieces = list(self._pieces(sentences))
        total = sum(piece.tokens for piece in pieces)
        most = self.room("")
        even = total / max(1, -(-total // most))  # so that the last chunk is not a scrap
        packed: list[Packed] = []
        used = allowed = 0
        for piece in pieces:
            fits_whole = piece.tokens < piece.table_tokens <= most
            needed = piece.table_tokens if fits_whole else piece.tokens
            if packed and used + needed <= allowed and used + piece.tokens / 2 <= even:
                packed[-1] = Packed(packed[-1].start, piece.end, packed[-1].table_header)
                used += piece.tokens
            else:
                packed.append(Packed(piece.start, piece.end, piece.table_header))
                used, allowed = piece.tokens, self.room(piece.table_header)
        return packed

    def _pieces(self, sentences: Sequence[Span]) -> Iterator[_Piece]:
        at = 0
        for table in find_tables(self.text, sentences):
            yield from self._cut_all(sentences[at : table.first])
            yield from self._table_pieces(table, sentences)
            at = table.end
        yield from self._cut_all(sentences[at:])

    def _table_pieces(self, table: Table, lines: Sequence[Span]) -> Iterator[_Piece]:
        """A table's header goes with its first row; the other rows know the header."""
        start, end = lines[table.first][0], lines[table.row][1]
        header = self._short_header(lines[0][0], lines[table.row][0])
        most = self.room(header)
        first = self.counts.count(self.text[start:end])
        if first <= most:
            whole = self.counts.count(self.text[start : lines[table.end - 1][1]])
            yield _Piece(start, end, first, table_tokens=max(first, whole))
        else:
            yield from self._cut_all(lines[table.first : table.row + 1])
        for piece in self._cut_all(lines[table.row + 1 : table.end], most):
            yield replace(piece, table_header=header)

    def _short_header(self, least: int, end: int) -> str:
        """The lines above a table's first row, the nearest, as far as they are short enough."""
        kept: list[str] = []
        for line in reversed(label_lines(self.text, least, end)):
            longer = [line, *kept]
            if self.counts.count(" ".join(longer)) > TABLE_HEADER_TOKENS:
                break
            kept = longer
        return " ".join(kept)

    def _cut_all(self, spans: Sequence[Span], most: int = 0) -> Iterator[_Piece]:
        most = most or self.room("")
        for span in spans:
            yield from self._cut(span, most)

    def _cut(self, span: Span, most: int) -> Iterator[_Piece]:
        """A span, or the parts of it that fit, without the white space between them."""
        start, end = span
        count = self.counts.count(self.text[start:end])
        if count <= most:
            if count:
                yield _Piece(start, end, count)
            return
        tokens = [
            start + left for left, _ in self.counts.tokenizer.token_spans(self.text[start:end])
        ]
        first = 0
        while len(tokens) - first > most:
            cut = start + _best_cut(self.text[start : tokens[first + most]])
            stop = start + len(self.text[start:cut].rstrip())
            yield _Piece(start, stop, self.counts.count(self.text[start:stop]))
            start = cut + len(self.text[cut:end]) - len(self.text[cut:end].lstrip())
            first = bisect_left(tokens, start, first)
        if first < len(tokens):
            yield _Piece(start, end, self.counts.count(self.text[start:end]))


def _best_cut(part: str) -> int:
    """Where to cut a text that is too long: a line end, else a clause's, else a word's end."""
    least = len(part) // 2
    for pattern in CUTS:
        ends = [match.end() for match in pattern.finditer(part, least) if match.end() > least]
        if ends:
            return ends[-1]
    return len(part)
