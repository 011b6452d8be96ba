"""A picture of a document's page, without any marks."""

from __future__ import annotations

import io
from pathlib import Path

import streamlit as st
from PIL import Image

from app.ui.viewer.source import NoPictureError, drawing, pdf_to_draw
from ingest.library import Library
from ingest.readers.pdf_picture import render_page

WIDTH = 1200  # pixels: half a wide window on a screen with two pixels to each point
MOST_BYTES = 250_000
FEW_COLOURS = 1024  # print has one for each shade of grey; photographs have many more
# Print is smaller and sharper as it is, photographs are drawn less exactly; the next way is taken
# where a picture is too large. More effort (method, of 6) takes long for few bytes.
AS_IT_IS = {"lossless": True, "quality": 30, "method": 1}
LESS_EXACTLY = [{"quality": quality, "method": 2} for quality in (70, 45, 25)]
PICTURES_KEPT = 64


def page_image(library: Library, document_id: str, page: int) -> bytes:
    """A WebP of the 1-based ``page``, of any copy of the document.

    Raises NoPictureError where none is there as it was ingested, or where it cannot be drawn.
    """
    path = pdf_to_draw(library, document_id)
    if library.page(document_id, page) is None:
        raise NoPictureError("The document is no longer in the library.")
    return _image(document_id, page, path)


@st.cache_data(show_spinner=False, max_entries=PICTURES_KEPT)
def _image(
    document_id: str,  # noqa: ARG001 - the file's sha256, the cache's key with the page
    page: int,
    _path: Path,
) -> bytes:
    with drawing(_path) as passwords:
        picture = render_page(_path, page, width=WIDTH, passwords=passwords).to_pil()
    return _webp(picture.convert("RGB"))


def _webp(picture: Image.Image) -> bytes:
    print_alone = picture.getcolors(FEW_COLOURS) is not None
    for way in [AS_IT_IS, *LESS_EXACTLY] if print_alone else LESS_EXACTLY:
        written = io.BytesIO()
        picture.save(written, "WEBP", **way)
        if written.tell() <= MOST_BYTES:
            break
    return written.getvalue()
