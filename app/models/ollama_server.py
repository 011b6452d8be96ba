"""How Ollama is spoken to: chat through LangChain, completions raw, a window that grows.

Ollama cuts a prompt that is larger than its window without a word, and its default window depends
on the machine. So the window is set with each call, and what the server counted is compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import httpx
from pydantic import ValidationError

from app.events import Message, Token
from app.models.ask_server import look
from app.models.hang_up import client_options
from app.models.model import ModelError, Sampling, Usage
from app.models.ollama_said import ListedModels, Said, ShownModel
from app.models.options import COMMON_NAMES, given_options
from app.models.token_estimate import CorrectedEstimate
from app.settings import AnswerSettings

FIRST_WINDOW = 4096  # tokens of the window at first; doubled until a prompt fits
OPTIONS = {"answer_tokens": "num_predict", **COMMON_NAMES, "repeat_penalty": "repeat_penalty"}
TOKENS_PER_WORD = 0.8  # at the very least, in any tokenizer: a few take two short words for one
TOO_LOW = 1.5  # what an estimate is corrected by when a prompt turned out to be over the window
WORD = re.compile(r"\w+")

AnySaid = TypeVar("AnySaid", bound=Said)


class OllamaServer:
    """One model of Ollama.

    The window is the smallest step that fits; it grows and never shrinks, since Ollama loads the
    model anew for another one. A model that can think is asked to, so that its thought comes apart.
    """

    def __init__(self, name: str, settings: AnswerSettings) -> None:
        from langchain_ollama import ChatOllama

        shown = _shown(name, settings)
        self.name = name
        self.address = settings.ollama_url
        self.start_hint = (
            f"Start Ollama (ollama serve) and fetch the model (ollama pull {name}), or choose the "
            "model extractive."
        )
        limit = (shown and shown.context_tokens) or settings.context_tokens
        self.context_tokens = min(settings.context_tokens, limit)
        self.digest = _digest(name, settings)
        self.is_base = shown is not None and not shown.has_template
        capabilities = (shown and shown.capabilities) or ()
        self.can_use_tools = not capabilities or "tools" in capabilities
        self._window = min(FIRST_WINDOW, self.context_tokens)
        self._estimate = CorrectedEstimate()
        self._last_sent = ""
        self._keep_alive = settings.keep_alive
        self._silence = settings.seconds_without_token
        self.client = ChatOllama(
            model=name,
            base_url=settings.ollama_url,
            client_kwargs={"timeout": settings.seconds_without_token},
            sync_client_kwargs=client_options(),
            keep_alive=settings.keep_alive,
            reasoning=True if "thinking" in capabilities else None,
        )

    def count(self, messages: Sequence[Message]) -> int:
        """About how many tokens messages are: Ollama has no tokenizer that can be asked."""
        return self._estimate.count(messages)

    def options(self, sampling: Sampling, messages: Sequence[Message]) -> dict[str, object]:
        """The options of a call, with a window in which prompt and answer fit."""
        needed = self.count(messages) + sampling.answer_tokens
        while self._window < min(self.context_tokens, needed):
            self._window = min(self.context_tokens, 2 * self._window)
        form = {"format": json.loads(sampling.schema)} if sampling.schema else {}
        return {"num_ctx": self._window, **given_options(sampling, OPTIONS), **form}

    def arguments(self, options: dict[str, object]) -> dict[str, Any]:
        """How LangChain's client takes the options."""
        own = {name: value for name, value in options.items() if name != "format"}
        return {"options": own, **({"format": options["format"]} if "format" in options else {})}

    def complete(
        self, text: str, options: dict[str, object]
    ) -> Generator[Token, None, Usage | None]:
        """Continue a text as it stands; LangChain's completion model would give no counts."""
        body = {
            "model": self.name, "prompt": text, "raw": True, "stream": True, "options": options,
            "keep_alive": self._keep_alive,
        }  # fmt: skip
        url = f"{self.address}/api/generate"
        with (
            httpx.Client(timeout=self._silence, **client_options()) as client,
            client.stream("POST", url, json=body) as response,
        ):
            if not response.is_success:
                response.read()
            response.raise_for_status()
            for line in response.iter_lines():
                said = json.loads(line)
                if "error" in said:
                    raise ModelError(f"ollama:{self.name} failed: {said['error']}.")
                if said.get("response"):
                    yield Token(str(said["response"]))
                if said.get("done"):
                    return Usage(
                        said.get("prompt_eval_count"),
                        said.get("eval_count"),
                        options,
                        cut_off=said.get("done_reason") == "length",
                    )
        return None

    def compared(self, messages: Sequence[Message], usage: Usage) -> Usage:
        """Compare what was sent with what the server counted, and learn from it.

        A server may leave out of its count what it still has of the last prompt; a prompt as long
        as the window is one that was cut to it.
        """
        sent = "\n".join(message.text for message in messages)
        fresh, self._last_sent = _after_common_start(sent, self._last_sent), sent
        counted = usage.prompt_tokens
        if counted is None:
            return usage
        window = usage.options["num_ctx"]  # of this call: another may have had it grow since
        if isinstance(window, int) and counted >= window:
            self._estimate.learn(messages, int(TOO_LOW * counted))
            return replace(usage, prompt_cut=True)
        if counted < TOKENS_PER_WORD * len(WORD.findall(fresh)):
            self.context_tokens = counted
            return replace(usage, prompt_cut=True)
        self._estimate.learn(messages, counted)
        return usage


def list_ollama_models(settings: AnswerSettings) -> list[str] | None:
    """The names of the models that Ollama runs itself; None where it does not answer."""
    listed = _listed(settings)
    if listed is None:
        return None
    found = [model for model in listed.models or () if not model.remote_host]  # such run elsewhere
    return [model.name for model in found if model.name]


def ollama_can_write(name: str, settings: AnswerSettings) -> bool:
    """Whether a model of Ollama writes text (embedding models do not)."""
    shown = _shown(name, settings)
    return "completion" in ((shown and shown.capabilities) or ["completion"])


def ollama_version(settings: AnswerSettings) -> str | None:
    """Ollama's own version; None where it does not say."""
    said = (look(f"{settings.ollama_url}/api/version") or {}).get("version")
    return said if isinstance(said, str) else None


def _shown(name: str, settings: AnswerSettings) -> ShownModel | None:
    return _said(ShownModel, look(f"{settings.ollama_url}/api/show", {"model": name}))


def _listed(settings: AnswerSettings) -> ListedModels | None:
    return _said(ListedModels, look(f"{settings.ollama_url}/api/tags"))


def _said(kind: type[AnySaid], answer: dict[str, Any] | None) -> AnySaid | None:
    """What Ollama says; None where it says nothing, or something else answers at its address."""
    try:
        return kind.model_validate(answer)
    except ValidationError:
        return None


def _digest(name: str, settings: AnswerSettings) -> str | None:
    """The hash of a model's files."""
    listed = _listed(settings)
    model = listed.find(name) if listed else None
    return model.digest if model else None


def _after_common_start(text: str, earlier: str) -> str:
    """What follows in a text after the beginning that it shares with an earlier one."""
    shared = 0
    for one, other in zip(text, earlier, strict=False):
        if one != other:
            break
        shared += 1
    return text[shared:]
