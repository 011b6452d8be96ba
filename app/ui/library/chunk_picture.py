"""A document's page with its chunks tinted and numbered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from app.page_name import page_name
from app.ui.viewer.page_image import page_image
from app.ui.viewer.page_marks import Box, boxes_on
from app.ui.viewer.sheet import Sheet
from app.ui.viewer.source import drawing, pdf_to_draw
from ingest.chunk_places import chunk_rectangles
from ingest.library import Library
from ingest.readers.content import Page
from ingest.readers.pdf_open import open_pdf
from ingest.records import PageChunk

TINTS = 2  # in turn
PAGES_KEPT = 100


def chunk_sheet(
    library: Library, document_id: str, page: Page, chunks: tuple[PageChunk, ...]
) -> Sheet:
    """A page's picture with its ``chunks`` tinted in turn. Raises NoPictureError."""
    path = pdf_to_draw(library, document_id)
    name = f"{page_name(page.number, page.label)} with its chunks"
    image = page_image(library, document_id, page.number)
    return Sheet(name, image, _boxes(document_id, page, chunks, path))


@st.cache_data(show_spinner=False, max_entries=PAGES_KEPT)
def _boxes(
    document_id: str,  # noqa: ARG001 - the file's sha256, part of the cache's key
    page: Page,
    chunks: tuple[PageChunk, ...],
    _path: Path,
) -> tuple[Box, ...]:
    boxes: list[Box] = []
    with drawing(_path) as passwords:
        found = chunk_rectangles(_path, page, chunks, passwords=passwords)
        with open_pdf(_path, passwords) as document:
            for chunk, parts in zip(chunks, found, strict=True):
                lines = boxes_on(document[page.number - 1], parts)
                boxes += [replace(line, tint=chunk.number % TINTS) for line in lines]
                if lines:
                    boxes[-len(lines)] = replace(boxes[-len(lines)], label=str(chunk.number))
    return tuple(boxes)
