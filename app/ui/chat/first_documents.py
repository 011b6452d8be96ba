"""The first documents: an upload box, or the sample handbook with one click."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import streamlit as st

from app.ui.chat.taking_in import TakingIn
from app.ui.person import for_admins, require_admin
from app.ui.plain import plain
from ingest.library import Library
from ingest.readers.source import ENDINGS, KINDS

KEY = "first-documents"
LOOK_SECONDS = 0.5


# What is being taken in, by library, for all who look: a page that is loaded anew finds it again.
# Not in a cache of Streamlit, which whoever reaches the page can have cleared.
_taking_in: defaultdict[Path, TakingIn] = defaultdict(TakingIn)


def show_first_documents(library: Library) -> None:
    """The ways to add the first documents; how far it is, once one is taken."""
    taking = _taking_in[library.folder]
    if taking.is_running:
        show_taking_in(library)
        return
    st.file_uploader(
        f"{KINDS}; they stay on this machine.",
        type=[ending.removeprefix(".") for ending in ENDINGS],
        accept_multiple_files=True,
        key=KEY,
        on_change=for_admins(_add_uploads),
        args=(library, taking),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Try it with the sample handbook",
            icon=":material/auto_stories:",
            on_click=for_admins(taking.take_sample),
            args=(library,),
        )
        st.caption("Five short PDFs on language models and on how this program works.")
    _show_failures(taking)


def show_taking_in(library: Library) -> None:
    """How far documents on their way into the library are, and which were not added."""
    taking = _taking_in[library.folder]
    if taking.is_running:
        st.fragment(_follow, run_every=LOOK_SECONDS)(taking)
    _show_failures(taking)


def _follow(taking: TakingIn) -> None:
    require_admin()
    if not taking.is_running:
        st.rerun()
    st.status(plain(taking.said), state="running")


def _show_failures(taking: TakingIn) -> None:
    for failure in taking.failures:
        st.error(plain(failure), icon=":material/error:")


def _add_uploads(library: Library, taking: TakingIn) -> None:
    files = st.session_state[KEY]
    if files:
        taking.take_uploads([(file.name, file.getvalue()) for file in files], library)
