"""One document: its facts, page by page its picture with its chunks, and how it was read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from app.counted import counted
from app.ui import pages
from app.ui.chat.sidebar import ASKED_DOCUMENTS
from app.ui.library.address import close_document, open_document, page_in_address
from app.ui.library.chunk_picture import chunk_sheet
from app.ui.library.keeper import Keeper
from app.ui.library.leaving import show_departures, show_leaving
from app.ui.library.ledger import show_ledger
from app.ui.library.passages import show_search
from app.ui.person import current_person
from app.ui.plain import plain
from app.ui.viewer.page_view import page_view
from app.ui.viewer.source import NoPictureError, has_pictures
from ingest.library import Library
from ingest.readers.content import Page
from ingest.records import DocumentRecord, PageChunk

KILOBYTE = 1000
COLOURS = ("orange", "blue")  # in turn, as on the picture
TEXT_HEIGHT = 900  # pixels; a longer page is scrolled
PAGES, PASSAGES, LEDGER = "Pages and chunks", "Find passages", "How it was read"
GO_TO = "go_to_page"


def show_document(keeper: Keeper, document_id: str) -> None:
    """The page of one document; a calm sentence where it is not in the library."""
    library, leaving = keeper.library, keeper.departures.running
    record = library.catalog.document(document_id)
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            st.button(
                "All documents", icon=":material/arrow_back:", type="tertiary",
                on_click=close_document,
            )  # fmt: skip
        if record and st.button("Ask about it", icon=":material/forum:", type="tertiary"):
            st.session_state[ASKED_DOCUMENTS] = [record.id]
            st.switch_page(pages.CHAT)
        if record and current_person().admin:
            show_leaving(keeper, [record], back=True)
    if record is None:
        st.header("No such document", anchor=False)
        st.markdown("The library does not hold this document; it may have been removed.")
        return
    st.header(plain(record.title or record.name), anchor=False)
    going_on = st.container()
    st.caption(plain(facts(record, library.catalog.methods_of(record.id))))
    for path in record.paths:
        if not path.is_relative_to(library.sources_folder):
            st.caption(f"File: {plain(str(path))}")
    names = (PAGES, PASSAGES, LEDGER)
    tabs = st.tabs(names, key="document_tabs", on_change="rerun")
    for name, tab in zip(names, tabs, strict=True):
        if tab.open:
            with tab:
                _show_part(name, library, record)
    with going_on:  # last: see the list
        show_departures(keeper.departures, leaving)


def facts(record: DocumentRecord, methods: dict[str, int]) -> str:
    """What is known of a document, on one line."""
    text = ", ".join(f"{method} ({counted(pages, 'page')})" for method, pages in methods.items())
    parts = [
        record.name,
        counted(record.pages, "page"),
        counted(record.chunks, "chunk"),
        f"text from: {text}" if text else "",
        f"{record.bytes / KILOBYTE:,.0f} kB",
        f"read by {record.reader}",
        f"added {datetime.fromtimestamp(record.added):%d %b %Y %H:%M}",
    ]
    return " · ".join(part for part in parts if part)


def _show_part(name: str, library: Library, record: DocumentRecord) -> None:
    if name == PAGES:
        _show_pages(library, record)
    elif name == PASSAGES:
        show_search(library, [record.id])
    else:
        show_ledger(library, record)


def _show_pages(library: Library, record: DocumentRecord) -> None:
    number = page_in_address(record.pages)
    _show_steps(record, number)
    page = library.page(record.id, number)
    if page is None:
        return
    chunks = tuple(library.catalog.chunks_on_page(record.id, number))
    sheet, beside = st.columns([3, 2], gap="medium")
    with sheet:
        _show_sheet(library, record, page, chunks)
    with beside:
        _show_chunks(page, chunks)


def _show_steps(record: DocumentRecord, number: int) -> None:
    """From page to page."""
    st.session_state[GO_TO] = number
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            "Previous", icon=":material/chevron_left:", disabled=number == 1,
            on_click=open_document, args=(record.id, number - 1),
        )  # fmt: skip
        st.number_input(
            f"Page of {record.pages:,}", min_value=1, max_value=record.pages, step=1, key=GO_TO,
            width=120, on_change=_go_to, args=(record.id,),
        )  # fmt: skip
        st.button(
            "Next", icon=":material/chevron_right:", disabled=number == record.pages,
            on_click=open_document, args=(record.id, number + 1),
        )  # fmt: skip


def _go_to(document_id: str) -> None:
    open_document(document_id, int(st.session_state[GO_TO]))


def _show_sheet(
    library: Library, record: DocumentRecord, page: Page, chunks: tuple[PageChunk, ...]
) -> None:
    """The page's picture, or its text where there is none."""
    try:
        if has_pictures(library, record.id):
            sheet = chunk_sheet(library, record.id, page, chunks)
            page_view(sheet, key="chunk-page", height=TEXT_HEIGHT)
            return
    except NoPictureError as error:
        st.info(plain(str(error)), icon=":material/hide_image:")
    with st.container(border=True, height=TEXT_HEIGHT):
        st.markdown(tinted_text(page.text, chunks) or "This page has no text.")


def tinted_text(text: str, chunks: Sequence[PageChunk]) -> str:
    """A page's text as Markdown, line by line, each chunk in its tint and behind its number."""
    pieces: list[str] = []
    reached = 0
    for chunk in chunks:
        colour = COLOURS[chunk.number % 2]
        pieces += _lines(text[reached : chunk.start], "")
        pieces.append(f":{colour}-badge[{chunk.number}]")
        pieces += _lines(text[chunk.start : chunk.end], f":{colour}-background")
        reached = chunk.end
    pieces += _lines(text[reached:], "")
    return "  \n".join(pieces)


def _lines(text: str, tint: str) -> list[str]:
    lines = [plain(line) for line in text.splitlines() if line.strip()]
    return [f"{tint}[{line}]" if tint else line for line in lines]


def _show_chunks(page: Page, chunks: Sequence[PageChunk]) -> None:
    """The chunks beside the picture, and what was left out of the page."""
    st.caption(f"{counted(len(chunks), 'chunk')} on this page, as search and answers use them; "
               f"text from: {plain(page.method)}.")  # fmt: skip
    for chunk in chunks:
        with st.container(border=True):
            st.markdown(f":{COLOURS[chunk.number % 2]}-badge[{chunk.number}] {_heading(chunk)}")
            st.markdown("  \n".join(_lines(chunk.text, "")))
    for part in page.left_out:
        st.caption(f"Left out, {plain(part.reason)}: {plain(part.text)}")


def _heading(chunk: PageChunk) -> str:
    """A chunk's trail and size."""
    parts = [counted(chunk.tokens, "token")]
    parts += ["begins on the page before"] if chunk.begins_before else []
    parts += ["goes on, on the next page"] if chunk.goes_on else []
    trail = f"**{plain(chunk.trail)}** · " if chunk.trail else ""
    return trail + " · ".join(parts)
