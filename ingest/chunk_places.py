"""Where the chunks of a page stand on it, so that they can be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ingest.readers.content import Page, Rectangle
from ingest.readers.pdf_picture import find_all_rectangles
from ingest.records import PageChunk


def chunk_rectangles(
    path: Path, page: Page, chunks: Sequence[PageChunk], *, passwords: Sequence[str] = ()
) -> list[list[Rectangle]]:
    """For each chunk of ``page`` its rectangles, in points, on that page of the PDF at ``path``.

    ``chunks`` are those of the page, in order. What OCR has read stands where it was read, the rest
    where the file's own text is. Raises UnreadableDocument where the file cannot be shown.
    """
    texts = [page.text[chunk.start : chunk.end] for chunk in chunks]
    by_text = find_all_rectangles(path, page.number, texts, passwords=passwords)
    by_place = [
        [place.rectangle for place in page.places
         if place.start < chunk.end and chunk.start < place.end]
        for chunk in chunks
    ]  # fmt: skip
    return [read + found for read, found in zip(by_place, by_text, strict=True)]
