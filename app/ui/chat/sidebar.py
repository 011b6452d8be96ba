"""What stands beside the chat: who answers and how, and the documents that are asked."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app.models.choose import KINDS, AnswerModel
from app.models.extractive import ExtractiveModel
from app.models.model import ModelError
from app.settings import AnswerSettings
from app.strategies import STRATEGIES
from app.ui.chat.sampling import choose_sampling
from app.ui.chat.session import start_anew
from app.ui.counted import counted
from app.ui.opened import choose, ollama_names
from app.ui.plain import plain
from ingest.library import Library

ANOTHER = "another model"


@dataclass(frozen=True)
class Asked:
    """Who answers (or why nobody does), how, and from which documents; None: all.

    ``wrong`` is whether something is to be put right before anything can be asked.
    """

    model: AnswerModel | ModelError
    settings: AnswerSettings
    documents: tuple[str, ...] | None
    wrong: bool = False


def show_sidebar(library: Library, settings: AnswerSettings) -> Asked:
    """Draw the sidebar; what was chosen in it."""
    with st.sidebar:
        st.button(
            "New conversation",
            icon=":material/add_comment:",
            on_click=start_anew,
            width="stretch",
        )
        model = _choose_model(library, settings)
        if isinstance(model, ExtractiveModel | ModelError):
            return Asked(model, settings, _choose_documents(library))
        settings = settings.model_copy(update={"strategy": _choose_strategy(settings)})
        documents = _choose_documents(library)
        sampled = choose_sampling(settings)
        return Asked(model, sampled or settings, documents, wrong=sampled is None)


def _choose_model(library: Library, settings: AnswerSettings) -> AnswerModel | ModelError:
    served = [f"ollama:{name}" for name in ollama_names(settings.ollama_url, settings)]
    specs = list(dict.fromkeys([settings.model, "auto", "extractive", *served, ANOTHER]))
    spec = st.selectbox("Model", specs, key="model", persist_state="session")
    if spec == ANOTHER:
        spec = st.text_input(
            "Its kind and name",
            placeholder="openai-compatible:NAME",
            help=f"One of: {plain(', '.join(KINDS))}.",
            key="another",
            persist_state="session",
        )
    if not spec:
        return ModelError("Name a model in the sidebar first.")
    try:
        choice = choose(spec.strip(), library.folder, library, settings)
    except ModelError as error:
        st.warning(plain(str(error)), icon=":material/warning:")
        return error
    st.caption(plain(f"{choice.model.name}: {choice.reason}."))
    return choice.model


def _choose_strategy(settings: AnswerSettings) -> str:
    names = list(dict.fromkeys([settings.strategy, *STRATEGIES]))
    name = st.selectbox("Way to answer", names, key="strategy", persist_state="session")
    strategy = STRATEGIES.get(name)
    if strategy:
        calls = f"Calls of the model: {strategy.calls}; tokens: {strategy.tokens}."
        st.caption(plain(f"{strategy.summary} {calls}"))
    return str(name)


def _choose_documents(library: Library) -> tuple[str, ...] | None:
    documents, pages, passages = library.catalog.totals()
    names = {document.id: document.name for document in library.documents()}
    chosen = st.multiselect(
        "Documents",
        list(names),
        format_func=lambda key: names.get(key, key),
        placeholder="All documents",
        key="documents",
        persist_state="session",
        disabled=not names,
    )
    st.caption(
        f"Library {plain(library.folder.name)}: {counted(documents, 'document')}, "
        f"{counted(pages, 'page')}, {counted(passages, 'passage')}."
    )
    return tuple(chosen) or None
