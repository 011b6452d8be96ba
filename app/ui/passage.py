"""What a footnote opens: the passage with the quote in it, and a picture of its page."""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from app.ui.page_picture import NoPictureError, page_picture
from app.ui.plain import plain
from ingest.library import Library
from ingest.search import Passage


def show_citation(
    library: Library, passage: Passage, number: int, quotes: tuple[str, ...], key: str
) -> None:
    """One footnote, closed; its content is made when it is opened."""
    page, _ = passage.page_of(quotes[0] if quotes else "")
    label = f":blue-badge[{number}] {plain(passage.document)} · page {page}"
    with st.expander(label, key=f"citation-{key}", on_change="rerun") as opened:
        if opened.open:
            _show_passage(library, passage, quotes, page)


def _show_passage(library: Library, passage: Passage, quotes: tuple[str, ...], page: int) -> None:
    text, picture = st.columns([2, 3], gap="medium")
    with text:
        read = library.page(passage.document_id, page)
        st.caption(place(passage, page, read.label if read else str(page)))
        st.markdown(highlighted(passage.text, quotes))
    with picture:
        try:
            image = page_picture(library, passage.document_id, page, quotes)
        except NoPictureError as error:
            st.info(plain(str(error)), icon=":material/hide_image:")
        else:
            st.image(image, width="stretch", alt=f"Page {page}")


def place(passage: Passage, page: int, label: str) -> str:
    """Where a passage stands, in words, as Markdown."""
    printed = f" (printed {plain(label)})" if label != str(page) else ""
    trail = f" · {plain(passage.trail)}" if passage.trail else ""
    return f"{plain(passage.title)} · page {page}{printed}{trail}"


def highlighted(text: str, quotes: Sequence[str]) -> str:
    """A passage as Markdown with its quotes marked."""
    parts = [r"\s+".join(map(re.escape, quote.split())) for quote in quotes if quote.strip()]
    if not parts:
        return plain(text)
    # A group in the pattern makes split give the quotes too: every second piece is one.
    pieces = re.split(f"({'|'.join(parts)})", text)
    marked = [
        f":yellow-background[{plain(piece)}]" if index % 2 else plain(piece)
        for index, piece in enumerate(pieces)
    ]
    return " ".join(piece for piece in marked if piece)
