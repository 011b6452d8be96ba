"""What an empty conversation shows: how to begin, or what this library can be asked."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.counted import counted
from app.models.extractive import ExtractiveModel
from app.models.model import ModelError
from app.ui import pages
from app.ui.chat.conversation import Conversation
from app.ui.chat.first_documents import show_first_documents
from app.ui.chat.sidebar import Choices
from app.ui.chat.suggested import show_suggestions
from app.ui.library.add_documents import show_uploads
from app.ui.library.uploads import Uploads
from app.ui.opened import open_keeper
from app.ui.person import current_person
from app.ui.plain import plain
from ingest.library import Library

PULL = "ollama pull llama3.2"
QUOTED = (
    "Answers are quoted from your documents, which needs no language model and works already. "
    "For answers in a model's own words, install Ollama (ollama\u2060.com), run "
    "{command}, and choose the model in the sidebar."
)


def show_welcome(conversation: Conversation, library: Library, choices: Choices) -> None:
    """A first word, and where to begin."""
    uploads = open_keeper().uploads
    was_running = uploads.running  # before the library is looked into, which they fill
    if library.is_empty():
        _show_first_run(uploads, was_running, choices)
        return
    documents, held, _ = library.catalog.totals()
    st.header("What would you like to know?", anchor=False)
    st.caption(
        f"{counted(documents, 'document')}, {counted(held, 'page')}. Every sentence of an answer "
        "carries a footnote that opens the page it comes from."
    )
    is_first = not library.catalog.conversations(conversation.owner)
    going_on = st.container()
    if _can_ask_everything(choices):
        show_suggestions(conversation, library)
    if is_first and isinstance(choices.model, ExtractiveModel):
        st.caption(QUOTED.format(command=PULL))
    if is_first and current_person().admin:
        with going_on:  # last: see the Library page
            show_uploads(uploads, was_running, quiet=True)


def _can_ask_everything(choices: Choices) -> bool:
    ready = not choices.wrong and not isinstance(choices.model, ModelError)
    return ready and choices.documents is None


def _show_first_run(uploads: Uploads, was_running: bool, choices: Choices) -> None:
    """Three steps to the first answer."""
    st.header("Welcome to Citebound", anchor=False)
    st.markdown(
        "Ask questions of your own documents. Every sentence of an answer comes with the page "
        "that proves it, and nothing leaves this machine."
    )
    with _step(1, "Add documents"):
        if not current_person().admin:
            st.markdown("There are none yet. Whoever runs this page can add them.")
        elif not was_running:
            show_first_documents(uploads)
        going_on = st.container()
    with _step(2, "Ask"):
        # Within a container, or the page would be scrolled to its end.
        st.chat_input("Your question; some are suggested once there are documents", disabled=True)
    _show_model(choices)
    if current_person().admin:
        with going_on:
            show_uploads(uploads, was_running, quiet=True)


def _show_model(choices: Choices) -> None:
    """Who answers, and how to have a better one."""
    if isinstance(choices.model, ExtractiveModel | ModelError):
        title, said = "Add a language model, if you like", QUOTED.format(command=f"`{PULL}`")
    else:
        name = plain(choices.model.name)
        title = "Keep or change the language model"
        said = f"**{name}** writes the answers. Another can be chosen in the sidebar."
    with _step(3, title):
        st.markdown(said)
        if current_person().admin:
            st.page_link(pages.MODELS, label="Models", icon=":material/deployed_code:")


def _step(number: int, title: str) -> DeltaGenerator:
    step = st.container(border=True, gap="small", key=f"step-{number}")
    step.markdown(f":primary[:material/counter_{number}:] **{title}**")
    return step
