"""The chat: questions, answers as they come, and what proves them."""

from __future__ import annotations

import streamlit as st

from app.chain import build_chain
from app.events import Ask
from app.models.model import ModelError
from app.strategies import StrategyError
from app.ui import pages
from app.ui.chat.answer_view import show_exchange, show_progress
from app.ui.chat.exchange import Exchange
from app.ui.chat.session import Conversation, current_conversation
from app.ui.chat.sidebar import Asked, show_sidebar
from app.ui.opened import open_answer_settings, open_library
from app.ui.plain import plain
from ingest.library import Library
from prompts.template import PromptError

LOOK_SECONDS = 0.08  # between two looks at an answer that is coming
NAMES_SHOWN = 3


def show_chat() -> None:
    """The page."""
    settings, library = open_answer_settings(), open_library()
    asked, conversation = show_sidebar(library, settings), current_conversation()
    question = _question_box(library, asked)
    if question:
        _begin(question, conversation, asked, library)
    if not conversation.exchanges:
        _welcome(library)
    for index, exchange in enumerate(conversation.exchanges):
        key = f"{conversation.number}-{index}"
        with st.chat_message("user", avatar=":material/person:"):
            st.markdown(plain(exchange.question))
        with st.chat_message("assistant", avatar=":material/format_quote:"):
            _show_answer(exchange, library, key)


def _question_box(library: Library, asked: Asked) -> str | None:
    hint, closed = "Ask your documents", False
    if not library.documents():
        hint, closed = "Add documents first", True
    elif asked.wrong:
        hint, closed = "First put right what the sidebar names", True
    said = st.chat_input(
        hint, key="question", submit_mode="disable", disabled=closed, max_chars=4000
    )
    return str(said).strip() if said else None


def _begin(question: str, conversation: Conversation, asked: Asked, library: Library) -> None:
    """Put a question into the conversation and start to answer it."""
    conversation.stop()
    exchange = Exchange(question)
    history = conversation.history()
    conversation.exchanges.append(exchange)
    if isinstance(asked.model, ModelError):
        exchange.fail(asked.model)
        return
    try:
        chain = build_chain(library, asked.model, asked.settings)
    except (PromptError, StrategyError) as error:
        exchange.fail(error)
        return
    exchange.start(chain, Ask(question, history, asked.documents))


def _show_answer(exchange: Exchange, library: Library, key: str) -> None:
    """The answer as it comes, then as it is."""
    place = st.empty()
    if exchange.state == "running":
        with place.container():
            _follow(exchange, key)
    with place.container():
        show_exchange(exchange, library, key)


def _follow(exchange: Exchange, key: str) -> None:
    """Show the text as it grows; only the stop button ends the answer, no other click does."""
    with st.container(horizontal=True, vertical_alignment="center"):
        progress = st.empty()
        st.button(
            "Stop", icon=":material/stop:", type="tertiary", on_click=exchange.stop,
            key=f"stop-{key}",
        )  # fmt: skip
    text = st.empty()
    shown = ""
    while not exchange.wait(LOOK_SECONDS):
        show_progress(progress, exchange)
        if exchange.text != shown:
            shown = exchange.text
            text.markdown(plain(shown) + " :gray[▍]")


def _welcome(library: Library) -> None:
    """What an empty conversation shows."""
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
    st.markdown(f":gray[{listed}]")


show_chat()
