"""What a footnote opens: the passage with the quote in it, and a picture of its page."""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from app.page_name import page_name
from app.ui.plain import plain
from app.ui.viewer.page_picture import NoPictureError, has_pictures, page_picture
from ingest.library import Library
from ingest.search import Passage

TEXT_HEIGHT = 600  # pixels; a longer page is scrolled
PARAGRAPH = re.compile(r"\S(?:(?!\n\s*\n).)*", re.DOTALL)

Span = tuple[int, int]


def show_citation(
    library: Library, passage: Passage, number: int, quotes: tuple[str, ...], key: str
) -> None:
    """One footnote, closed; its content is made when it is opened."""
    page, label = passage.page_of(quotes[0] if quotes else "")
    heading = f":blue-badge[{number}] {plain(passage.document)} · {plain(page_name(page, label))}"
    with st.expander(heading, key=f"citation-{key}", on_change="rerun") as opened:
        if opened.open:
            _show_passage(library, passage, quotes, page)


def _show_passage(library: Library, passage: Passage, quotes: tuple[str, ...], page: int) -> None:
    text, picture = st.columns([2, 3], gap="medium")
    with text:
        read = library.page(passage.document_id, page)
        st.caption(place(passage, page, read.label if read else str(page)))
        st.markdown(highlighted(passage.text, quotes))
    with picture:
        _show_page(library, passage.document_id, page, quotes)


def _show_page(library: Library, document_id: str, page: int, quotes: tuple[str, ...]) -> None:
    """The page's picture with the quotes marked; where there is none, its text."""
    try:
        if has_pictures(library, document_id):
            image = page_picture(library, document_id, page, quotes)
            st.image(image, width="stretch", alt=f"Page {page}")
            return
    except NoPictureError as error:
        st.info(plain(str(error)), icon=":material/hide_image:")
    read = library.page(document_id, page)
    if read is not None and read.text:
        with st.container(border=True, height=TEXT_HEIGHT):
            for paragraph in marked_paragraphs(read.text, quotes):
                st.markdown(paragraph)


def place(passage: Passage, page: int, label: str) -> str:
    """Where a passage stands, in words, as Markdown."""
    name = page_name(page, label)
    printed = f" (printed {plain(label)})" if label not in (name, str(page)) else ""
    trail = f" · {plain(passage.trail)}" if passage.trail else ""
    return f"{plain(passage.title)} · {plain(name)}{printed}{trail}"


def highlighted(text: str, quotes: Sequence[str]) -> str:
    """A passage as Markdown with its quotes marked."""
    return _marked(text, (0, len(text)), _quoted(text, quotes))


def marked_paragraphs(text: str, quotes: Sequence[str]) -> list[str]:
    """The paragraphs of a page as Markdown; a quote is marked in each that it runs through."""
    quoted = _quoted(text, quotes)
    return [_marked(text, match.span(), quoted) for match in PARAGRAPH.finditer(text)]


def _quoted(text: str, quotes: Sequence[str]) -> list[Span]:
    """Where quotes stand in a text, whatever white space is between their words."""
    parts = [r"\s+".join(map(re.escape, quote.split())) for quote in quotes if quote.strip()]
    return [match.span() for match in re.finditer("|".join(parts), text)] if parts else []


def _marked(text: str, part: Span, quoted: Sequence[Span]) -> str:
    start, end = part
    inside = [(max(left, start), min(right, end)) for left, right in quoted]
    pieces = []
    for left, right in [*((a, b) for a, b in inside if a < b), (end, end)]:
        pieces.append(plain(text[start:left]))
        pieces.append(f":yellow-background[{plain(text[left:right])}]" if left < right else "")
        start = right
    return " ".join(piece for piece in pieces if piece)
