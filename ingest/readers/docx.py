"""One Word file -> its headings, paragraphs, tables and notes, and what of it is hidden.

The text is read from the file's XML (ECMA-376) directly: libraries for writing such files leave out
what stands in content controls, text boxes, notes and accepted insertions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import TypeVar

from ingest.errors import UnreadableDocument
from ingest.readers.archive import (
    Archive,
    Element,
    all_below,
    attribute,
    first,
    local_name,
    main_part,
    open_archive,
    related,
    stated_title,
)
from ingest.readers.content import NO_TEXT, ReadOrder, SourceContent
from ingest.readers.sections import Block, Pages, title_of
from ingest.readers.tables import row_lines

# Deleted text, what was moved away, codes of fields, and the second form of a drawing.
NOT_SHOWN = ("del", "moveFrom", "instrText", "Fallback", "rPr", "pPr")
NOTES = ("footnotes", "endnotes")
OFF = ("0", "false", "off", "none")
TINY = 4  # half points
MOST_SPANNED = 50  # columns that one cell may claim
TOP_STYLE = "Title"

Stated = TypeVar("Stated")


@dataclass
class _Styles:
    """What the styles of a file say of paragraphs: their level as headings, whether hidden."""

    levels: dict[str, int] = field(default_factory=dict)
    hidden: dict[str, bool] = field(default_factory=dict)


def read_docx(path: Path, order: ReadOrder) -> SourceContent:
    """Read a Word file. Raises UnreadableDocument with the reason."""
    with open_archive(path) as archive:
        reading = _Reading(archive)
        blocks = list(reading.blocks())
        stated = stated_title(archive)
    if not blocks:
        raise UnreadableDocument(NO_TEXT)
    pages = Pages()
    pages.add(blocks, label="", hidden=reading.hidden)
    title = title_of(stated, pages.outline, order.name)
    return SourceContent(title, tuple(pages.pages), tuple(pages.outline), "docx")


class _Reading:
    """Goes through one file; ``hidden`` gathers the texts that Word would not show."""

    def __init__(self, archive: Archive) -> None:
        main = main_part(archive)
        parts = dict(related(archive, main).values())
        self.hidden: list[str] = []
        self.body = first(archive.xml(main), "body")
        self.styles = _read_styles(archive.optional_xml(parts.get("styles", "")))
        self.notes: dict[tuple[str, str | None], Element] = {}
        for kind in NOTES:
            root = archive.optional_xml(parts.get(kind, ""))
            for note in root if root is not None else ():
                self.notes[kind[:-1], attribute(note, "id")] = note

    def blocks(self) -> Iterator[Block]:
        """The file's text in order; notes follow the paragraph that refers to them."""
        if self.body is not None:
            yield from self._blocks_below(self.body)

    def _blocks_below(self, parent: Element) -> Iterator[Block]:
        for child in parent:
            name = local_name(child)
            if name == "p":
                yield from self._paragraph(child)
            elif name == "tbl":
                yield from (Block(line) for line in self._table(child))
            elif name not in NOT_SHOWN:  # content controls, insertions and the like
                yield from self._blocks_below(child)

    def _paragraph(self, paragraph: Element) -> Iterator[Block]:
        style = _value(first(paragraph, "pPr", "pStyle")) or ""
        text = self._text(paragraph, hidden=self.styles.hidden.get(style, False))
        if text:
            level = _outline_level(paragraph)
            yield Block(text, self.styles.levels.get(style) if level is None else level)
        for below in all_below(paragraph, "txbxContent", "footnoteReference", "endnoteReference"):
            between = takewhile(lambda above: above is not paragraph, below.iterancestors())
            if any(local_name(above) in (*NOT_SHOWN, "txbxContent") for above in between):
                continue  # a box within a box is read with that one
            if local_name(below) == "txbxContent":
                yield from self._blocks_below(below)
            elif (key := (local_name(below)[:-9], attribute(below, "id"))) in self.notes:
                yield from self._blocks_below(self.notes.pop(key))  # it may refer to itself

    def _text(self, element: Element, *, hidden: bool = False) -> str:
        """The text below an element that is shown; what is hidden is noted apart."""
        shown: list[str] = []
        unseen: list[str] = []
        self._gather(element, shown, unseen, hidden=hidden)
        if text := " ".join("".join(unseen).split()):
            self.hidden.append(text)
        lines = "".join(shown).split("\n")
        return "\n".join(" ".join(line.split()) for line in lines).strip()

    def _gather(
        self, element: Element, shown: list[str], unseen: list[str], *, hidden: bool
    ) -> None:
        for child in element:
            name = local_name(child)
            if name in NOT_SHOWN or name == "txbxContent":
                continue
            out = unseen if hidden else shown
            if name == "t":
                out.append(child.text or "")
            elif name in ("br", "cr"):
                out.append("\n")
            elif name in ("tab", "ptab"):
                out.append(" ")
            elif name == "noBreakHyphen":
                out.append("-")
            else:
                inner = hidden or (name == "r" and self._is_hidden(child))
                self._gather(child, shown, unseen, hidden=inner)

    def _is_hidden(self, run: Element) -> bool:
        properties = first(run, "rPr")
        if properties is None:
            return False
        size = _value(first(properties, "sz")) or ""
        tiny = size.isdecimal() and int(size) <= TINY
        named = self.styles.hidden.get(_value(first(properties, "rStyle")) or "", False)
        return tiny or named or _is_on(first(properties, "vanish"))

    def _table(self, table: Element) -> Iterator[str]:
        rows: list[list[str]] = []
        heads = 0
        for row in _children(table, "tr"):
            if heads == len(rows) and _is_on(first(row, "trPr", "tblHeader")):
                heads += 1
            rows.append([text for cell in _children(row, "tc") for text in self._cell(cell)])
        yield from row_lines(rows, header_rows=heads or None)

    def _cell(self, cell: Element) -> list[str]:
        """The text of a cell, and nothing for each further column that it spans."""
        span = _value(first(cell, "tcPr", "gridSpan")) or ""
        further = min(int(span), MOST_SPANNED) - 1 if span.isdecimal() else 0
        return [" ".join(block.text for block in self._blocks_below(cell)), *[""] * further]


