"""The panel beside the chat: a document's page, the pages before and after it, and its file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath

import streamlit as st

from app.page_name import page_name
from app.ui.library.chosen import require_library
from app.ui.plain import plain
from app.ui.viewer.page_view import page_view
from app.ui.viewer.sheet import GONE, read_sheet
from app.ui.viewer.source import NoSourceError, source_bytes, unchanged_copy
from ingest.library import Library
from ingest.records import DocumentRecord

STYLE = Path(__file__).parent / "panel.css"
READING = "viewer-reading"


@dataclass(frozen=True)
class Opened:
    """What the panel was opened for."""

    document_id: str
    page: int
    quotes: tuple[str, ...]


@dataclass
class Reading:
    """How far somebody has walked from the page that the panel was opened at."""

    opened: Opened
    pages: int
    page: int

    def turn(self, step: int) -> None:
        """Walk so many pages on, or back, as far as there are pages."""
        self.page = min(max(self.page + step, 1), self.pages)

    def go_back(self) -> None:
        """Return to the page that was opened."""
        self.page = self.opened.page


def show_page(
    library: Library,
    document_id: str,
    page: int,
    quotes: tuple[str, ...],
    *,
    key: str,
    on_close: Callable[[], None] | None = None,
) -> None:
    """The panel, at the 1-based ``page`` with ``quotes`` marked; one of them on a page of ours.

    It stands at the window's upper edge as high as the window, over all of it where that is narrow.
    Turning pages draws the panel alone; ``on_close`` is called before the whole page is drawn anew.
    """
    st.html(STYLE)
    _show_panel(library, Opened(document_id, page, tuple(quotes)), key, on_close)


@st.fragment
def _show_panel(
    library: Library, opened: Opened, key: str, on_close: Callable[[], None] | None
) -> None:
    require_library(library.folder)
    if st.session_state.pop(f"{key}-left", False):
        st.rerun()
    leave = partial(_leave, key, on_close) if on_close is not None else None
    document = next((d for d in library.documents() if d.id == opened.document_id), None)
    with st.container(key="viewer", gap="xsmall"):
        _show_head(library, document, key, leave)
        if document is None:
            st.info(GONE, icon=":material/hide_image:")
            return
        reading = _reading(opened, document)
        _show_turning(library, reading, key)
        at_marks = reading.page == opened.page
        sheet = read_sheet(
            library, document.id, reading.page, opened.quotes if at_marks else (),
        )  # fmt: skip
        page_view(sheet, key=f"{key}-view", on_turn=reading.turn, on_leave=leave)


def forget_reading() -> None:
    """What is opened next begins at its own page."""
    st.session_state.pop(READING, None)


def _leave(key: str, on_close: Callable[[], None]) -> None:
    forget_reading()
    st.session_state[f"{key}-left"] = True  # the panel runs alone now, and has the page run again
    on_close()


def _reading(opened: Opened, document: DocumentRecord) -> Reading:
    """Where somebody is; at the page that was opened where another one was before."""
    reading = st.session_state.get(READING)
    if not isinstance(reading, Reading) or reading.opened != opened:
        reading = Reading(opened, document.pages, opened.page)
        st.session_state[READING] = reading
    return reading


def _show_head(
    library: Library,
    document: DocumentRecord | None,
    key: str,
    leave: Callable[[], None] | None,
) -> None:
    with st.container(key="viewer-head", horizontal=True, vertical_alignment="center", wrap=False):
        name = document.name if document else "A document"
        st.subheader(plain(PurePath(name).name), anchor=False)
        if document is not None:
            _show_download(library, document, key)
        if leave is not None:
            st.button(
                "Close", icon=":material/close:", type="tertiary", help="Close (Esc)",
                on_click=leave, key=f"{key}-close",
            )  # fmt: skip


def _show_download(library: Library, document: DocumentRecord, key: str) -> None:
    """The button that hands out the file, which is read when it is asked for."""
    missing = ""
    try:
        unchanged_copy(library, document.id)
    except NoSourceError as error:
        missing = str(error)
    st.download_button(
        "Download the source",
        data=partial(source_bytes, library, document.id),
        file_name=PurePath(document.name).name,
        mime="application/octet-stream",  # the browser keeps it, whatever is in it
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
        help=plain(missing) or "Download the source",
        disabled=bool(missing),
        key=f"{key}-download",
    )


def _show_turning(library: Library, reading: Reading, key: str) -> None:
    with st.container(key="viewer-turning", horizontal=True, vertical_alignment="center"):
        for step, name, icon in (
            (-1, "Previous page", ":material/chevron_left:"),
            (1, "Next page", ":material/chevron_right:"),
        ):
            if step == 1:
                read = library.page(reading.opened.document_id, reading.page)
                label = read.label if read else ""
                st.markdown(place_name(reading.page, reading.pages, label), width="content")
            st.button(
                name, icon=icon, type="tertiary", help=name, key=f"{key}-turn{step}",
                on_click=reading.turn, args=(step,),
                disabled=not 1 <= reading.page + step <= reading.pages,
            )  # fmt: skip
        if reading.page != reading.opened.page and reading.opened.quotes:
            st.button(
                "Back to the marked page", icon=":material/undo:", type="tertiary",
                key=f"{key}-back", on_click=reading.go_back,
            )  # fmt: skip


def place_name(page: int, pages: int, label: str) -> str:
    """Where a page is among all of them, as Markdown: page 3 of 12 (printed iii)."""
    name = page_name(page, label)
    if name != f"page {page}" and not re.search(rf"\b{page}$", name):
        return f"{plain(name)} ({page} of {pages})"
    printed = f" (printed {plain(label)})" if label not in ("", name, str(page)) else ""
    return f"{plain(name)} of {pages}{printed}"
