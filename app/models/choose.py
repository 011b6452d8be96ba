"""Which model answers: one string, as ``KIND:NAME``, or a default with the reason for it."""

from __future__ import annotations

from dataclasses import dataclass

from app.models.extractive import ExtractiveModel
from app.models.gguf import GgufModel
from app.models.model import LanguageModel, ModelError
from app.models.ollama_server import OllamaServer, list_ollama_models, ollama_can_write
from app.models.openai_server import OpenAIServer
from app.models.served import ModelServer, ServedModel
from app.settings import AnswerSettings
from ingest.library import Library

AnswerModel = LanguageModel | ExtractiveModel  # one that writes, or the one that quotes
KINDS = (
    "auto", "extractive", "ollama:NAME", "vllm:NAME", "openai-compatible:NAME", "gguf:PATH"
)  # fmt: skip


@dataclass(frozen=True)
class ModelChoice:
    """The model that answers, and why it is that one."""

    model: AnswerModel
    reason: str


def choose_model(spec: str, library: Library, settings: AnswerSettings) -> ModelChoice:
    """The model for a string such as ``ollama:llama3.2``, ``extractive`` or ``auto``.

    Raises ModelError where the string names no kind of model.
    """
    if spec == "auto":
        return _default(library, settings)
    if spec == "extractive":
        return ModelChoice(ExtractiveModel(library), "it was chosen")
    return ModelChoice(served_model(spec, settings), "it was chosen")


def served_model(spec: str, settings: AnswerSettings) -> LanguageModel:
    """The model, behind a server or in a file, that a string such as ``ollama:llama3.2`` names.

    Raises ModelError where it names none.
    """
    kind, _, name = spec.partition(":")
    if kind == "gguf" and name:
        return GgufModel(name, settings)
    server: ModelServer
    if kind == "ollama" and name:
        server = OllamaServer(name, settings)
    elif kind in ("vllm", "openai-compatible") and name:
        server = OpenAIServer(kind, name, settings)
    else:
        raise ModelError(f"{spec!r} names no model; use one of: {', '.join(KINDS)}.")
    return ServedModel(spec, server, calls_at_once=settings.calls_at_once)


def _default(library: Library, settings: AnswerSettings) -> ModelChoice:
    """Ollama if it answers and has a model that writes, else the built-in answerer."""
    names = list_ollama_models(settings)
    if names is None:
        reason = f"Ollama does not answer at {settings.ollama_url}, so passages are quoted"
        return ModelChoice(ExtractiveModel(library), reason)
    for name in names:
        if ollama_can_write(name, settings):
            reason = f"Ollama answers at {settings.ollama_url} and has it"
            return ModelChoice(served_model(f"ollama:{name}", settings), reason)
    reason = f"Ollama at {settings.ollama_url} has no model that writes, so passages are quoted"
    return ModelChoice(ExtractiveModel(library), reason)
