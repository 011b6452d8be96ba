"""One EPUB book -> its chapters, in the order of reading."""

from __future__ import annotations

import html.entities
import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from ingest.errors import UnreadableDocument
from ingest.readers.archive import (
    DAMAGED,
    Archive,
    all_below,
    first,
    open_archive,
    parse_xml,
    resolve,
)
from ingest.readers.content import NO_TEXT, ReadOrder, SourceContent
from ingest.readers.html import Markup, markup_of, parse_html
from ingest.readers.plain_text import decoded
from ingest.readers.sections import Pages, title_of

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
LOCKED = "it is locked to its buyer's programs (DRM)"
DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")  # of an encoding that is no longer the text's
ENTITY = re.compile(r"&(\w+);")
OF_XML = ("amp", "lt", "gt", "quot", "apos")


def read_epub(path: Path, order: ReadOrder) -> SourceContent:
    """Read an EPUB book. Raises UnreadableDocument with the reason."""
    pages = Pages()
    with open_archive(path) as archive:
        package = _package(archive)
        chapters = list(_chapters(archive, package))
        if set(chapters) & _encrypted(archive):
            raise UnreadableDocument(LOCKED)
        number = 0
        for part in chapters:
            markup = _markup(archive.read(part))
            if markup.blocks or markup.hidden:
                number += 1
                pages.add(markup.blocks, label=f"chapter {number}", hidden=markup.hidden)
        stated = first(archive.xml(package), "metadata", "title")
    if not any(page.text for page in pages.pages):
        raise UnreadableDocument(NO_TEXT)
    title = title_of(stated.text or "" if stated is not None else "", pages.outline, order.name)
    return SourceContent(title, tuple(pages.pages), tuple(pages.outline), "epub")


def _package(archive: Archive) -> str:
    """The part that lists the book's contents. Raises UnreadableDocument where none does."""
    for rootfile in all_below(archive.xml(CONTAINER), "rootfile"):
        return str(rootfile.get("full-path", ""))
    raise UnreadableDocument(f"{DAMAGED} (it names no package)")


def _chapters(archive: Archive, package: str) -> Iterator[str]:
    """The parts of the book's text; its table of contents is left out."""
    root = archive.xml(package)
    parts = {}
    for item in all_below(root, "item"):
        if "nav" not in (item.get("properties") or "").split():
            parts[item.get("id")] = resolve(package, item.get("href") or "")
    for entry in all_below(root, "itemref"):
        part = parts.get(entry.get("idref"), "")
        if part in archive.names and entry.get("linear") != "no":
            yield part


def _encrypted(archive: Archive) -> set[str]:
    root = archive.optional_xml(ENCRYPTION)
    found = all_below(root, "CipherReference") if root is not None else ()
    return {resolve("", reference.get("URI") or "") for reference in found}


def _markup(data: bytes) -> Markup:
    """A chapter, which is XML; where it is not well formed, it is read as HTML."""
    text = decoded(data, markup=True)
    try:
        well_formed = ENTITY.sub(_character, DECLARATION.sub("", text, count=1))
        return markup_of(parse_xml(well_formed.encode()))
    except (etree.XMLSyntaxError, ValueError):
        return parse_html(text)


def _character(entity: re.Match[str]) -> str:
    name = entity[1]
    return entity[0] if name in OF_XML else html.entities.html5.get(f"{name};", entity[0])
