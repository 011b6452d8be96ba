"""Which model servers answer at the addresses in settings, and what they have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.doctor.finding import Finding, Row, failed, note, ok
from app.doctor.visit import Visit
from app.models.model import ModelError
from app.models.ollama import listed_models
from app.models.ollama_server import ollama_version
from app.models.openai_server import list_openai_models
from app.settings import AnswerSettings

MOST_NAMED = 8  # models that are listed by name
NO_WRITER = (
    "For answers in a model's own words start Ollama (ollama serve) and fetch a model (ollama pull "
    "llama3.2); without one, sentences of your documents are quoted."
)


@dataclass(frozen=True)
class Server:
    """What a server says: the names of its models, or why it says nothing."""

    address: str
    models: Sequence[str] = ()
    silence: str = ""
    version: str = ""

    def __str__(self) -> str:
        if self.silence:
            return self.silence
        named = ", ".join(self.models[:MOST_NAMED])
        more = len(self.models) - MOST_NAMED
        has = f"{named} and {more} more" if more > 0 else named or "no model yet"
        version = f" {self.version}" if self.version else ""
        return f"answers at {self.address}{version}: {has}"


def check_servers(visit: Visit) -> Finding:
    """Each server is asked what it has; it is a failure only where the chosen model needs it."""
    settings = visit.answer_settings
    servers = ask_servers(settings)
    rows: tuple[Row, ...] = tuple((kind, str(server)) for kind, server in servers.items())
    kind, _, name = settings.model.partition(":")
    needed = servers.get(kind)
    if needed is not None and needed.silence:
        return failed(f"{settings.model} cannot answer: {needed.silence}", NO_WRITER, *rows)
    if needed is not None and not _has(needed.models, name):
        return failed(
            f"The server at {needed.address} has no model {name!r}, which settings ask for.",
            f"Fetch it: citebound models pull {name}"
            if kind == "ollama"
            else "Load it there, or name one that it has as model in settings.",
            *rows,
        )
    answering = [kind for kind, server in servers.items() if not server.silence]
    if not answering:
        if settings.model == "auto":
            return note("No model server answers.", NO_WRITER, *rows)
        return ok(f"No model server answers, and {settings.model} needs none.", *rows)
    return ok(f"{' and '.join(answering)} answer{'s' if len(answering) == 1 else ''}.", *rows)


def ask_servers(settings: AnswerSettings) -> Mapping[str, Server]:
    """What each kind of server says, by the kind's name."""
    return {
        "ollama": _ask_ollama(settings),
        "vllm": _ask_openai(settings.vllm_url),
        "openai-compatible": _ask_openai(settings.openai_compatible_url),
    }


def _ask_ollama(settings: AnswerSettings) -> Server:
    try:
        listed = listed_models(settings)
    except ModelError as error:
        return Server(settings.ollama_url, silence=str(error))
    names = [
        f"{model.name} (runs elsewhere)" if model.remote_host else model.name
        for model in listed.models or ()
    ]
    return Server(settings.ollama_url, names, version=ollama_version(settings) or "")


def _ask_openai(address: str) -> Server:
    models = list_openai_models(address)
    if models is None:
        return Server(address, silence=f"no server answers at {address}")
    return Server(address, list(models))


def _has(models: Sequence[str], name: str) -> bool:
    """Whether a model is among those of a server; Ollama's may be named without a tag."""
    known = {model.removesuffix(" (runs elsewhere)") for model in models}
    return not known.isdisjoint((name, f"{name}:latest"))
