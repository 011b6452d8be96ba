"""One PowerPoint file -> a page for each slide, with its tables and speaker's notes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

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

TITLES = ("title", "ctrTitle")
FILLED_BY_PROGRAM = ("sldNum", "dt", "ftr", "hdr", "sldImg")
OFF = ("0", "false")


def read_pptx(path: Path, order: ReadOrder) -> SourceContent:
    """Read a PowerPoint file. Raises UnreadableDocument with the reason."""
    pages = Pages()
    with open_archive(path) as archive:
        for number, part in enumerate(_slides(archive), 1):
            slide = archive.xml(part)
            hidden: list[str] = []
            blocks = [*_blocks(slide, hidden), *_related_blocks(archive, part, hidden)]
            shown = (slide.get("show") or "").lower() not in OFF
            if not shown:
                hidden.insert(0, "\n".join(block.text for block in blocks))
            pages.add(blocks if shown else [], label=f"slide {number}", hidden=hidden)
        stated = stated_title(archive)
    if not any(page.text for page in pages.pages):
        raise UnreadableDocument(NO_TEXT)
    title = title_of(stated, pages.outline, order.name)
    return SourceContent(title, tuple(pages.pages), tuple(pages.outline), "pptx")


def _slides(archive: Archive) -> Iterator[str]:
    """The slides' parts in the order in which they are shown."""
    main = main_part(archive)
    parts = related(archive, main)
    listed = first(archive.xml(main), "sldIdLst")
    for entry in listed if listed is not None else ():
        for key, value in entry.attrib.items():
            if key.endswith("}id") and value in parts and parts[value][1] in archive.names:
                yield parts[value][1]


def _blocks(root: Element, hidden: list[str]) -> Iterator[Block]:
    """The text of a slide's shapes, the title first, wherever it is; ``hidden`` gathers theirs."""
    shapes = list(all_below(root, "sp", "tbl"))
    shapes.sort(key=lambda shape: _placeholder(shape) not in TITLES)
    for shape in shapes:
        kind = _placeholder(shape)
        if kind in FILLED_BY_PROGRAM:
            continue
        if _is_hidden(shape):
            hidden += filter(None, ["\n".join(_paragraphs(shape))])
        elif local_name(shape) == "tbl":
            yield from map(Block, _table(shape))
        elif kind not in TITLES:
            yield from map(Block, _paragraphs(shape))
        elif title := " ".join(_paragraphs(shape)):
            yield Block(title, 0)


def _related_blocks(archive: Archive, part: str, hidden: list[str]) -> Iterator[Block]:
    """The text of a slide's diagrams and the notes of its speaker."""
    for kind, name in related(archive, part).values():
        if name not in archive.names:
            continue
        if kind == "diagramData":
            yield from map(Block, _paragraphs(archive.xml(name)))
        elif kind == "notesSlide":
            notes = " ".join(block.text for block in _blocks(archive.xml(name), hidden))
            if notes:
                yield Block(f"Notes: {notes}")


def _table(table: Element) -> Iterator[str]:
    rows = [
        [" ".join(_paragraphs(cell)) for cell in row if local_name(cell) == "tc"]
        for row in all_below(table, "tr")
    ]
    properties = first(table, "tblPr")
    marked = properties is not None and properties.get("firstRow") == "1" and len(rows) > 1
    yield from row_lines(rows, header_rows=1 if marked else None)


def _paragraphs(root: Element) -> Iterator[str]:
    for paragraph in all_below(root, "p"):
        parts = [
            (found.text or "") if local_name(found) == "t" else "\n"
            for found in all_below(paragraph, "t", "br")
        ]
        if text := "".join(parts).strip():
            yield text


def _placeholder(shape: Element) -> str | None:
    """The kind of placeholder that a shape fills; None where it fills none."""
    mark = first(shape, "nvSpPr", "nvPr", "ph")
    return None if mark is None else attribute(mark, "type") or "body"


def _is_hidden(shape: Element) -> bool:
    """Whether a shape is hidden, or the frame or a group that it is in."""
    for around in (shape, *shape.iterancestors()):
        stated = next((child for child in around if local_name(child).startswith("nv")), None)
        properties = first(stated, "cNvPr")
        if properties is not None and properties.get("hidden") in ("1", "true"):
            return True
    return False