def _children(parent: Element, name: str) -> Iterator[Element]:
    """The children of a name, those inside content controls too."""
    for child in parent:
        if local_name(child) == name:
            yield child
        elif local_name(child) in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _children(child, name)


def _read_styles(root: Element | None) -> _Styles:
    styles = _Styles()
    based_on: dict[str, str] = {}
    for style in root if root is not None else ():
        if local_name(style) != "style":
            continue
        key = attribute(style, "styleId") or ""
        name = (_value(first(style, "name")) or "").lower()
        based_on[key] = _value(first(style, "basedOn")) or ""
        level = _outline_level(style)
        if name == TOP_STYLE.lower():
            level = 0
        elif level is None and name.startswith("heading ") and name[8:].isdecimal():
            level = int(name[8:]) - 1
        if level is not None:
            styles.levels[key] = level
        if (vanish := first(style, "rPr", "vanish")) is not None:
            styles.hidden[key] = _is_on(vanish)
    _inherit(styles.levels, based_on)
    _inherit(styles.hidden, based_on)
    return styles


def _inherit(stated: dict[str, Stated], based_on: Mapping[str, str]) -> None:
    """Give each style what the nearest one states of those that it is based on."""
    for key in based_on:
        chain = [key]
        while chain[-1] not in stated:
            above = based_on[chain[-1]]
            if above not in based_on or above in chain:
                break
            chain.append(above)
        else:
            stated[key] = stated[chain[-1]]


def _outline_level(element: Element) -> int | None:
    stated = _value(first(element, "pPr", "outlineLvl")) or ""
    return int(stated) if stated.isdecimal() and int(stated) < 9 else None


def _value(element: Element | None) -> str | None:
    return attribute(element, "val") if element is not None else None


def _is_on(element: Element | None) -> bool:
    return element is not None and (_value(element) or "").lower() not in OFF
