"""Language models behind a server: Ollama, vLLM and anything that speaks OpenAI's protocol.

The one file that makes clients of model servers; each way in which a server fails becomes one
ModelError that says what to do.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import httpx
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    HumanMessage,
    SystemMessage,
)

from app.events import Message, Thought, Token
from app.models.model import ModelError, Sampling, Usage
from app.models.token_estimate import estimate_tokens
from app.settings import AnswerSettings

SECONDS_TO_LOOK = 2.0  # for a server on this machine to say what models it has
FIRST_WINDOW = 4096  # tokens of Ollama's window at first; doubled until a prompt fits
KEPT = "; what came of it is kept"
KEY_VARIABLE = "CITEBOUND_API_KEY"
COMMON_OPTIONS = {name: name for name in ("temperature", "seed", "top_p", "top_k", "min_p", "stop")}
OLLAMA_OPTIONS = {
    "answer_tokens": "num_predict", **COMMON_OPTIONS, "repeat_penalty": "repeat_penalty"
}  # fmt: skip
OPENAI_OPTIONS = {
    "answer_tokens": "max_tokens", **COMMON_OPTIONS, "repeat_penalty": "repetition_penalty"
}  # fmt: skip
OPENAI_PROTOCOL = ("max_tokens", "temperature", "seed", "top_p", "stop")


class ServedModel:
    """A language model behind a server; see ``ollama_model`` and ``openai_model``."""

    can_write = True

    def __init__(
        self,
        name: str,
        client: BaseChatModel,
        *,
        address: str,
        start_hint: str,
        context_tokens: int,
        finish_key: str,
        to_options: Callable[[Sampling, Sequence[Message]], dict[str, object]],
        to_arguments: Callable[[dict[str, object]], dict[str, Any]],
        digest: str | None = None,
    ) -> None:
        self.name = name
        self.digest = digest
        self.context_tokens = context_tokens
        self._client = client
        self._address = address
        self._start_hint = start_hint
        self._finish_key = finish_key
        self._to_options = to_options
        self._to_arguments = to_arguments

    def stream(
        self, messages: Sequence[Message], sampling: Sampling
    ) -> Iterator[Token | Thought | Usage]:
        """What the model writes, in pieces, and at the end what was counted.

        Raises ModelError where the server cannot be reached, fails or stops in the middle.
        """
        options = self._to_options(sampling, messages)
        whole = AIMessageChunk(content="")
        try:
            for chunk in self._client.stream(
                _to_langchain(messages), **self._to_arguments(options)
            ):
                if not isinstance(chunk, AIMessageChunk):
                    continue
                whole = whole + chunk
                if thought := chunk.additional_kwargs.get("reasoning_content"):
                    yield Thought(str(thought))
                if chunk.text:
                    yield Token(chunk.text)
        except ModelError:
            raise
        except Exception as error:
            raise self._explain(error, begun=bool(whole.text)) from error
        metadata = whole.response_metadata
        if not metadata.get(self._finish_key):
            raise ModelError(
                f"{self.name} stopped in the middle of the answer{KEPT if whole.text else ''}. "
                f"Ask again, and look at the log of the server at {self._address}."
            )
        usage = whole.usage_metadata
        yield Usage(
            usage["input_tokens"] if usage else None,
            usage["output_tokens"] if usage else None,
            options,
            cut_off="length" in (metadata.get("done_reason"), metadata.get("finish_reason")),
        )

    def _explain(self, error: Exception, *, begun: bool) -> ModelError:
        """One sentence for whatever a client library raises; its cause is kept."""
        said = _server_message(error)
        status = getattr(error, "status_code", None)
        kinds = {kind.__name__ for cause in _chain(error) for kind in type(cause).__mro__}
        if kinds & {"TimeoutException", "APITimeoutError"}:
            text = (
                f"{self.name} at {self._address} has been silent for too long and was given up. "
                "Ask again, or raise seconds_without_token in settings."
            )
        elif status == 404 or "does not exist" in said or "not found" in said:
            text = (
                f"{self._address} has no model {self.name.split(':', 1)[1]!r}. {self._start_hint}"
            )
        elif begun or kinds & {"RemoteProtocolError", "ReadError"}:
            text = (
                f"The connection to {self._address} broke in the middle of the answer ({said})"
                f"{KEPT if begun else ''}. Ask again."
            )
        elif kinds & {"ConnectError", "ConnectionError", "APIConnectionError"}:
            text = f"No model server answers at {self._address}. {self._start_hint}"
        else:
            text = f"{self.name} at {self._address} failed: {said}. Look at the server's log."
        return ModelError(text)


def ollama_model(name: str, settings: AnswerSettings) -> ServedModel:
    """A model of Ollama, with a window set by us: the server's own default cuts prompts unseen.

    The window is the smallest step that fits; it grows and never shrinks, since Ollama loads the
    model anew for another one. A model that can think is asked to, so that its thought comes apart.
    """
    from langchain_ollama import ChatOllama

    shown = _look(f"{settings.ollama_url}/api/show", {"model": name}) or {}
    window = min(settings.context_tokens, _ollama_limit(shown) or settings.context_tokens)
    current = min(FIRST_WINDOW, window)
    client = ChatOllama(
        model=name,
        base_url=settings.ollama_url,
        client_kwargs={"timeout": settings.seconds_without_token},
        reasoning=True if "thinking" in (shown.get("capabilities") or ()) else None,
    )

    def to_options(sampling: Sampling, messages: Sequence[Message]) -> dict[str, object]:
        nonlocal current
        while current < min(window, estimate_tokens(messages) + sampling.answer_tokens):
            current = min(window, 2 * current)
        return {"num_ctx": current, **_given(sampling, OLLAMA_OPTIONS)}

    return ServedModel(
        f"ollama:{name}",
        client,
        address=settings.ollama_url,
        start_hint=f"Start Ollama (ollama serve) and fetch the model (ollama pull {name}), or "
        "choose the model extractive.",
        context_tokens=window,
        finish_key="done",
        to_options=to_options,
        to_arguments=lambda options: {"options": options},
        digest=_ollama_digest(name, settings),
    )


def openai_model(kind: str, name: str, settings: AnswerSettings) -> ServedModel:
    """A model of vLLM or of another OpenAI-compatible server; ``kind`` is as in its full name."""
    from langchain_openai import ChatOpenAI

    address = settings.vllm_url if kind == "vllm" else settings.openai_compatible_url
    limit = _openai_limit(name, address)
    client = ChatOpenAI(
        model=name,
        base_url=address,
        api_key=lambda: os.environ.get(KEY_VARIABLE, "none"),
        timeout=settings.seconds_without_token,
        max_retries=0,
        stream_usage=True,
        use_responses_api=False,
    )
    start = f"vllm serve {name}" if kind == "vllm" else "LM Studio's or llama.cpp's server"
    return ServedModel(
        f"{kind}:{name}",
        client,
        address=address,
        start_hint=f"Start it ({start}), set {kind.replace('-', '_')}_url in settings, or choose "
        "the model extractive.",
        context_tokens=min(settings.context_tokens, limit or settings.context_tokens),
        finish_key="finish_reason",
        to_options=lambda sampling, _: _given(sampling, OPENAI_OPTIONS),
        to_arguments=_openai_arguments,
    )


def _given(sampling: Sampling, names: dict[str, str]) -> dict[str, object]:
    """The options that are set, by the server's names for them."""
    values = {name: getattr(sampling, field) for field, name in names.items()}
    if "stop" in values:
        values["stop"] = list(sampling.stop) or None
    return {name: value for name, value in values.items() if value is not None}


