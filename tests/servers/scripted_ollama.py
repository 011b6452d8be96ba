"""A scripted server that speaks Ollama's HTTP API, for tests over a real wire.

    with ScriptedOllama(models=["llama3.2:latest"], replies=[Reply("Paris.")]) as ollama:
        ChatOllama(model="llama3.2", base_url=ollama.url).invoke("Capital of France?")
        assert ollama.requests[-1].body["options"]["num_ctx"] == 4096

Formats as in https://github.com/ollama/ollama/blob/main/docs/api.md; the error texts are those
of its server/routes.go.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

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

VERSION = "0.15.5"
NANOSECONDS_PER_TOKEN = 10_000_000
LAYER_BYTES = 2_019_377_376

TEMPLATE = "{{ if .System }}system: {{ .System }}\n{{ end }}user: {{ .Prompt }}\nassistant: "

Endpoint = Literal["chat", "generate"]


class ScriptedOllama(ScriptedServer):
    """Ollama with the given local models; `pullable` are those that a pull finds.

    `pull_pause_seconds` is waited before every line of a pull. `capabilities` are what /api/show
    reports; asking a model without "thinking" to think is refused with a 400, as by the real
    server. `reads_at_most` is a window, in words, that holds whatever num_ctx asks for.
    """

    def __init__(
        self,
        *,
        models: Sequence[str] = ("llama3.2:latest",),
        replies: Sequence[ScriptedReply] = (Reply("Yes."),),
        context_length: int = 8192,
        capabilities: Sequence[str] = ("completion", "tools"),
        pullable: Sequence[str] = (),
        pull_pause_seconds: float = 0.0,
        template: str = TEMPLATE,
        license_text: str = "",
        model_info: Mapping[str, Any] | None = None,
        reads_at_most: int | None = None,
        port: int = 0,
    ) -> None:
        super().__init__(models=[with_tag(name) for name in models], replies=replies, port=port)
        self.context_length = context_length
        self.capabilities = list(capabilities)
        self.template = template
        self.license_text = license_text
        self.model_info = dict(model_info or {})
        self._reads_at_most = reads_at_most
        self.pull_pause_seconds = pull_pause_seconds
        self._pullable = {with_tag(name) for name in pullable}

    def routes(self) -> dict[tuple[str, str], Route]:
        return {
            ("GET", "/api/version"): lambda exchange, _: exchange.send_json(
                200, {"version": VERSION}
            ),
            ("GET", "/api/tags"): lambda exchange, _: self._tags(exchange),
            ("POST", "/api/show"): self._show,
            ("POST", "/api/pull"): self._pull,
            ("DELETE", "/api/delete"): self._delete,
            ("POST", "/api/chat"): lambda exchange, body: self._complete(exchange, body, "chat"),
            ("POST", "/api/generate"): lambda exchange, body: self._complete(
                exchange, body, "generate"
            ),
        }

    def _tags(self, exchange: Exchange) -> None:
        exchange.send_json(200, {"models": [_listed(name) for name in self.models]})

    def _show(self, exchange: Exchange, body: Body) -> None:
        if self._refuse_missing_model(exchange, body):
            return
        shown = {
            "modelfile": f"FROM {body['model']}\nTEMPLATE {TEMPLATE!r}",
            "parameters": 'stop                           "<|eot_id|>"',
            "template": self.template,
            "license": self.license_text,
            "details": _details(),
            "model_info": _model_info(self.context_length) | self.model_info,
            "capabilities": self.capabilities,
            "modified_at": _now(),
        }
        exchange.send_json(200, shown)

    def _pull(self, exchange: Exchange, body: Body) -> None:
        name = with_tag(body["model"])
        error = {"error": "pull model manifest: file does not exist"}
        found = name in self._pullable or name in self.models
        steps: list[Body] = [{"status": "pulling manifest"}, *(_pull_steps(name) if found else ())]
        if body.get("stream") is False:
            if found:
                self._add(name)
            exchange.send_json(200 if found else 500, steps[-1] if found else error)
            return
        exchange.start_stream("application/x-ndjson")
        for step in steps:
            exchange.pause(self.pull_pause_seconds)
            if step["status"] == "success":
                self._add(name)
            exchange.send(_line(step))
        exchange.end_stream(b"" if found else _line(error))

    def _add(self, name: str) -> None:
        if name not in self.models:
            self.models.append(name)

    def _delete(self, exchange: Exchange, body: Body) -> None:
        if not self._refuse_missing_model(exchange, body):
            self.models.remove(with_tag(body["model"]))
            exchange.send_json(200, {})

    def _complete(self, exchange: Exchange, body: Body, endpoint: Endpoint) -> None:
        if self._refuse_missing_model(exchange, body):
            return
        if body.get("think") and "thinking" not in self.capabilities:
            exchange.send_json(400, {"error": f'"{body["model"]}" does not support thinking'})
            return
        if not body.get("messages" if endpoint == "chat" else "prompt"):
            exchange.send_json(200, _loaded(body, endpoint))
            return
        reply = self.next_reply(body)
        wire = OllamaWire(body, reply, endpoint, self._reads_at_most)
        self.answer(exchange, reply, wire, streaming=body.get("stream") is not False)

    def _refuse_missing_model(self, exchange: Exchange, body: Body) -> bool:
        name = str(body.get("model", ""))
        if with_tag(name) in self.models:
            return False
        exchange.send_json(404, {"error": f"model '{name}' not found"})
        return True


class OllamaWire:
    """One reply as newline-delimited JSON, for /api/chat or /api/generate."""

    content_type = "application/x-ndjson"

    def __init__(
        self, body: Body, reply: Reply, endpoint: Endpoint, reads_at_most: int | None
    ) -> None:
        self._reads_at_most = reads_at_most
        self._body = body
        self._reply = reply
        self._endpoint = endpoint

    def piece(self, piece: Piece) -> bytes:
        text, thinking = ("", piece.text) if piece.is_thinking else (piece.text, "")
        return _line(self._object(text, thinking, done=False))

    def ending(self, pieces: Sequence[Piece]) -> bytes:
        calls = [
            {"function": {"name": call.name, "arguments": call.arguments}}
            for call in self._reply.tool_calls
        ]
        called = self._object("", "", done=False)
        if calls:
            called["message"]["tool_calls"] = calls
        last = self._object("", "", done=True) | self._counts(pieces)
        return (_line(called) if calls else b"") + _line(last)

    def whole(self, pieces: Sequence[Piece], *, finished: bool) -> Body:
        text, thinking = joined(pieces, thinking=False), joined(pieces, thinking=True)
        counts = self._counts(pieces) if finished else {}
        return self._object(text, thinking, done=finished) | counts

    def error(self, message: str | None) -> Body:
        return {"error": message or "llama runner process has terminated: exit status 2"}

    def error_line(self, message: str | None) -> bytes:
        unexpected = "an error was encountered while running the model: unexpected EOF"
        return _line({"error": message or unexpected})

    def _object(self, text: str, thinking: str, *, done: bool) -> Body:
        return _answer_object(self._body, self._endpoint, text, thinking) | {"done": done}

    def _counts(self, pieces: Sequence[Piece]) -> Body:
        prompt, answer = self._prompt_tokens(), len(pieces) + 1  # the end token counts as well
        return {
            "done_reason": finish_reason_of(self._reply),
            "total_duration": (prompt + answer + 1) * NANOSECONDS_PER_TOKEN,
            "load_duration": NANOSECONDS_PER_TOKEN,
            "prompt_eval_count": prompt,
            "prompt_eval_duration": prompt * NANOSECONDS_PER_TOKEN,
            "eval_count": answer,
            "eval_duration": answer * NANOSECONDS_PER_TOKEN,
        }

    def _prompt_tokens(self) -> int:
        """The words of the prompt, cut to num_ctx without a word, as Ollama does."""
        if self._reply.prompt_tokens is not None:
            return self._reply.prompt_tokens
        texts = [message.get("content", "") for message in self._body.get("messages", ())]
        texts += [self._body.get("system", ""), self._body.get("prompt", "")]
        words = sum(len(split_words(text)) for text in texts)
        asked_for = (self._body.get("options") or {}).get("num_ctx")
        limits = [int(limit) for limit in (asked_for, self._reads_at_most) if limit is not None]
        return min([words, *limits])


def with_tag(name: str) -> str:
    """`llama3.2` is `llama3.2:latest`; a registry's port is not a tag."""
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"


