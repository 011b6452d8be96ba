"""Files that are zip archives of XML (Word, PowerPoint, Excel, EPUB), opened with care.

What an archive would unpack to is looked at before any of it is unpacked, and XML is parsed
without entities, without the network and without limits being lifted.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml import etree

from ingest.errors import UnreadableDocument
from ingest.readers.content import EMPTY, TOO_LARGE

MOST_BYTES = 1 << 29  # that an archive may unpack to, its pictures and films counted in
MOST_XML_BYTES = 100 << 20
MOST_PARTS = 20_000
XML_ENDINGS = (".xml", ".rels", ".xhtml", ".html", ".htm", ".opf", ".ncx", ".vml")
OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")  # how files before 2007, and encrypted ones, begin
ENCRYPTED_OFFICE = (
    "it is encrypted, or of Office before 2007; save it without a password and in a newer format"
)
DAMAGED = "it is damaged"

Element = Any  # lxml has no types of its own
# What reading a damaged archive or a damaged part of one raises.
DAMAGE = (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, NotImplementedError, EOFError)


class Archive:
    """An archive that is not too large; its parts are named as in the archive."""

    def __init__(self, opened: zipfile.ZipFile) -> None:
        self._opened = opened
        self.names = frozenset(opened.namelist())

    def read(self, name: str) -> bytes:
        """One part; zipfile reads no more of it than was declared.

        Raises UnreadableDocument where there is none of that name or it is encrypted.
        """
        if name not in self.names:
            raise UnreadableDocument(f"{DAMAGED} (it lacks its part {name[:80]!r})")
        try:
            return self._opened.read(name)
        except RuntimeError as error:  # how zipfile says that a part is encrypted
            raise UnreadableDocument(f"{DAMAGED} or encrypted ({str(error)[:120]})") from error

    def xml(self, name: str) -> Element:
        """The root of a part that is XML. Raises UnreadableDocument or XMLSyntaxError."""
        return parse_xml(self.read(name))

    def optional_xml(self, name: str) -> Element | None:
        """The root of a part that need not be there."""
        return self.xml(name) if name in self.names else None


def parse_xml(data: bytes) -> Element:
    """The root of an XML text; no entity is resolved and nothing is fetched."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(data, parser)


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open a file that is an archive. Raises UnreadableDocument where it is damaged or too large.

    Damage that is met inside the block is named as well.
    """
    try:
        with path.open("rb") as file:
            beginning = file.read(len(OLD_OFFICE))
            if not beginning:
                raise UnreadableDocument(EMPTY)
            if beginning == OLD_OFFICE:
                raise UnreadableDocument(ENCRYPTED_OFFICE)
            with zipfile.ZipFile(file) as opened:
                _check_sizes(opened.infolist())
                yield Archive(opened)
    except DAMAGE as error:
        raise UnreadableDocument(f"{DAMAGED} ({str(error)[:120]})") from error


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    total = sum(part.file_size for part in parts)
    xml = sum(part.file_size for part in parts if part.filename.lower().endswith(XML_ENDINGS))
    if total > MOST_BYTES or xml > MOST_XML_BYTES or len(parts) > MOST_PARTS:
        raise UnreadableDocument(f"{TOO_LARGE}: it unpacks to {max(total, xml) >> 20} MB")


def local_name(element: Element) -> str:
    """An element's name without its namespace; empty for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Element, name: str) -> str | None:
    """An attribute by its name without namespace."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return None


def first(element: Element | None, *names: str) -> Element | None:
    """The element below ``element`` that a path of names without namespaces leads to."""
    for name in names:
        if element is None:
            return None
        element = next((child for child in element if local_name(child) == name), None)
    return element


def all_below(element: Element, *names: str) -> Iterator[Element]:
    """All elements of these names below ``element``, in the order of the file."""
    return (found for found in element.iter() if local_name(found) in names)


def resolve(base: str, target: str) -> str:
    """The name of the part that ``target`` means when the part ``base`` refers to it."""
    target = unquote(target.partition("#")[0])
    joined = (
        target[1:] if target.startswith("/") else posixpath.join(posixpath.dirname(base), target)
    )
    return posixpath.normpath(joined)


def related(archive: Archive, name: str) -> dict[str, tuple[str, str]]:
    """What an Office part refers to inside the archive: id -> (last word of its kind, part)."""
    folder, _, base = name.rpartition("/")
    root = archive.optional_xml(f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels")
    found: dict[str, tuple[str, str]] = {}
    for relation in root if root is not None else ():
        kind = str(relation.get("Type", "")).rpartition("/")[2]
        if relation.get("TargetMode") != "External" and local_name(relation) == "Relationship":
            found[relation.get("Id", "")] = (kind, resolve(name, relation.get("Target", "")))
    return found


def main_part(archive: Archive) -> str:
    """The part that an Office file begins with. Raises UnreadableDocument where it names none."""
    for kind, part in related(archive, "").values():
        if kind == "officeDocument":
            return part
    raise UnreadableDocument(f"{DAMAGED} (it names no document part)")


def stated_title(archive: Archive) -> str:
    """The title in an Office file's properties."""
    for kind, part in related(archive, "").values():
        if kind == "core-properties" and part in archive.names:
            title = first(archive.xml(part), "title")
            return str(title.text or "") if title is not None else ""
    return ""
