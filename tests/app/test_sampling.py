"""Sampling options go over each wire under the server's own names, and only those that are set."""

from __future__ import annotations

import pytest

from app.events import Message, Token
from app.models.choose import served_model
from app.models.model import Sampling
from app.settings import AnswerSettings
from tests.servers.reply import Body, Reply
from tests.servers.scripted_ollama import ScriptedOllama
from tests.servers.scripted_openai import ScriptedOpenAI

ALL = Sampling(
    50, temperature=0.2, seed=3, top_p=0.5, top_k=4, min_p=0.1, repeat_penalty=1.1, stop=("X",)
)
COMMON = {"temperature": 0.2, "seed": 3, "top_p": 0.5, "top_k": 4, "min_p": 0.1, "stop": ["X"]}
TURNS = [Message("system", "s"), Message("user", "u"), Message("assistant", "a")]


def sent_to_ollama(sampling: Sampling) -> Body:
    with ScriptedOllama(models=["m"], replies=[Reply("Yes.")]) as server:
        model = served_model("ollama:m", AnswerSettings(ollama_url=server.url))
        assert Token("Yes.") in list(model.stream(TURNS, sampling))
        return server.requests_to("/api/chat")[0].body


def sent_to_openai(kind: str, sampling: Sampling) -> Body:
    with ScriptedOpenAI(models=["m"], replies=[Reply("Yes.")]) as server:
        settings = AnswerSettings(vllm_url=server.base_url, openai_compatible_url=server.base_url)
        assert Token("Yes.") in list(served_model(f"{kind}:m", settings).stream(TURNS, sampling))
        return server.requests_to("/v1/chat/completions")[0].body


def test_ollama_gets_all_of_them() -> None:
    body = sent_to_ollama(ALL)
    own = {"num_predict": 50, "num_ctx": 4096, "repeat_penalty": 1.1}
    assert body["options"] == {**COMMON, **own}
    assert [message["role"] for message in body["messages"]] == ["system", "user", "assistant"]


@pytest.mark.parametrize("kind", ["vllm", "openai-compatible"])
def test_an_openai_compatible_server_gets_all_of_them(kind: str) -> None:
    body = sent_to_openai(kind, ALL)
    wanted = {**COMMON, "max_tokens": 50, "repetition_penalty": 1.1}
    assert {name: body.get(name) for name in wanted} == wanted
    assert [message["role"] for message in body["messages"]] == ["system", "user", "assistant"]


def test_what_is_not_set_is_not_sent() -> None:
    assert sent_to_ollama(Sampling(50))["options"].keys() == {
        "num_predict", "num_ctx", "temperature", "seed",
    }  # fmt: skip
    assert (
        not {"top_p", "top_k", "min_p", "stop", "repetition_penalty"}
        & sent_to_openai("vllm", Sampling(50)).keys()
    )
