"""One string says which model answers; ``auto`` finds one and says why it is that one."""

from __future__ import annotations

import socket

import pytest

from app.models.choose import KINDS, choose_model
from app.models.extractive import ExtractiveModel
from app.models.model import ModelError
from app.settings import AnswerSettings
from ingest.library import Library
from tests.servers.exchange import Exchange
from tests.servers.reply import Body
from tests.servers.scripted_ollama import ScriptedOllama
from tests.servers.scripted_openai import ScriptedOpenAI
from tests.servers.scripted_server import Route
from tests.servers.stranger import stranger


class MixedOllama(ScriptedOllama):
    """An Ollama whose models named ``embed...`` write nothing."""

    def routes(self) -> dict[tuple[str, str], Route]:
        show = super().routes()["POST", "/api/show"]

        def show_by_name(exchange: Exchange, body: Body) -> None:
            embeds = body["model"].startswith("embed")
            self.capabilities = ["embedding"] if embeds else ["completion"]
            show(exchange, body)

        return {**super().routes(), ("POST", "/api/show"): show_by_name}


def test_auto_without_a_server_quotes_and_names_the_address(facts: Library) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
    choice = choose_model("auto", facts, AnswerSettings(ollama_url=address))
    assert choice.model.name == "extractive"
    assert choice.reason == f"Ollama does not answer at {address}, so passages are quoted"


@pytest.mark.parametrize("said", [b"<html>", b'{"models": 5}', b'{"models": ["a", 1]}'])
def test_auto_with_something_else_at_ollamas_address_quotes(facts: Library, said: bytes) -> None:
    with stranger(said) as address:
        choice = choose_model("auto", facts, AnswerSettings(ollama_url=address))
    assert choice.reason == f"Ollama does not answer at {address}, so passages are quoted"


def test_auto_takes_the_first_model_that_writes(facts: Library) -> None:
    with MixedOllama(models=["embed-small", "writer", "another"]) as server:
        choice = choose_model("auto", facts, AnswerSettings(ollama_url=server.url))
    assert choice.model.name == "ollama:writer:latest"
    assert server.url in choice.reason


def test_auto_with_only_an_embedding_model_quotes(facts: Library) -> None:
    with MixedOllama(models=["embed-small"]) as server:
        choice = choose_model("auto", facts, AnswerSettings(ollama_url=server.url))
    assert choice.model.name == "extractive"
    assert choice.reason.startswith(f"Ollama at {server.url} has no model that writes")


def test_auto_with_an_ollama_that_has_no_model_quotes(facts: Library) -> None:
    with ScriptedOllama(models=[]) as server:
        choice = choose_model("auto", facts, AnswerSettings(ollama_url=server.url))
    assert choice.model.name == "extractive"


def test_extractive_asks_no_server(facts: Library) -> None:
    with ScriptedOllama() as server:
        choice = choose_model("extractive", facts, AnswerSettings(ollama_url=server.url))
        assert server.requests == []
    assert choice.model.name == "extractive"


@pytest.mark.parametrize(
    ("spec", "window"),
    [("vllm:m", 3000), ("openai-compatible:m", 3000), ("ollama:m", 2000), ("ollama:a/b:7b", 2000)],
)
def test_a_named_model_is_taken_with_the_smaller_of_its_window_and_ours(
    facts: Library, spec: str, window: int
) -> None:
    with (
        ScriptedOllama(models=["m", "a/b:7b"], context_length=2000) as ollama,
        ScriptedOpenAI(models=["m"], max_model_len=3000) as openai,
    ):
        settings = AnswerSettings(
            ollama_url=ollama.url, vllm_url=openai.base_url, openai_compatible_url=openai.base_url
        )
        model = choose_model(spec, facts, settings).model
        assert not isinstance(model, ExtractiveModel)
        assert (model.name, model.context_tokens) == (spec, window)
        small = choose_model(spec, facts, settings.model_copy(update={"context_tokens": 1500}))
        assert not isinstance(small.model, ExtractiveModel)
        assert small.model.context_tokens == 1500


@pytest.mark.parametrize(
    "spec", ["", "nonsense", "gpt-4", "ollama", "ollama:", "vllm:", "Auto", "extractive:x", ":m"]
)
def test_a_string_that_names_no_model_gets_the_list_of_kinds(facts: Library, spec: str) -> None:
    with pytest.raises(ModelError) as caught:
        choose_model(spec, facts, AnswerSettings())
    assert str(caught.value) == f"{spec!r} names no model; use one of: {', '.join(KINDS)}."
    assert {"auto", "extractive", "ollama:NAME", "vllm:NAME"} < set(KINDS)
