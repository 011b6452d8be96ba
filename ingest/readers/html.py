"""One HTML file -> its headings, paragraphs and tables, and what of it a browser would not show.

Nothing is fetched: no image, no style sheet, no frame. Styles count where the file itself holds
them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree, html

from ingest.errors import UnreadableDocument
from ingest.readers.archive import DAMAGED, Element, local_name
from ingest.readers.content import NO_TEXT, ReadOrder, SourceContent
from ingest.readers.hidden_elements import take_hidden
from ingest.readers.plain_text import decoded, read_bytes
from ingest.readers.sections import Block, Pages, printable, title_of
from ingest.readers.tables import row_lines

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
ENDS_LINE = frozenset(
    """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset
    figcaption figure footer form header hgroup hr html legend li main menu nav ol optgroup option
    p pre section summary table tbody td tfoot th thead tr ul
    """.split()
) | set(HEADINGS)
LAYOUT = frozenset(("table", "ul", "ol", "p", "blockquote", "pre", *HEADINGS))  # not in a cell
MOST_SPANNED = 50  # columns or rows that one cell may claim


@dataclass
class Markup:
    """What an HTML text holds: its stated title, its blocks, and the texts that are hidden."""

    title: str = ""
    blocks: list[Block] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


def read_html(path: Path, order: ReadOrder) -> SourceContent:
    """Read an HTML file. Raises UnreadableDocument with the reason."""
    return content_of(parse_html(decoded(read_bytes(path), markup=True)), order, "html")


def content_of(markup: Markup, order: ReadOrder, reader: str) -> SourceContent:
    """Markup as pages. Raises UnreadableDocument where it holds no text."""
    if not markup.blocks:
        raise UnreadableDocument(NO_TEXT)
    pages = Pages()
    pages.add(markup.blocks, label="", hidden=markup.hidden)
    title = title_of(markup.title, pages.outline, order.name)
    return SourceContent(title, tuple(pages.pages), tuple(pages.outline), reader)


def parse_html(text: str) -> Markup:
    """Read an HTML text as a browser would, whatever is wrong with it.

    Raises UnreadableDocument where it nests too deeply.
    """
    parser = html.HTMLParser(encoding="utf-8", no_network=True)
    data = printable(text).encode()
    try:
        root = etree.fromstring(data, parser) if data.strip() else None
    except etree.XMLSyntaxError as error:
        raise UnreadableDocument(f"{DAMAGED} ({str(error)[:120]})") from error
    if any("Excessive depth" in problem.message for problem in parser.error_log):
        raise UnreadableDocument(f"{DAMAGED}: its elements nest too deeply")  # the rest is lost
    return Markup() if root is None else markup_of(root)


def markup_of(root: Element) -> Markup:
    """What stands below an element of HTML; the tree is used up."""
    title = next((found for found in root.iter() if local_name(found) == "title"), None)
    markup = Markup(title="".join(title.itertext()) if title is not None else "")
    markup.hidden = take_hidden(root)
    _Walk(markup.blocks).run(root)
    return markup


class _Walk:
    """Goes through a tree without recursion: hostile files nest deeply."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        self.parts: list[str] = []
        self.preformatted = 0

    def run(self, root: Element) -> None:
        """Turn the tree into blocks."""
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            name = local_name(element)
            if event == "start":
                self._begin(name)
                if name == "table" and _is_of_data(element):
                    self.blocks += [Block(line) for line in _table(element)]
                    walk.skip_subtree()
                else:
                    self._say(element.text)
            else:
                self._end(name)
                self._say(element.tail if element is not root else None)
        self._flush()

    def _begin(self, name: str) -> None:
        if name == "br":
            self.parts.append("\n")
        elif name in ENDS_LINE:
            self._flush()
        self.preformatted += name == "pre"

    def _end(self, name: str) -> None:
        if name in ENDS_LINE:
            self._flush(HEADINGS.index(name) if name in HEADINGS else None)
        self.preformatted -= name == "pre"

    def _say(self, text: str | None) -> None:
        if text:
            self.parts.append(text if self.preformatted else re.sub(r"\s+", " ", text))

    def _flush(self, level: int | None = None) -> None:
        lines = "".join(self.parts).split("\n")
        if not self.preformatted:
            lines = [" ".join(line.split()) for line in lines]
        text = "\n".join(lines).strip("\n")
        if text.strip():
            self.blocks.append(Block(text, level))
        self.parts = []


def _is_of_data(table: Element) -> bool:
    """Whether a table holds rows of values; others only put parts of a page side by side."""
    cells = [found for found in table.iter() if local_name(found) in ("td", "th")]
    inside = (local_name(below) for cell in cells for below in cell.iterdescendants())
    return (
        bool(cells)
        and sum(name in LAYOUT for name in inside) <= len(cells)
        and not any(local_name(below) == "table" for below in table.iterdescendants())
    )


def _table(table: Element) -> Iterator[str]:
    for caption in table.iterdescendants():
        if local_name(caption) == "caption":
            yield _cell_text(caption)
    rows = [found for found in table.iterdescendants() if local_name(found) == "tr"]
    heads = 0
    while heads < len(rows) and all(local_name(cell) == "th" for cell in _cells(rows[heads])):
        heads += 1
    yield from row_lines(_grid(rows), header_rows=heads or None)


def _cells(row: Element) -> list[Element]:
    return [cell for cell in row if local_name(cell) in ("td", "th")]


def _grid(rows: list[Element]) -> Iterator[list[str]]:
    """The texts of the cells by column; one that spans rows is given in each of them."""
    reaching: dict[int, tuple[int, str]] = {}  # column -> further rows, text
    for row in rows:
        line: list[str] = []
        for cell in [*_cells(row), None]:
            while len(line) in reaching:
                line.append(_from_above(reaching, len(line)))
            if cell is not None:
                for text in _columns(cell):
                    if (further := _spanned(cell, "rowspan") - 1) > 0:
                        reaching[len(line)] = further, text
                    line.append(text)
        yield line


def _from_above(reaching: dict[int, tuple[int, str]], column: int) -> str:
    further, text = reaching.pop(column)
    if further > 1:
        reaching[column] = further - 1, text
    return text


def _columns(cell: Element) -> list[str]:
    """The text for each column that a cell spans; a header stands over each, a value once."""
    text, span = _cell_text(cell), _spanned(cell, "colspan")
    return [text] * span if local_name(cell) == "th" else [text, *[""] * (span - 1)]


def _spanned(cell: Element, name: str) -> int:
    stated = str(cell.get(name) or "")
    return max(1, min(int(stated), MOST_SPANNED)) if stated.isdecimal() else 1


def _cell_text(cell: Element) -> str:
    return " ".join(" ".join(cell.itertext()).split())
