"""One place of the conversation: its question, and its answer, or several side by side."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.ui.chat.actions import show_actions, show_variants
from app.ui.chat.answer_view import LOOK_SECONDS, show_answer, show_beneath
from app.ui.chat.asked import Asked
from app.ui.chat.conversation import MOST_CHARACTERS, Conversation, Wanted
from app.ui.chat.sidebar import Choices
from app.ui.library.chosen import require_library
from app.ui.plain import plain
from ingest.library import Library


def show_turn(
    there: Sequence[Asked], conversation: Conversation, library: Library, choices: Choices
) -> None:
    """Draw what was asked and answered at one place; ``there`` are its variants, oldest first."""
    place = there[0].place
    shown = conversation.shown(place)
    with st.chat_message("user", avatar=":material/person:"):
        if conversation.editing == place:
            _edit(shown, conversation)
        else:
            st.markdown(plain(shown.question))
    beside = list(there) if place in conversation.beside else [shown]
    with st.chat_message("assistant", avatar=":material/format_quote:"):
        if len(there) > 1:
            show_variants(there, conversation)
        for column, asked in zip(st.columns(len(beside)), beside, strict=True):
            with column:
                _show_answer(asked, conversation, library, choices, named=len(there) > 1)


def _show_answer(
    asked: Asked,
    conversation: Conversation,
    library: Library,
    choices: Choices,
    *,
    named: bool,
) -> None:
    """The answer as it comes, then as it is; drawn by a fragment, which repeats while it runs."""
    asked_of = asked.choices.get("documents", "")
    who = [asked.choices.get(name, "") for name in ("model", "strategy")] if named else []
    said = [part for part in (*who, f"Asked of {asked_of}" if asked_of else "") if part]
    if said:
        st.caption(plain(" · ".join(said)))
    every = LOOK_SECONDS if asked.state == "running" else None
    st.fragment(_follow, run_every=every)(asked, conversation, began=asked.state)
    if asked.state != "running":
        show_beneath(asked, library)
        show_actions(asked, conversation, library, choices)


def _follow(asked: Asked, conversation: Conversation, *, began: str) -> None:
    require_library(conversation.library)
    state = asked.state
    show_answer(asked, conversation)
    if state == "running":
        st.button(
            "Stop",
            icon=":material/stop:",
            type="tertiary",
            on_click=asked.stop,
            key=f"stop-{asked.id}",
        )
    elif began == "running":
        st.rerun()


def _edit(asked: Asked, conversation: Conversation) -> None:
    """The question as text that can be changed; asked anew, the old answer stays as a variant."""
    with st.form(f"edit-{asked.id}", border=False):
        text = st.text_area(
            "Question", asked.question, key=f"edited-{asked.id}", max_chars=MOST_CHARACTERS
        )
        with st.container(horizontal=True):
            ask = st.form_submit_button("Ask", type="primary")
            leave = st.form_submit_button("Cancel")
        if asked.place < conversation.last_place:
            st.caption(
                "What comes before it goes on in a new conversation; this one stays as it is."
            )
    if leave or (ask and text.strip()):
        conversation.editing = None
        if ask:
            conversation.wanted = Wanted(text.strip(), asked.place)
        st.rerun()
