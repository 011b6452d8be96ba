"""What an empty conversation shows."""

from __future__ import annotations

import streamlit as st

from app.ui import pages
from app.ui.chat.conversation import Conversation
from app.ui.plain import plain
from ingest.library import Library

NAMES_SHOWN = 3


def show_welcome(conversation: Conversation, library: Library) -> None:  # noqa: ARG001
    """A first word, and where to begin."""
    documents = library.documents()
    if not documents:
        st.header("Welcome to Citebound", anchor=False)
        st.markdown(
            "Ask questions of your own documents. Every sentence of an answer comes with the page "
            "that proves it, and nothing leaves this machine."
        )
        st.page_link(pages.LIBRARY, label="Add documents", icon=":material/upload_file:")
        return
    st.header("What would you like to know?", anchor=False)
    names = [document.title for document in documents[:NAMES_SHOWN]]
    more = len(documents) - len(names)
    listed = " · ".join(plain(name) for name in names) + (f" · and {more} more" if more else "")
    st.caption(listed)
