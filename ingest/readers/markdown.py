"""One Markdown file -> HTML in memory -> its headings, paragraphs and tables."""

from __future__ import annotations

import re
from pathlib import Path

from ingest.readers.content import ReadOrder, SourceContent
from ingest.readers.html import content_of, parse_html
from ingest.readers.plain_text import decoded, read_bytes

FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
TITLE = re.compile(r"^title:[ \t]*(.+?)[ \t]*$", re.MULTILINE)


def read_markdown(path: Path, order: ReadOrder) -> SourceContent:
    """Read a Markdown file. Raises UnreadableDocument with the reason."""
    from markdown_it import MarkdownIt

    text = decoded(read_bytes(path)).replace("\r\n", "\n")
    title = None
    if front_matter := FRONT_MATTER.match(text):
        title = TITLE.search(front_matter[1])
        text = text[front_matter.end() :]
    markup = parse_html(MarkdownIt("commonmark").enable("table").render(text))
    markup.title = title[1].strip("\"'") if title else ""
    return content_of(markup, order, "markdown")
