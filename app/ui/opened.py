"""The library and the model, opened once and shared by all pages and visitors."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.models.choose import ModelChoice, choose_model
from app.models.ollama import OllamaModel, list_models
from app.models.ollama_server import list_ollama_models
from app.models.openai_server import list_openai_models
from app.people.person import PeopleError
from app.people.sharing import may_see
from app.settings import AnswerSettings
from app.ui.models.pull import Pull
from app.ui.person import current_person
from app.ui.plain import plain
from ingest.errors import CiteboundError
from ingest.library import Library
from ingest.settings import IngestSettings, library_folder, load_settings

SECONDS_TO_TRUST = 20.0  # what a model server has said; then it is looked at again


def open_library() -> Library:
    """The library of settings, made if there is none; an error ends the page with one sentence."""
    try:
        settings = load_settings(IngestSettings)
        folder = library_folder(settings.library)
        if not may_see(current_person(), folder):
            raise PeopleError("No library is shared with you yet; ask an admin to share one.")
        return _library(folder, settings.model_dump_json(), settings)
    except CiteboundError as error:
        st.error(plain(str(error)), icon=":material/error:")
        st.stop()


def open_answer_settings() -> AnswerSettings:
    """The settings of answers; an error ends the page with one sentence."""
    try:
        return load_settings(AnswerSettings)
    except CiteboundError as error:
        st.error(plain(str(error)), icon=":material/error:")
        st.stop()


@st.cache_resource(
    show_spinner="Opening the library; the first time takes about a minute",
    on_release=Library.close,
)
def _library(
    folder: Path,
    settings: str,  # noqa: ARG001 - part of the cache's key: another embedder, another library
    _settings: IngestSettings,
) -> Library:
    return Library.open(folder, settings=_settings, create=True)


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


@st.cache_resource(show_spinner=False)
def pulls(url: str) -> list[Pull]:  # noqa: ARG001 - the cache's key
    """The pulls of one Ollama, the newest last: they outlive a page that is loaded anew."""
    return []


def look_again() -> None:
    """Forget what model servers have said."""
    for remembered in (choose, ollama_names, ollama_models, openai_models):
        remembered.clear()
