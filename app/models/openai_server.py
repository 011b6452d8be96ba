"""How vLLM and other servers with OpenAI's protocol are spoken to: chat, completions, counts."""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Sequence
from typing import Any

import httpx

from app.events import Message, Token
from app.models.ask_server import look
from app.models.explain import status_of
from app.models.hang_up import client_options
from app.models.model import ModelError, Sampling, Usage
from app.models.options import COMMON_NAMES, given_options
from app.models.token_estimate import MESSAGE_TOKENS, CorrectedEstimate
from app.models.tokenizer_file import find_tokenizer, named_tokenizer
from app.settings import AnswerSettings

KEY_VARIABLE = "CITEBOUND_API_KEY"
OPTIONS = {"answer_tokens": "max_tokens", **COMMON_NAMES, "repeat_penalty": "repetition_penalty"}
PROTOCOL = ("max_tokens", "temperature", "seed", "top_p", "stop")  # the others go beside
NO_COMPLETIONS = (404, 405, 501)


def _form(sampling: Sampling) -> dict[str, object]:
    """How the protocol asks for text that follows a schema."""
    if not sampling.schema:
        return {}
    schema = {"name": "reply", "schema": json.loads(sampling.schema)}
    return {"response_format": {"type": "json_schema", "json_schema": schema}}


class OpenAIServer:
    """One model of a server; ``kind`` is vllm or openai-compatible."""

    def __init__(self, kind: str, name: str, settings: AnswerSettings) -> None:
        # ChatOpenAI would send max_completion_tokens, which older servers ignore.
        from langchain_openai.chat_models.base import BaseChatOpenAI

        self.name = name
        self.address = settings.vllm_url if kind == "vllm" else settings.openai_compatible_url
        start = f"vllm serve {name}" if kind == "vllm" else "LM Studio's or llama.cpp's server"
        self.start_hint = (
            f"Start it ({start}), set {kind.replace('-', '_')}_url in settings, or choose the "
            "model extractive."
        )
        limit = (list_openai_models(self.address) or {}).get(name) or settings.context_tokens
        self.context_tokens = min(settings.context_tokens, limit)
        self.digest: str | None = None
        self.is_base = False  # such a server does not say, nor whether the model can use tools
        self.can_use_tools = True
        self._silence = settings.seconds_without_token
        self._tokenizer = (
            named_tokenizer(settings.tokenizer) if settings.tokenizer else find_tokenizer(name)
        )
        self._estimate = CorrectedEstimate()
        self._counts = kind == "vllm" and self._tokenizer is None
        self.client = BaseChatOpenAI(
            model=name,
            base_url=self.address,
            api_key=lambda: os.environ.get(KEY_VARIABLE, "none"),
            timeout=settings.seconds_without_token,
            http_client=httpx.Client(**client_options()),
            http_socket_options=(),  # ours is the client, and no note on proxies is wanted
            max_retries=0,
            stream_usage=True,
            use_responses_api=False,
        )

    def count(self, messages: Sequence[Message]) -> int:
        """How many tokens messages are, by the model's tokenizer or the server's, else estimated.

        A file with a tokenizer says nothing of what the chat template puts around a message.
        """
        if self._tokenizer is not None:
            text = sum(len(self._tokenizer.encode(m.text).ids) for m in messages)
            return text + MESSAGE_TOKENS * len(messages)
        counted = self._counted(messages) if self._counts else None
        if counted is not None:
            return counted
        self._counts = False
        return self._estimate.count(messages)

    def _counted(self, messages: Sequence[Message]) -> int | None:
        """vLLM's own count, its chat template included."""
        body: dict[str, Any] = {"model": self.name}
        if messages[0].role == "text":
            body["prompt"] = messages[0].text
        else:
            # A tool's answer by itself is no valid chat; as a user's it counts the same.
            roles = {"tool": "user"}
            body["messages"] = [
                {"role": roles.get(m.role, m.role), "content": m.text} for m in messages
            ]
        root = self.address.removesuffix("/v1")
        count = (look(f"{root}/tokenize", body, key=_key()) or {}).get("count")
        return count if isinstance(count, int) else None

    def options(self, sampling: Sampling, messages: Sequence[Message]) -> dict[str, object]:  # noqa: ARG002
        """The options of a call; such a server has one window, which is set when it is started."""
        return {**given_options(sampling, OPTIONS), **_form(sampling)}

    def arguments(self, options: dict[str, object]) -> dict[str, Any]:
        """How LangChain's client takes the options: those that the protocol lacks, beside."""
        own = {name: value for name, value in options.items() if name in PROTOCOL}
        beside = {name: value for name, value in options.items() if name not in PROTOCOL}
        return {**own, "extra_body": beside} if beside else own

    def compared(self, messages: Sequence[Message], usage: Usage) -> Usage:
        """Learn from what the server counted."""
        if usage.prompt_tokens is not None:
            self._estimate.learn(messages, usage.prompt_tokens)
        return usage

    def complete(
        self, text: str, options: dict[str, object]
    ) -> Generator[Token, None, Usage | None]:
        """Continue a text as it stands; LangChain's completion model would give no counts."""
        body = {
            "model": self.name, "prompt": text, "stream": True,
            "stream_options": {"include_usage": True}, **options,
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {_key() or 'none'}"}
        reason: str | None = None
        counted: dict[str, int] = {}
        url = f"{self.address}/completions"
        with (
            httpx.Client(timeout=self._silence, **client_options()) as client,
            client.stream("POST", url, json=body, headers=headers) as response,
        ):
            self._refuse(response)
            for line in response.iter_lines():
                data = line.removeprefix("data:").strip()
                if not line.startswith("data:") or data == "[DONE]":
                    continue
                said = json.loads(data)
                if "error" in said:
                    raise ModelError(f"The model {self.name} failed: {_message(said['error'])}.")
                for choice in said.get("choices") or []:
                    reason = choice.get("finish_reason") or reason
                    if choice.get("text"):
                        yield Token(str(choice["text"]))
                counted = said.get("usage") or counted
        if not reason:
            return None
        read, written = counted.get("prompt_tokens"), counted.get("completion_tokens")
        return Usage(read, written, options, cut_off=reason == "length")

    def _refuse(self, response: httpx.Response) -> None:
        """Raise what a refusal says; a server may well have no completions at all."""
        if response.is_success:
            return
        response.read()
        try:
            response.raise_for_status()
        except httpx.HTTPStatusError as error:
            if status_of(error) in NO_COMPLETIONS and "model" not in response.text.lower():
                raise ModelError(
                    f"The server at {self.address} does not continue plain text, which the "
                    "strategy base needs. Choose another strategy."
                ) from error
            raise


def _key() -> str | None:
    return os.environ.get(KEY_VARIABLE)


def _message(error: object) -> str:
    said = error.get("message") if isinstance(error, dict) else error
    return " ".join(str(said).split()).rstrip(".")


def list_openai_models(address: str) -> dict[str, int | None] | None:
    """The models that a server with OpenAI's protocol serves; None where it does not answer.

    Each has its window in tokens beside it, if the server says (vLLM does).
    """
    answer = look(f"{address}/models", key=_key())
    if answer is None:
        return None
    data = answer.get("data")
    listed = (
        [m for m in data if isinstance(m, dict) and m.get("id")] if isinstance(data, list) else []
    )
    windows = {str(m["id"]): m.get("max_model_len") for m in listed}
    return {name: limit if isinstance(limit, int) else None for name, limit in windows.items()}
