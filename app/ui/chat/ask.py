"""The chat: questions, answers as they come, and what proves them."""

from __future__ import annotations

import streamlit as st

from app.chain import build_chain
from app.events import Ask
from app.models.model import ModelError
from app.ui.chat.asked import Asked, variants
from app.ui.chat.conversation import (
    KEY,
    MOST_CHARACTERS,
    Conversation,
    Wanted,
    add_question,
    branch,
    current_conversation,
)
from app.ui.chat.history import show_history
from app.ui.chat.open_page import show_open_page
from app.ui.chat.sidebar import Choices, choose_other, show_choices
from app.ui.chat.turn import show_turn
from app.ui.chat.welcome import show_welcome
from app.ui.opened import open_answer_settings, open_library
from app.ui.person import current_person
from app.ui.plain import plain
from app.ui.viewer.panel import forget_reading
from ingest.errors import CiteboundError
from ingest.library import Library
from prompts.template import PromptError

QUESTION = "question"  # the box's key
PUT_RIGHT = "First put right what the sidebar names"


def show_chat() -> None:
    """The page."""
    settings, library, person = open_answer_settings(), open_library(), current_person()
    conversation = current_conversation(library, person)
    with st.sidebar:
        show_history(conversation, library)
        choices = show_choices(library, settings)
    _show_question_box(conversation, library, choices)
    if conversation.wanted:
        conversation = _ask_wanted(conversation.wanted, conversation, choices, library)
    if conversation.open_page is None:
        forget_reading()
        _show_conversation(conversation, library, choices)
        return
    answers, page = st.columns([1, 1], gap="medium")
    with answers:
        _show_conversation(conversation, library, choices)
    with page:
        show_open_page(conversation, library)


def _show_conversation(conversation: Conversation, library: Library, choices: Choices) -> None:
    if not conversation.asked:
        show_welcome(conversation, library, choices)
    for there in variants(conversation.asked):
        show_turn(there, conversation, library, choices)


def _show_question_box(conversation: Conversation, library: Library, choices: Choices) -> None:
    hint, closed = "Ask your documents", False
    if library.is_empty():
        if not conversation.asked:
            return  # the first page has a box of its own
        hint, closed = "Add documents first", True
    elif choices.wrong:
        hint, closed = PUT_RIGHT, True
    # By a callback: what is sent would be lost if this run gave way to another one before it acts.
    st.chat_input(
        hint, key=QUESTION, disabled=closed, max_chars=MOST_CHARACTERS,
        on_submit=_want, args=(conversation,),
    )  # fmt: skip


def _want(conversation: Conversation) -> None:
    question = str(st.session_state[QUESTION] or "").strip()
    if question:
        conversation.wanted = Wanted(question)


def _ask_wanted(
    wanted: Wanted, conversation: Conversation, choices: Choices, library: Library
) -> Conversation:
    """Put a question into the conversation and start to answer it; the conversation it is in."""
    if choices.wrong:
        conversation.wanted = None
        st.toast(f"{PUT_RIGHT}.", icon=":material/warning:")
        return conversation
    choices = choose_other(choices, wanted.model, wanted.strategy, library)
    place, left = wanted.place, conversation
    try:
        if _changes_what_follows(wanted, conversation):
            conversation = branch(conversation, library, place or 1)
            st.session_state[KEY] = conversation
            place = None
        left.wanted = None
        asked = add_question(conversation, library, wanted.question, choices.told, place=place)
    except CiteboundError as error:
        left.wanted = None
        st.error(plain(str(error)), icon=":material/error:")
        return conversation
    _start(asked, conversation, choices, library)
    return conversation


def _changes_what_follows(wanted: Wanted, conversation: Conversation) -> bool:
    """Whether an earlier question was edited, on which later answers may lean."""
    place = wanted.place
    if place is None or place >= conversation.last_place:
        return False
    return wanted.question != conversation.shown(place).question


def _start(asked: Asked, conversation: Conversation, choices: Choices, library: Library) -> None:
    exchange = asked.running
    if exchange is None or isinstance(choices.model, ModelError):
        if exchange is not None and isinstance(choices.model, ModelError):
            exchange.fail(choices.model)
        return
    try:
        chain = build_chain(library, choices.model, choices.settings)
    except (CiteboundError, PromptError) as error:
        exchange.fail(error)
        return
    history = conversation.history(asked.place)
    documents = choices.documents.ids if choices.documents else None
    exchange.start(chain, Ask(asked.question, history, documents))


show_chat()
