"""One text file -> its paragraphs, whatever its encoding; and Markdown, by way of HTML."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from ingest.errors import UnreadableDocument
from ingest.readers.content import EMPTY, NO_TEXT, TOO_LARGE, ReadOrder, SourceContent
from ingest.readers.sections import Block, Pages, printable, title_of

MOST_BYTES = 64 << 20
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
DECLARED_WITHIN = 2048  # bytes
SAMPLE = 1 << 16  # bytes in which an encoding is looked for
WESTERN = "cp1252"
MOST_OTHER_ZEROS = 0.05  # among the low bytes of UTF-16, for each zero among the high ones
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
MOST_CONTROLS = 0.001  # of the characters of a text
NOT_TEXT = "it is not a text file"
REPLACEMENT = "\ufffd"
NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
MOST_WRONG = 0.2  # of the characters that are not ASCII in a text of UTF-8
BLANK_LINES = re.compile(r"\n\s*\n")


def read_text(path: Path, order: ReadOrder) -> SourceContent:
    """Read a text file. Raises UnreadableDocument with the reason."""
    text = printable(decoded(read_bytes(path)))
    pages = Pages()
    pages.add((Block(part.strip("\n")) for part in BLANK_LINES.split(text)), label="")
    if not text.strip():
        raise UnreadableDocument(NO_TEXT)
    return SourceContent(title_of("", (), order.name), tuple(pages.pages), (), "text")


def read_bytes(path: Path) -> bytes:
    """The content of a file that is text. Raises UnreadableDocument: empty or too large."""
    size = path.stat().st_size
    if size == 0:
        raise UnreadableDocument(EMPTY)
    if size > MOST_BYTES:
        raise UnreadableDocument(f"{TOO_LARGE} for a text: {size >> 20} MB")
    return path.read_bytes()


def decoded(data: bytes, *, markup: bool = False) -> str:
    """Bytes as text: by byte order mark, as UTF-8, as declared in ``markup``, or as is likely.

    Raises UnreadableDocument where it is no text.
    """
    text = _decoded(data, markup=markup)
    if len(CONTROLS.findall(text)) > MOST_CONTROLS * len(text):
        raise UnreadableDocument(NOT_TEXT)
    return text


def _decoded(data: bytes, *, markup: bool) -> str:
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if b"\0" in data[:SAMPLE]:
        return data.decode(_utf_16(data[:SAMPLE]), errors="replace")
    text = data.decode("utf-8", errors="replace")
    if text.count(REPLACEMENT) <= MOST_WRONG * sum(map(len, NOT_ASCII.findall(text))):
        return text  # a cut or damaged character does not make it another encoding
    declared = _as_declared(data) if markup else None
    return declared or data.decode(_likely_encoding(data[:SAMPLE]), errors="replace")


def _as_declared(data: bytes) -> str | None:
    """Bytes as text in the encoding that they declare; None where it is none, or not theirs."""
    declared = DECLARED.search(data[:DECLARED_WITHIN])
    if declared is None:
        return None
    try:
        text = data.decode(declared[1].decode(), errors="replace")
    except (LookupError, UnicodeError):  # "undefined", say, is an encoding that fails
        return None
    return text if declared[0].decode() in text else None


def _likely_encoding(sample: bytes) -> str:
    """The encoding of a text that is not UTF-8; the Western one where others fit no better."""
    from charset_normalizer import from_bytes

    matches = from_bytes(sample)
    best = matches.best()
    western = (match for match in matches if WESTERN in match.could_be_from_charset)
    if best is None or any(match.chaos <= best.chaos for match in western):
        return WESTERN
    return best.encoding


def _utf_16(sample: bytes) -> str:
    """Which UTF-16 a text with zero bytes is in. Raises UnreadableDocument where in none."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if min(even, odd) > MOST_OTHER_ZEROS * max(even, odd):
        raise UnreadableDocument(NOT_TEXT)
    return "utf-16-be" if even > odd else "utf-16-le"
