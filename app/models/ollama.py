"""The models that Ollama has: what they are, where they come from, and getting or removing one."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import httpx
from pydantic import ValidationError

from app.models.model import ModelError
from app.models.ollama_said import ListedModel, ListedModels, PullStep, Said, ShownModel
from app.settings import AnswerSettings

SECONDS_TO_ANSWER = 10.0
SECONDS_OF_SILENCE = 120.0  # while a model is pulled: the server checks what it has loaded
PULLED = "success"  # what Ollama says last

AnySaid = TypeVar("AnySaid", bound=Said)
License = Literal["permissive", "restricted", "closed", "not stated"]

PERMISSIVE = re.compile(
    r"\bapache license\b|\bmit license\b|\bpermission is hereby granted, free of charge\b|\bbsd\b|"
    r"\bcc[- ]by[- ]4\.0\b|\bcreative commons attribution 4\.0\b",
    re.IGNORECASE,
)
RESTRICTED = re.compile(
    r"\bcommunity license\b|\bterms of use\b|\bnon-?commercial\b|\bresearch license\b|"
    r"\bcc[- ]by[- ]nc\b|\blicense agreement\b|\bacceptable use\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class OllamaModel:
    """A model of Ollama. ``size`` is in bytes; what Ollama does not say is empty or None.

    ``lineage`` says whether it is a base model or tuned, and from what. ``licence`` is permissive
    (use as you like), restricted (with conditions on use), closed (its weights are not here) or
    not stated.
    """

    name: str
    size: int
    digest: str
    family: str
    parameters: str
    quantization: str
    context_tokens: int | None
    capabilities: tuple[str, ...]
    lineage: str
    is_base: bool
    licence: License


@dataclass(frozen=True)
class PullProgress:
    """How far a pull is; ``total`` is 0 where it is not about bytes."""

    status: str
    completed: int
    total: int


def list_models(settings: AnswerSettings) -> list[OllamaModel]:
    """All models that Ollama has, by name. Raises ModelError."""
    listed = listed_models(settings)
    names = sorted(model.name for model in listed.models or () if model.name)
    return [_show(name, listed, settings) for name in names]


def show_model(name: str, settings: AnswerSettings) -> OllamaModel:
    """One model. Raises ModelError where Ollama does not have it or does not answer."""
    return _show(name, listed_models(settings), settings)


def listed_models(settings: AnswerSettings) -> ListedModels:
    """What Ollama says that it has, those included that run elsewhere. Raises ModelError."""
    return _checked(ListedModels, _ask(settings, "GET", "/api/tags"), settings)


def _show(name: str, listed: ListedModels, settings: AnswerSettings) -> OllamaModel:
    said = _ask(settings, "POST", "/api/show", {"model": name})
    entry = listed.find(name) or ListedModel(name=name)
    return _described(entry, _checked(ShownModel, said, settings))


def _described(entry: ListedModel, shown: ShownModel) -> OllamaModel:
    information = shown.model_info or {}
    return OllamaModel(
        name=entry.name,
        size=entry.size,
        digest=entry.digest,
        family=shown.details.family or "",
        parameters=shown.details.parameter_size or "",
        quantization=shown.details.quantization_level or "",
        context_tokens=shown.context_tokens,
        capabilities=shown.capabilities or (),
        lineage=lineage(
            information, parent=shown.details.parent_model, has_template=shown.has_template
        ),
        is_base=not shown.has_template,
        licence="closed" if entry.remote_host else licence(shown.license or ""),
    )


def pull_model(name: str, settings: AnswerSettings) -> Generator[PullProgress]:
    """Have Ollama fetch a model; it asks the network, not we. Closing it ends the pull.

    Raises ModelError, also where the stream ends before the model is whole.
    """
    status = ""
    try:
        with httpx.stream(
            "POST",
            f"{settings.ollama_url}/api/pull",
            json={"model": name},
            timeout=SECONDS_OF_SILENCE,
        ) as response:
            response.raise_for_status()
            for line in response.iter_lines():
                said = _checked(PullStep, line, settings)
                if said.error is not None:
                    raise ModelError(f"Ollama cannot pull {name!r}: {said.error}.")
                status = said.status
                yield PullProgress(status, said.completed or 0, said.total or 0)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _explain(error, settings, name) from error
    if status != PULLED:
        raise ModelError(
            f"Ollama at {settings.ollama_url} stopped while it pulled {name!r}. Pull it again: it "
            "goes on where it was."
        )


def remove_model(name: str, settings: AnswerSettings) -> None:
    """Have Ollama delete a model. Raises ModelError."""
    _ask(settings, "DELETE", "/api/delete", {"model": name})


def lineage(information: dict[str, Any], *, parent: str | None, has_template: bool) -> str:
    """What a model is and was made from, as far as its file says."""
    tuned = str(information.get("general.finetune") or "")
    kind = f"fine-tuned ({tuned})" if tuned else "fine-tuned" if has_template else "base model"
    parent = information.get("general.base_model.0.name") or parent
    return f"{kind} of {parent}" if parent else kind


def licence(text: str) -> License:
    """Which kind a licence's text is of; conditions on use win over a permissive name."""
    if not text.strip():
        return "not stated"
    if RESTRICTED.search(text) and not re.match(r"\s*apache license", text, re.IGNORECASE):
        return "restricted"
    return "permissive" if PERMISSIVE.search(text) else "restricted"


def _ask(
    settings: AnswerSettings, method: str, path: str, body: dict[str, str] | None = None
) -> bytes:
    name = (body or {}).get("model", "")
    try:
        response = httpx.request(
            method, f"{settings.ollama_url}{path}", json=body, timeout=SECONDS_TO_ANSWER
        )
        response.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _explain(error, settings, name) from error
    return response.content


def _checked(kind: type[AnySaid], said: bytes | str, settings: AnswerSettings) -> AnySaid:
    try:
        return kind.model_validate_json(said)
    except ValidationError as error:
        raise ModelError(
            f"What answers at {settings.ollama_url} does not speak as Ollama does. Look at "
            "ollama_url in settings."
        ) from error


def _explain(error: Exception, settings: AnswerSettings, name: str) -> ModelError:
    """One sentence for what went wrong between us and Ollama."""
    address = settings.ollama_url
    if isinstance(error, httpx.HTTPStatusError):
        if error.response.status_code == httpx.codes.NOT_FOUND and name:
            return ModelError(
                f"Ollama at {address} has no model {name!r}; see those it has with: citebound "
                "models list"
            )
        return ModelError(f"Ollama at {address} refused ({error.response.status_code}).")
    if isinstance(error, httpx.ConnectError):
        return ModelError(f"Ollama does not answer at {address}. Start it with: ollama serve")
    return ModelError(f"Ollama at {address} failed ({error}). Look at its log.")
