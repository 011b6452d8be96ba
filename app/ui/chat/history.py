"""The conversations of a visitor, in the sidebar: search, open, name, export, delete."""

from __future__ import annotations

import streamlit as st

from app.ui.chat.conversation import Conversation, open_conversation, start_anew
from app.ui.chat.downloads import show_downloads
from app.ui.person import for_people
from app.ui.plain import plain
from app.ui.rows import rows
from ingest.errors import CiteboundError
from ingest.library import Library
from ingest.records import ConversationRecord

SHOWN = 40  # conversations; older ones are found by searching
ROWS = 4  # of them that are seen at once: what is chosen below stays in sight
ROWS_HEIGHT = 128  # pixels; a part of the next row tells that there are more
TITLE = 60  # characters of a title that are shown


def show_history(conversation: Conversation, library: Library) -> None:
    """Draw the list of conversations."""
    st.button(
        "New conversation",
        icon=":material/add_comment:",
        on_click=start_anew,
        args=(library, conversation.owner),
        width="stretch",
    )
    all_kept = library.catalog.conversations(conversation.owner)
    if not all_kept:
        return
    with st.expander("Conversations", icon=":material/history:", expanded=True):
        search = ""
        if len(all_kept) > 1:
            search = st.text_input(
                "Search conversations",
                placeholder="Search conversations",
                label_visibility="collapsed",
                key="conversation-search",
            )
        kept = all_kept
        if search.strip():
            kept = library.catalog.conversations(conversation.owner, search=search)
        with rows("history", ROWS_HEIGHT if len(kept) > ROWS else "content"):
            for record in kept[:SHOWN]:
                _show_row(record, conversation, library)
        if not kept:
            st.caption("No conversation has these words.")
        elif len(kept) > SHOWN:
            st.caption(f"and {len(kept) - SHOWN} more: search to find one")
        for record in all_kept:
            if record.id == conversation.id:
                _show_more(record, conversation, library)


def _show_row(record: ConversationRecord, conversation: Conversation, library: Library) -> None:
    title = plain(record.title[:TITLE] + ("…" if len(record.title) > TITLE else ""))
    st.button(
        f"**{title}**" if record.id == conversation.id else title,
        type="tertiary",
        key=f"conversation-{record.id}",
        width="stretch",
        wrap=False,
        on_click=open_conversation,
        args=(library, record.id, conversation.owner),
    )


def _show_more(record: ConversationRecord, conversation: Conversation, library: Library) -> None:
    """What can be done with the conversation that is open."""
    with st.popover("This conversation", icon=":material/more_horiz:", width="stretch"):
        st.text_input(
            "Name",
            record.title,
            max_chars=200,
            key=f"name-{record.id}",
            on_change=for_people(_name),
            args=(record.id, library),
        )
        show_downloads(record, conversation)
        sure = st.checkbox("Delete for good", key=f"sure-{record.id}")
        st.button(
            "Delete",
            icon=":material/delete:",
            disabled=not sure,
            key=f"delete-{record.id}",
            on_click=for_people(_delete),
            args=(record.id, conversation, library),
        )


def _name(id: str, library: Library) -> None:
    try:
        title = " ".join(str(st.session_state[f"name-{id}"]).split())
        library.catalog.name_conversation(id, title)
    except CiteboundError as error:
        st.toast(plain(str(error)), icon=":material/error:")


def _delete(id: str, conversation: Conversation, library: Library) -> None:
    try:
        library.catalog.remove_conversation(id)
    except CiteboundError as error:
        st.toast(plain(str(error)), icon=":material/error:")
        return
    if id == conversation.id:
        conversation.stop()
        start_anew(library, conversation.owner)
