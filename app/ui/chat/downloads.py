"""The buttons that give the open conversation as a file."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import streamlit as st

from app.export.conversation import exported_conversation, file_name
from app.export.formats import FORMATS, Format
from app.ui.chat.asked import variants
from app.ui.chat.conversation import Conversation
from ingest.records import ConversationRecord


def show_downloads(record: ConversationRecord, conversation: Conversation) -> None:
    """A button for each format; a file is made when its button is clicked."""
    st.caption("Export with its sources")
    with st.container(horizontal=True, gap="small"):
        for one in FORMATS.values():
            st.download_button(
                one.label,
                partial(_made, one, record.title, conversation),
                f"{file_name(record.title)}.{one.ending}",
                one.media_type,
                on_click="ignore",
                key=f"export-{one.ending}",
            )


def _made(format: Format, title: str, conversation: Conversation) -> bytes:
    shown = [conversation.shown(there[0].place) for there in variants(conversation.asked)]
    now = datetime.now().astimezone()
    return format.make(exported_conversation(title, conversation.library.name, shown, exported=now))
