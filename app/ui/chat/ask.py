"""The chat: questions, answers as they come, and what proves them."""

from __future__ import annotations

import streamlit as st

from app.chain import build_chain
from app.events import Ask
from app.models.model import ModelError
from app.strategies import StrategyError
from app.ui.chat.asked import Asked, variants
from app.ui.chat.conversation import (
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
from ingest.library import Library
from prompts.template import PromptError

MOST_CHARACTERS = 4000  # of a question


def show_chat() -> None:
    """The page."""
    settings, library, person = open_answer_settings(), open_library(), current_person()
    conversation = current_conversation(library, person)
    with st.sidebar:
        show_history(conversation, library)
        choices = show_choices(library, settings)
    wanted = _question_box(conversation, library, choices) or conversation.wanted
    conversation.wanted = None
    if wanted:
        conversation = _ask(wanted, conversation, choices, library)
    if conversation.open_page is None:
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


def _question_box(conversation: Conversation, library: Library, choices: Choices) -> Wanted | None:
    hint, closed = "Ask your documents", False
    if library.is_empty():
        if not conversation.asked:
            return None  # the first page has a box of its own
        hint, closed = "Add documents first", True
    elif choices.wrong:
        hint, closed = "First put right what the sidebar names", True
    said = st.chat_input(hint, key="question", disabled=closed, max_chars=MOST_CHARACTERS)
    question = str(said).strip() if said else ""
    return Wanted(question) if question else None


def _ask(
    wanted: Wanted, conversation: Conversation, choices: Choices, library: Library
) -> Conversation:
    """Put a question into the conversation and start to answer it; the conversation it is in."""
    place = wanted.place
    if place is not None and place < conversation.last_place:
        conversation = branch(conversation, library, place)
        st.session_state["conversation"] = conversation
        place = None
    choices = choose_other(choices, wanted.model, wanted.strategy, library)
    asked = add_question(conversation, library, wanted.question, choices.told, place=place)
    _start(asked, conversation, choices, library)
    return conversation


def _start(asked: Asked, conversation: Conversation, choices: Choices, library: Library) -> None:
    exchange = asked.running
    if exchange is None or isinstance(choices.model, ModelError):
        if exchange is not None and isinstance(choices.model, ModelError):
            exchange.fail(choices.model)
        return
    try:
        chain = build_chain(library, choices.model, choices.settings)
    except (PromptError, StrategyError) as error:
        exchange.fail(error)
        return
    history = conversation.history(asked.place)
    exchange.start(chain, Ask(asked.question, history, choices.documents))


show_chat()