def _openai_arguments(options: dict[str, object]) -> dict[str, Any]:
    """OpenAI's protocol does not know all options; servers of our kind take the others beside."""
    own = {name: value for name, value in options.items() if name in OPENAI_PROTOCOL}
    beside = {name: value for name, value in options.items() if name not in OPENAI_PROTOCOL}
    return {**own, "extra_body": beside} if beside else own


def list_ollama_models(settings: AnswerSettings) -> list[str] | None:
    """The names of the models that Ollama runs itself; None where it does not answer."""
    answer = _look(f"{settings.ollama_url}/api/tags")
    if answer is None:
        return None
    return [
        str(model["name"])
        for model in answer.get("models") or []
        if "name" in model and not model.get("remote_host")  # such a model runs elsewhere
    ]


def ollama_can_write(name: str, settings: AnswerSettings) -> bool:
    """Whether a model of Ollama writes text (embedding models do not)."""
    shown = _look(f"{settings.ollama_url}/api/show", {"model": name}) or {}
    return "completion" in (shown.get("capabilities") or ["completion"])


def _ollama_limit(shown: dict[str, Any]) -> int | None:
    """The longest window that a model was trained for, if Ollama says."""
    lengths = [
        value
        for key, value in (shown.get("model_info") or {}).items()
        if key.endswith(".context_length")
    ]
    return int(lengths[0]) if lengths else None


def _ollama_digest(name: str, settings: AnswerSettings) -> str | None:
    """The hash of a model's files; a name without a tag is that with the tag latest."""
    for model in (_look(f"{settings.ollama_url}/api/tags") or {}).get("models") or []:
        if model.get("name") in (name, f"{name}:latest"):
            return str(model.get("digest"))
    return None


def _openai_limit(name: str, address: str) -> int | None:
    """The window of a served model, if the server says (vLLM does)."""
    listed = _look(f"{address}/models", key=os.environ.get(KEY_VARIABLE)) or {}
    for model in listed.get("data") or []:
        if model.get("id") == name and model.get("max_model_len"):
            return int(model["max_model_len"])
    return None


def _look(
    url: str, body: dict[str, str] | None = None, *, key: str | None = None
) -> dict[str, Any] | None:
    """What a server says at once, or None: the model's own call then tells what is wrong."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        if body is None:
            response = httpx.get(url, timeout=SECONDS_TO_LOOK, headers=headers)
        else:
            response = httpx.post(url, json=body, timeout=SECONDS_TO_LOOK, headers=headers)
        found = response.raise_for_status().json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _to_langchain(messages: Sequence[Message]) -> list[BaseMessage]:
    kinds = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}
    return [kinds[message.role](content=message.text) for message in messages]


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error with the errors that caused it: client libraries wrap what the network raised."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _server_message(error: Exception) -> str:
    """The server's own words where there are any, on one line."""
    body = getattr(error, "body", None)
    response = getattr(error, "response", None)
    said = body.get("message") if isinstance(body, dict) else None
    text = str(said or getattr(error, "error", "") or getattr(response, "text", "") or error)
    return " ".join(text.split())[:300].rstrip(".") or type(error).__name__
