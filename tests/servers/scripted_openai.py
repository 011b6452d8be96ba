"""A scripted server that speaks the OpenAI chat API as vLLM does, for tests over a real wire.

    with ScriptedOpenAI(models=["tiny"], replies=[Reply("Paris.")]) as vllm:
        ChatOpenAI(model="tiny", base_url=vllm.base_url, api_key="none").invoke("Capital?")

Formats as in https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html.
"""

import json
from collections.abc import Sequence

from tests.servers.exchange import Exchange
from tests.servers.reply import (
    Body,
    Piece,
    Reply,
    ScriptedReply,
    finish_reason_of,
    split_words,
)
from tests.servers.scripted_server import Route, ScriptedServer, joined

CREATED = 1_750_000_000
COMPLETION_ID = "chatcmpl-scripted"
DONE = b"data: [DONE]\n\n"


class ScriptedOpenAI(ScriptedServer):
    """An OpenAI-compatible server that reports `max_model_len` for each model.

    One that `tokenizes` counts words at /tokenize; one that `completes` continues plain text.
    """

    def __init__(
        self,
        *,
        models: Sequence[str] = ("tiny",),
        replies: Sequence[ScriptedReply] = (Reply("Yes."),),
        max_model_len: int = 8192,
        tokenizes: bool = False,
        completes: bool = True,
    ) -> None:
        super().__init__(models=models, replies=replies)
        self.max_model_len = max_model_len
        self._tokenizes = tokenizes
        self._completes = completes

    @property
    def base_url(self) -> str:
        """What an OpenAI client takes as its base URL."""
        return f"{self.url}/v1"

    def routes(self) -> dict[tuple[str, str], Route]:
        routes: dict[tuple[str, str], Route] = {
            ("GET", "/v1/models"): lambda exchange, _: self._models(exchange),
            ("POST", "/v1/chat/completions"): self._complete,
        }
        if self._tokenizes:
            routes["POST", "/tokenize"] = self._tokenize
        if self._completes:
            routes["POST", "/v1/completions"] = self._complete
        return routes

    def _tokenize(self, exchange: Exchange, body: Body) -> None:
        """vLLM's count; its tokens are our words."""
        count = _count_prompt(body)
        answer = {"count": count, "max_model_len": self.max_model_len, "tokens": [1] * count}
        exchange.send_json(200, answer)

    def _models(self, exchange: Exchange) -> None:
        listed = [
            {
                "id": name,
                "object": "model",
                "created": CREATED,
                "owned_by": "vllm",
                "root": name,
                "parent": None,
                "max_model_len": self.max_model_len,
            }
            for name in self.models
        ]
        exchange.send_json(200, {"object": "list", "data": listed})

    def _complete(self, exchange: Exchange, body: Body) -> None:
        if body.get("model") not in self.models:
            message = f"The model `{body.get('model')}` does not exist."
            exchange.send_json(404, _error(message, "NotFoundError", 404, param="model"))
            return
        reply = self.next_reply(body)
        wire = CompletionWire(body, reply) if "prompt" in body else OpenAIWire(body, reply)
        self.answer(exchange, reply, wire, streaming=bool(body.get("stream")))


class OpenAIWire:
    """One reply as server-sent events, or as one chat completion."""

    content_type = "text/event-stream; charset=utf-8"

    def __init__(self, body: Body, reply: Reply) -> None:
        self._body = body
        self._reply = reply

    def piece(self, piece: Piece) -> bytes:
        said = _reasoning(piece.text) if piece.is_thinking else {"content": piece.text}
        return self._event({"role": "assistant", **said})

    def ending(self, pieces: Sequence[Piece]) -> bytes:
        calls = [
            {
                "index": index, "id": f"call-{index}", "type": "function",
                "function": {"name": call.name, "arguments": json.dumps(call.arguments)},
            }
            for index, call in enumerate(self._reply.tool_calls)
        ]  # fmt: skip
        last = {"tool_calls": calls} if calls else {"content": ""}
        reason = "tool_calls" if calls else finish_reason_of(self._reply)
        events = self._event(last, finish_reason=reason)
        if (self._body.get("stream_options") or {}).get("include_usage"):
            events += _sse(self._chunk(choices=[]) | {"usage": self._usage(pieces)})
        return events + DONE

    def whole(self, pieces: Sequence[Piece], *, finished: bool) -> Body:
        text, thinking = joined(pieces, thinking=False), joined(pieces, thinking=True)
        message = {"role": "assistant", "content": text or None, **_reasoning(thinking)}
        reason = finish_reason_of(self._reply) if finished else None
        choice = {"index": 0, "message": message, "finish_reason": reason}
        completion = self._chunk(choices=[choice]) | {"object": "chat.completion"}
        return completion | {"usage": self._usage(pieces)}

    def error(self, message: str | None) -> Body:
        text = message or "EngineCore encountered an issue. See stack trace for the root cause."
        return _error(text, "InternalServerError", 500)

    def error_line(self, message: str | None) -> bytes:
        return _sse(self.error(message)) + DONE

    def _event(self, delta: Body, *, finish_reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        return _sse(self._chunk(choices=[choice]))

    def _chunk(self, *, choices: list[Body]) -> Body:
        return {
            "id": COMPLETION_ID,
            "object": "chat.completion.chunk",
            "created": CREATED,
            "model": self._body["model"],
            "choices": choices,
        }

    def _usage(self, pieces: Sequence[Piece]) -> Body:
        prompt = self._reply.prompt_tokens
        if prompt is None:
            prompt = _count_prompt(self._body)
        answer = len(pieces) + 1  # the end token counts as well
        counts = {"prompt_tokens": prompt, "completion_tokens": answer}
        return counts | {"total_tokens": prompt + answer}


class CompletionWire(OpenAIWire):
    """One reply as the continuation of a plain text."""

    def piece(self, piece: Piece) -> bytes:
        return self._text_event(piece.text)

    def ending(self, pieces: Sequence[Piece]) -> bytes:
        events = self._text_event("", finish_reason=finish_reason_of(self._reply))
        return events + _sse(self._chunk(choices=[]) | {"usage": self._usage(pieces)}) + DONE

    def _text_event(self, text: str, *, finish_reason: str | None = None) -> bytes:
        choice = {"index": 0, "text": text, "logprobs": None, "finish_reason": finish_reason}
        return _sse(self._chunk(choices=[choice]) | {"object": "text_completion"})


def _reasoning(thinking: str) -> Body:
    """Thinking under both names: vLLM moved from the longer to the shorter."""
    return {"reasoning": thinking, "reasoning_content": thinking} if thinking else {}


def _count_prompt(body: Body) -> int:
    if "prompt" in body:
        return len(split_words(body["prompt"]))
    return sum(_count_words(message) for message in body["messages"])


def _count_words(message: Body) -> int:
    content = message.get("content") or ""
    parts = content if isinstance(content, list) else [{"text": content}]
    return sum(len(split_words(part.get("text", ""))) for part in parts)


def _error(message: str, kind: str, code: int, *, param: str | None = None) -> Body:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def _sse(payload: Body) -> bytes:
    return f"data: {json.dumps(payload)}\n\n".encode()