def _answer_object(body: Body, endpoint: Endpoint, text: str, thinking: str) -> Body:
    thought = {"thinking": thinking} if thinking else {}
    head = {"model": body["model"], "created_at": _now()}
    if endpoint == "chat":
        return head | {"message": {"role": "assistant", "content": text} | thought}
    return head | {"response": text} | thought


def _loaded(body: Body, endpoint: Endpoint) -> Body:
    """Without a prompt Ollama only loads the model, or unloads it for keep_alive 0."""
    reason = "unload" if body.get("keep_alive") == 0 else "load"
    return _answer_object(body, endpoint, "", "") | {"done": True, "done_reason": reason}


def _pull_steps(name: str) -> list[Body]:
    layer = {"status": f"pulling {_digest(name)[:12]}", "digest": f"sha256:{_digest(name)}"}
    downloaded = (0, LAYER_BYTES // 2, LAYER_BYTES)
    steps: list[Body] = [
        layer | {"total": LAYER_BYTES} | ({"completed": count} if count else {})
        for count in downloaded
    ]
    endings = ("verifying sha256 digest", "writing manifest", "success")
    return steps + [{"status": status} for status in endings]


def _listed(name: str) -> Body:
    described = {"modified_at": _now(), "size": LAYER_BYTES, "digest": _digest(name)}
    return {"name": name, "model": name, "details": _details()} | described


def _details() -> Body:
    return {
        "parent_model": "",
        "format": "gguf",
        "family": "llama",
        "families": ["llama"],
        "parameter_size": "3.2B",
        "quantization_level": "Q4_K_M",
    }


def _model_info(context_length: int) -> dict[str, Any]:
    return {
        "general.architecture": "llama",
        "general.parameter_count": 3_212_749_888,
        "llama.block_count": 28,
        "llama.context_length": context_length,
        "llama.embedding_length": 3072,
    }


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def _line(payload: Body) -> bytes:
    return json.dumps(payload).encode() + b"\n"
