"""Text of documents, models and cases, made harmless for where it is shown."""

from __future__ import annotations

import re
from html import escape

# Control characters steer a terminal and are no XML; surrogates alone cannot be written.
UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
MARKDOWN = re.compile(r"([\\`*_\[\]|#~])")


def plain(text: str) -> str:
    """Text without what steers a terminal; it may stand in XML once it is escaped."""
    return UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def one_line(text: str, most: int = 0) -> str:
    """Plain text on one line, cut to ``most`` characters if that is given."""
    line = " ".join(plain(text).split())
    return f"{line[: most - 1]}…" if most and len(line) > most else line


def as_html(text: object) -> str:
    """Text for a page, in an element or in a quoted attribute."""
    return escape(plain(str(text)))


def as_markdown(text: object, most: int = 0) -> str:
    """Text for a line or a cell of Markdown, cut to ``most`` characters if that is given."""
    return MARKDOWN.sub(r"\\\1", escape(one_line(str(text), most), quote=False))
