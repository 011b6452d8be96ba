"""Connections that fail are tried again, and a server gets only so many calls at once."""

from __future__ import annotations

import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.events import Message, Token
from app.models.choose import served_model
from app.models.model import LanguageModel, ModelError, Sampling
from app.settings import AnswerSettings
from tests.servers.reply import Body, Reply
from tests.servers.scripted_ollama import ScriptedOllama
from tests.servers.scripted_openai import ScriptedOpenAI


def write(model: LanguageModel) -> list[object]:
    return list(model.stream([Message("user", "Hello?")], Sampling(50)))


def test_a_server_that_is_only_just_starting_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    model = served_model("ollama:m", AnswerSettings(ollama_url=f"http://127.0.0.1:{port}"))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(write, model)
        time.sleep(0.1)
        assert not waiting.done()  # it would be, had one refusal been enough
        with ScriptedOllama(models=["m"], replies=[Reply("Yes.")], port=port):
            assert Token("Yes.") in waiting.result()


def test_a_server_that_failed_is_not_asked_again() -> None:
    with ScriptedOllama(models=["m"], replies=[Reply(fault="status_500")]) as server:
        with pytest.raises(ModelError, match="Look at the server's log"):
            write(served_model("ollama:m", AnswerSettings(ollama_url=server.url)))
        assert len(server.requests_to("/api/chat")) == 1


@pytest.mark.parametrize("limit", [1, 2])
def test_a_server_gets_no_more_calls_at_once_than_settings_say(limit: int) -> None:
    lock, running, most = threading.Lock(), 0, 0

    def reply(_: Body) -> Reply:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.1)
        with lock:
            running -= 1
        return Reply("Yes.")

    with ScriptedOllama(models=["m"], replies=[reply]) as server:
        settings = AnswerSettings(ollama_url=server.url, calls_at_once=limit)
        models = [served_model("ollama:m", settings) for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            assert all(Token("Yes.") in written for written in pool.map(write, models))
    assert most == limit


def test_a_call_that_fails_gives_its_place_back() -> None:
    replies = [Reply(fault="status_500"), Reply("Yes.")]
    with ScriptedOllama(models=["m"], replies=replies) as server:
        model = served_model("ollama:m", AnswerSettings(ollama_url=server.url, calls_at_once=1))
        with pytest.raises(ModelError):
            write(model)
        assert Token("Yes.") in write(model)


def test_ollama_is_told_how_long_to_keep_the_model() -> None:
    with ScriptedOllama(models=["m"]) as server:
        settings = AnswerSettings(ollama_url=server.url, keep_alive="1h")
        write(served_model("ollama:m", settings))
        (request,) = server.requests_to("/api/chat")
    assert request.body["keep_alive"] == "1h"


SCHEMA = '{"type": "object", "properties": {"verdict": {"type": "string"}}}'


def write_json(model: LanguageModel) -> str:
    pieces = model.stream([Message("user", "Hello?")], Sampling(50, schema=SCHEMA))
    return "".join(piece.text for piece in pieces if isinstance(piece, Token))


def test_a_server_is_told_which_form_a_text_is_to_have() -> None:
    with ScriptedOllama(models=["m"], replies=[Reply("{}")]) as server:
        ollama = served_model("ollama:m", AnswerSettings(ollama_url=server.url))
        assert write_json(ollama) == "{}"
        write(ollama)
        asked, plain = (request.body for request in server.requests_to("/api/chat"))
    assert asked["format"] == json.loads(SCHEMA)
    assert not plain.get("format")
    assert "format" not in asked["options"]
    with ScriptedOpenAI(models=["m"], replies=[Reply("{}")]) as other:
        settings = AnswerSettings(openai_compatible_url=other.base_url)
        write_json(served_model("openai-compatible:m", settings))
        (body,) = (request.body for request in other.requests_to("/v1/chat/completions"))
    assert body["response_format"]["json_schema"]["schema"] == json.loads(SCHEMA)


def test_a_server_that_knows_no_forms_is_asked_without_from_then_on() -> None:
    def reply(body: Body) -> Reply:
        known = "response_format" not in body
        return Reply("Yes.") if known else Reply(fault="status_400", error_message="unknown field")

    with ScriptedOpenAI(models=["m"], replies=[reply]) as server:
        settings = AnswerSettings(openai_compatible_url=server.base_url)
        model = served_model("openai-compatible:m", settings)
        assert [write_json(model) for _ in range(3)] == ["Yes."] * 3
        assert len(server.requests_to("/v1/chat/completions")) == 4


def test_a_server_that_fails_for_another_reason_has_not_refused_a_form() -> None:
    with ScriptedOpenAI(models=["m"], replies=[Reply(fault="status_500")]) as server:
        settings = AnswerSettings(openai_compatible_url=server.base_url)
        with pytest.raises(ModelError):
            write_json(served_model("openai-compatible:m", settings))
        assert len(server.requests_to("/v1/chat/completions")) == 1
