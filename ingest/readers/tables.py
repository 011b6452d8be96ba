"""The rows of a table -> one line of text each, with the header's words beside the values.

A row that is found alone, in a chunk without the table's head, still says what its numbers are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

SEPARATOR = " | "
LOOKED_AT = 20  # rows, to tell whether the first is a header
NUMBER = re.compile(r"[^\w]*\d[\d.,\s]*[^\w]*")

Row = Sequence[str]


def row_lines(rows: Iterable[Row], *, header_rows: int | None = None) -> Iterator[str]:
    """The text of each row that is not empty.

    ``header_rows`` is how many rows the file marks as its header; None where it marks none, and
    the first row is then taken for one if it looks like it.
    """
    following = (cleaned for row in rows if any(cleaned := _cleaned(row)))
    first = list(islice(following, LOOKED_AT))
    if header_rows is None:
        above = next((at for at, row in enumerate(first) if sum(map(bool, row)) > 1), len(first))
        yield from map(_plain, first[:above])  # titles over the table
        first = first[above:]
        header_rows = int(_looks_like_header(first))
    header = _header(first[:header_rows])
    yield from map(_plain, first[:header_rows])
    for row in chain(first[header_rows:], following):
        yield _with_header(header, row)


def _cleaned(row: Row) -> list[str]:
    return [" ".join(cell.split()) for cell in row]


def _plain(row: Row) -> str:
    return SEPARATOR.join(cell for cell in row if cell)


def _header(rows: Sequence[Row]) -> list[str]:
    """The names of the columns; words of several header rows are joined."""
    width = max((len(row) for row in rows), default=0)
    columns = ([row[at] for row in rows if at < len(row)] for at in range(width))
    return [" ".join(dict.fromkeys(filter(None, column))) for column in columns]


def _with_header(header: Sequence[str], row: Row) -> str:
    cells = []
    for at, cell in enumerate(row):
        name = header[at] if at < len(header) else ""
        if cell:
            cells.append(f"{name}: {cell}" if name and name != cell else cell)
    return SEPARATOR.join(cells)


def _looks_like_header(rows: Sequence[Row]) -> bool:
    """Whether the first row names columns: words only, none twice, over rows that hold values.

    Two columns of words are pairs of a name and a value: a form, not a table.
    """
    if len(rows) < 2:
        return False
    names = [cell for cell in rows[0] if cell]
    words_only = not any(NUMBER.fullmatch(name) for name in names)
    numbers_below = any(NUMBER.fullmatch(cell) for row in rows[1:] for cell in row[1:])
    return (
        words_only
        and len(set(names)) == len(names)
        and len(names) >= max(len(row) for row in rows[1:]) - 1
        and (numbers_below or len(names) > 2)
    )
