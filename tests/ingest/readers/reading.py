"""Short ways to read a file in tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import UnreadableDocument
from ingest.readers.content import HIDDEN, ReadOrder, SourceContent
from ingest.readers.source import read_source


def read(path: Path) -> SourceContent:
    """Read a file under its own name."""
    return read_source(path, ReadOrder(path.name))


def read_written(path: Path, content: str | bytes) -> SourceContent:
    """Write a file and read it."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read(path)


def paragraphs(content: SourceContent) -> list[str]:
    """The paragraphs of all pages."""
    return [part for page in content.pages for part in page.text.split("\n\n") if part]


def hidden(content: SourceContent) -> list[str]:
    """What was left out because nobody sees it."""
    return [left.text for page in content.pages for left in page.left_out if left.reason == HIDDEN]


def reason(path: Path) -> str:
    """Why a file cannot be read."""
    with pytest.raises(UnreadableDocument) as caught:
        read(path)
    return str(caught.value)
