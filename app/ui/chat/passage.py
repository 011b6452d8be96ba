"""What a footnote opens: the passage with the quote in it, and a picture of its page."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.page_name import page_name
from app.ui.plain import plain
from app.ui.viewer.page_text import marked_pieces
from app.ui.viewer.page_view import page_view
from app.ui.viewer.sheet import read_sheet
from ingest.library import Library
from ingest.search import Passage

PAGE_HEIGHT = 600  # pixels; a longer page is scrolled


def show_citation(
    library: Library, passage: Passage, number: int, quotes: tuple[str, ...], key: str
) -> None:
    """One footnote, closed; its content is made when it is opened."""
    page, label = passage.page_of(quotes[0] if quotes else "")
    heading = f":blue-badge[{number}] {plain(passage.document)} · {plain(page_name(page, label))}"
    with st.expander(heading, key=f"citation-{key}", on_change="rerun") as opened:
        if opened.open:
            _show_passage(library, passage, quotes, page, f"page-{key}")


def _show_passage(
    library: Library, passage: Passage, quotes: tuple[str, ...], page: int, key: str
) -> None:
    text, picture = st.columns([2, 3], gap="medium")
    with text:
        read = library.page(passage.document_id, page)
        st.caption(place(passage, page, read.label if read else str(page)))
        st.markdown(highlighted(passage.text, quotes))
    with picture:
        page_view(
            read_sheet(library, passage.document_id, page, quotes), key=key, height=PAGE_HEIGHT
        )


def place(passage: Passage, page: int, label: str) -> str:
    """Where a passage stands, in words, as Markdown."""
    name = page_name(page, label)
    printed = f" (printed {plain(label)})" if label not in (name, str(page)) else ""
    trail = f" · {plain(passage.trail)}" if passage.trail else ""
    return f"{plain(passage.title)} · {plain(name)}{printed}{trail}"


def highlighted(text: str, quotes: Sequence[str]) -> str:
    """A passage as Markdown with its quotes marked."""
    return " ".join(
        f":yellow-background[{plain(piece.text)}]" if piece.marked else plain(piece.text)
        for piece in marked_pieces(text, quotes)
        if piece.text.strip()
    )
