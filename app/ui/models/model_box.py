"""The choice of a model among those that servers have."""

from __future__ import annotations

import streamlit as st

from app.models.choose import AnswerModel
from app.settings import AnswerSettings
from app.ui.opened import choose, ollama_names, openai_models
from ingest.library import Library


def served_names(settings: AnswerSettings) -> list[str]:
    """The models that the servers of settings have, each as ``KIND:NAME``."""
    ollama = ollama_names(settings.ollama_url, settings)
    vllm = openai_models(settings.vllm_url) or {}
    others = openai_models(settings.openai_compatible_url) or {}
    return [
        *(f"ollama:{name}" for name in ollama),
        *(f"vllm:{name}" for name in vllm),
        *(f"openai-compatible:{name}" for name in others),
    ]


def model_names(settings: AnswerSettings) -> list[str]:
    """The models that can be chosen without writing a name, that of settings first."""
    return list(dict.fromkeys([settings.model, "auto", "extractive", *served_names(settings)]))


def model_box(label: str, key: str, settings: AnswerSettings) -> str:
    """Which model was chosen."""
    return str(st.selectbox(label, model_names(settings), key=key, persist_state="session"))


def choose_named(spec: str, library: Library, settings: AnswerSettings) -> AnswerModel:
    """The model of this name. Raises ModelError."""
    return choose(spec, library.folder, library, settings).model
