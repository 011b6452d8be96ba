"""The library and the model, opened once and shared by all pages and visitors."""

from __future__ import annotations

from collections import defaultdict
from contextlib import nullcontext
from pathlib import Path

import streamlit as st

from app.models.choose import ModelChoice, choose_model
from app.models.ollama import OllamaModel, list_models
from app.models.ollama_server import list_ollama_models
from app.models.openai_server import list_openai_models
from app.settings import AnswerSettings
from app.ui.library.chosen import chosen_library
from app.ui.library.keeper import Keeper, Keepers
from app.ui.models.pull import Pull
from app.ui.plain import plain
from ingest.errors import CiteboundError
from ingest.library import Library
from ingest.settings import IngestSettings, library_folder, load_settings

MOST_OPEN = 16  # libraries; of more, the one that nobody has looked at for longest is closed
OPENING = "Opening the library; the first time takes about a minute"
SECONDS_TO_TRUST = 20.0  # what a model server has said; then it is looked at again

# Neither of them in a cache of Streamlit, which whoever reaches the page can have cleared.
_keepers = Keepers(MOST_OPEN)
PULLS: defaultdict[str, list[Pull]] = defaultdict(list)  # by Ollama's address, the newest last


def open_library() -> Library:
    """The library that was chosen; that of settings is made if there is none.

    An error ends the page with one sentence.
    """
    return open_keeper().library


def open_keeper() -> Keeper:
    """The library that was chosen with what goes on in it; as ``open_library``."""
    try:
        choice, settings = chosen_library(), load_settings(IngestSettings)
        with nullcontext() if _keepers else st.spinner(OPENING):
            return _keepers.get(choice.folder, settings)
    except CiteboundError as error:
        st.error(plain(str(error)), icon=":material/error:")
        st.stop()


def load_library() -> Library:
    """The library of settings, opened once for all. Raises CiteboundError."""
    settings = load_settings(IngestSettings)
    return _keepers.get(library_folder(settings.library), settings).library


def open_answer_settings() -> AnswerSettings:
    """The settings of answers; an error ends the page with one sentence."""
    try:
        return load_settings(AnswerSettings)
    except CiteboundError as error:
        st.error(plain(str(error)), icon=":material/error:")
        st.stop()


@st.cache_resource(show_spinner=False, ttl=SECONDS_TO_TRUST)
def choose(
    spec: str,
    folder: Path,  # noqa: ARG001 - part of the cache's key
    _library: Library,
    _settings: AnswerSettings,
) -> ModelChoice:
    """The model for a string, chosen anew after a while. Raises ModelError."""
    return choose_model(spec, _library, _settings)


@st.cache_data(show_spinner=False, ttl=SECONDS_TO_TRUST)
def ollama_names(
    url: str,  # noqa: ARG001 - part of the cache's key
    _settings: AnswerSettings,
) -> list[str]:
    """The models of Ollama, empty where it does not answer."""
    return list_ollama_models(_settings) or []


@st.cache_data(show_spinner="Asking Ollama what it has", ttl=SECONDS_TO_TRUST)
def ollama_models(
    url: str,  # noqa: ARG001 - part of the cache's key
    _settings: AnswerSettings,
) -> list[OllamaModel]:
    """What is known of the models of Ollama. Raises ModelError, which is not kept."""
    return list_models(_settings)


@st.cache_data(show_spinner=False, ttl=SECONDS_TO_TRUST)
def openai_models(address: str) -> dict[str, int | None] | None:
    """The models that a server with OpenAI's protocol serves; None where it does not answer."""
    return list_openai_models(address)


def look_again() -> None:
    """Forget what model servers have said."""
    for remembered in (choose, ollama_names, ollama_models, openai_models):
        remembered.clear()
