"""The library: what is in it, taking documents in, looking at one, removing documents."""

from __future__ import annotations

import streamlit as st

from app.counted import counted
from app.ui.library.add_documents import show_add, show_uploads
from app.ui.library.address import DOCUMENT
from app.ui.library.chosen import choose_library, make_library
from app.ui.library.document_view import show_document
from app.ui.library.folders import show_folders
from app.ui.library.keeper import Keeper
from app.ui.library.leaving import show_departures
from app.ui.library.listing import show_list
from app.ui.library.passages import show_search
from app.ui.opened import open_keeper
from app.ui.person import current_person
from app.ui.plain import plain
from ingest.errors import CiteboundError

DOCUMENTS, PASSAGES, ADD, FOLDERS = "Documents", "Find passages", "Add documents", "Watched folders"


def show_library() -> None:
    """The page: one document where the address names it, else the library."""
    keeper = open_keeper()
    asked = st.query_params.get(DOCUMENT)
    if asked:
        show_document(keeper, asked)
    else:
        _show_whole(keeper)


def _show_whole(keeper: Keeper) -> None:
    uploading, leaving = keeper.uploads.running, keeper.departures.running
    documents, pages, passages = keeper.library.catalog.totals()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.header("Library", anchor=False, width="stretch")
        if current_person().admin:
            _new_library()
    size = f"{counted(documents, 'document')}, {counted(pages, 'page')}"
    st.caption(f"{plain(keeper.library.folder.name)}: {size}, {counted(passages, 'passage')}.")
    if not current_person().admin:
        st.caption("Documents are added and removed by admins.")
    going_on = st.container()
    if not documents:
        st.markdown("Nothing is here yet: add documents, then ask about them.")
    _show_parts(keeper, has_documents=bool(documents))
    # Last, so that what draws itself anew does not begin to while the rest is still being drawn.
    with going_on:
        if current_person().admin:
            show_uploads(keeper.uploads, uploading)
        show_departures(keeper.departures, leaving)


def _show_parts(keeper: Keeper, *, has_documents: bool) -> None:
    names = [DOCUMENTS, PASSAGES] if has_documents else []
    names += [ADD, FOLDERS] if current_person().admin else []
    if not names:
        return
    shown = st.tabs(names, key="library_tabs", on_change="rerun")
    for name, tab in zip(names, shown, strict=True):
        if tab.open:
            with tab:
                _show_part(name, keeper)


def _show_part(name: str, keeper: Keeper) -> None:
    if name == DOCUMENTS:
        show_list(keeper)
    elif name == PASSAGES:
        show_search(keeper.library)
    elif name == ADD:
        show_add(keeper.uploads)
    else:
        show_folders(keeper.watching)


def _new_library() -> None:
    with st.popover("New library", icon=":material/create_new_folder:"):
        with st.form("new_library", border=False):
            name = st.text_input(
                "Name", max_chars=60, help="Letters, digits, spaces, - and _.", key="new_name"
            )
            asked = st.form_submit_button("Create", type="primary")
        if asked:
            try:
                choose_library(make_library(name or "").name)
            except CiteboundError as error:
                st.error(plain(str(error)), icon=":material/error:")
            else:
                st.rerun()


show_library()
