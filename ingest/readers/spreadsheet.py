"""One Excel or CSV file -> a page for each sheet (more for a long one), a line for each row."""

from __future__ import annotations

import csv
import datetime
import io
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ingest.errors import UnreadableDocument
from ingest.readers.archive import DAMAGED, open_archive
from ingest.readers.content import NO_TEXT, ReadOrder, SourceContent
from ingest.readers.plain_text import MOST_BYTES, decoded, read_bytes
from ingest.readers.sections import Block, Pages, printable, title_of
from ingest.readers.tables import row_lines

SNIFFED = 1 << 14  # characters of a CSV file in which its separator is looked for
SEPARATORS = ",;\t|"
MOST_CELLS = 2_000_000

Sheet = Any  # openpyxl has no types of its own
Cell = Any


def read_xlsx(path: Path, order: ReadOrder) -> SourceContent:
    """Read an Excel file: the values as last computed. Raises UnreadableDocument."""
    with open_archive(path):  # says so where it is damaged, encrypted or too large
        pass
    import openpyxl

    pages = Pages()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts that are no text
            book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets:
                _add_sheet(pages, sheet)
            stated = str(book.properties.title or "")
            book.close()
    except (UnreadableDocument, MemoryError):
        raise  # too large is not damaged
    except Exception as error:  # openpyxl raises all kinds on damaged files
        raise UnreadableDocument(f"{DAMAGED} ({type(error).__name__}: {error})"[:200]) from error
    return _content(pages, title_of(stated, (), order.name), "xlsx")


def read_csv(path: Path, order: ReadOrder) -> SourceContent:
    """Read a file of separated values. Raises UnreadableDocument with the reason."""
    text = decoded(read_bytes(path))
    try:
        dialect: Any = csv.Sniffer().sniff(text[:SNIFFED], SEPARATORS)
        dialect.doublequote = True  # the sample need not have a quote within quotes
    except csv.Error:
        dialect = csv.excel
    csv.field_size_limit(MOST_BYTES)  # of one cell; else 131,072, which a whole text exceeds
    pages = Pages()
    try:
        rows = csv.reader(io.StringIO(text, newline=""), dialect)
        pages.add(_blocks([printable(cell) for cell in row] for row in rows), label="")
    except csv.Error as error:
        raise UnreadableDocument(f"{DAMAGED} ({error})") from error
    return _content(pages, title_of("", (), order.name), "csv")


def _content(pages: Pages, title: str, reader: str) -> SourceContent:
    if not any(page.text for page in pages.pages):
        raise UnreadableDocument(NO_TEXT)
    return SourceContent(title, tuple(pages.pages), tuple(pages.outline), reader)


def _add_sheet(pages: Pages, sheet: Sheet) -> None:
    sheet.reset_dimensions()  # some programs state wrong ones
    blocks = list(_blocks(_rows(sheet)))
    label = f"sheet {sheet.title}"
    if sheet.sheet_state != "visible":
        pages.add([], label=label, hidden=["\n".join(block.text for block in blocks)])
    else:
        pages.add([Block(sheet.title, 0), *blocks] if blocks else [], label=label)


def _blocks(rows: Iterable[list[str]]) -> Iterator[Block]:
    return (Block(line) for line in row_lines(rows))


def _rows(sheet: Sheet) -> Iterator[list[str]]:
    cells = 0
    for row in sheet.iter_rows():
        cells += len(row)
        if cells > MOST_CELLS:
            raise UnreadableDocument(f"its sheet {sheet.title} has over {MOST_CELLS:,} cells")
        yield [_shown(cell) for cell in row]


def _shown(cell: Cell) -> str:
    """A cell as a sheet shows it, as nearly as matters to a search."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime.datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat(sep=" ") if isinstance(value, datetime.datetime) else str(value)
    if isinstance(value, (int, float)):
        percent = "%" in (cell.number_format or "")
        return f"{value * 100:.10g}%" if percent else f"{value:.15g}"
    return printable(str(value))
