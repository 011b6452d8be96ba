"""Looking after the models of Ollama."""

from __future__ import annotations

import json

import pytest

from app.models.model import ModelError
from app.models.ollama import licence, list_models, pull_model, remove_model, show_model
from app.settings import AnswerSettings
from tests.commands import run_command
from tests.servers.scripted_ollama import ScriptedOllama
from tests.servers.stranger import stranger

CLI = "eval.cli"
APACHE = "Apache License\nVersion 2.0, January 2004\nTERMS AND CONDITIONS FOR USE"
LLAMA = "LLAMA 3.2 COMMUNITY LICENSE AGREEMENT\nLlama 3.2 Version Release Date"
GEMMA = "Gemma Terms of Use\nBy using, reproducing, modifying"
MIT = "MIT License\n\nPermission is hereby granted, free of charge, to any person"


def at(server: ScriptedOllama) -> AnswerSettings:
    return AnswerSettings(ollama_url=server.url)


def test_a_model_is_shown_with_what_it_is_and_comes_from() -> None:
    information = {"general.finetune": "Instruct", "general.base_model.0.name": "Llama 3.2 3B"}
    with ScriptedOllama(
        models=["llama3.2"], license_text=LLAMA, model_info=information, context_length=131072
    ) as server:
        model = show_model("llama3.2", at(server))
    assert (model.name, model.family, model.parameters) == ("llama3.2:latest", "llama", "3.2B")
    assert (model.quantization, model.context_tokens) == ("Q4_K_M", 131072)
    assert model.lineage == "fine-tuned (Instruct) of Llama 3.2 3B"
    assert (model.licence, model.is_base) == ("restricted", False)
    assert model.size > 0
    assert len(model.digest) == 64


def test_a_model_without_a_template_is_a_base_model() -> None:
    with ScriptedOllama(models=["raw"], template="{{ .Prompt }}") as server:
        model = show_model("raw", at(server))
    assert (model.is_base, model.lineage, model.licence) == (True, "base model", "not stated")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (APACHE, "permissive"),
        (MIT, "permissive"),
        (LLAMA, "restricted"),
        (GEMMA, "restricted"),
        ("For research purposes alone.", "restricted"),
        (" ", "not stated"),
    ],
)
def test_licences_are_told_apart(text: str, kind: str) -> None:
    assert licence(text) == kind


def test_models_are_pulled_listed_and_removed() -> None:
    with ScriptedOllama(models=["b"], pullable=["a"]) as server:
        steps = list(pull_model("a", at(server)))
        assert [one.name for one in list_models(at(server))] == ["a:latest", "b:latest"]
        remove_model("b", at(server))
        assert [one.name for one in list_models(at(server))] == ["a:latest"]
    assert steps[-1].status == "success"
    assert max(step.completed / step.total for step in steps if step.total) == 1


def test_faults_are_one_error_each() -> None:
    with ScriptedOllama(models=["b"]) as server:
        settings = at(server)
        with pytest.raises(ModelError, match="has no model 'x'; see those it has with"):
            show_model("x", settings)
        with pytest.raises(ModelError, match="has no model 'x'"):
            remove_model("x", settings)
        with pytest.raises(ModelError, match="cannot pull 'x': pull model manifest"):
            list(pull_model("x", settings))
    for action in (list_models, lambda one: list(pull_model("x", one))):
        with pytest.raises(ModelError, match=r"does not answer at .* Start it with: ollama serve"):
            action(settings)


@pytest.mark.parametrize(
    "said", [b"<html>", b"null", b"[1]", b'{"models": 5, "details": 7, "total": "x"}', b'{"a": 1}']
)
def test_what_is_not_ollama_is_said_to_be_something_else(said: bytes) -> None:
    with stranger(said) as address:
        settings = AnswerSettings(ollama_url=address)
        for ask in (list_models, lambda one: show_model("x", one)):
            with pytest.raises(ModelError, match="does not speak as Ollama does"):
                ask(settings)
        with pytest.raises(ModelError, match=r"does not speak as Ollama does|stopped while it"):
            list(pull_model("x", settings))


def test_the_commands_do_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedOllama(models=["b"], pullable=["a"], license_text=MIT) as server:
        monkeypatch.setenv("CITEBOUND_OLLAMA_URL", server.url)
        pulled = run_command(CLI, "models", "pull", "a")
        assert pulled.stdout == "a is there; use it with: --model ollama:a\n"
        assert "50%" in pulled.stderr
        refused = run_command(CLI, "models", "remove", "b")
        assert refused.returncode != 0
        assert run_command(CLI, "models", "remove", "b", "--yes").stdout == "b:latest is deleted.\n"
        listed = json.loads(run_command(CLI, "models", "list", "--json").stdout)["models"]
        assert [model["name"] for model in listed] == ["a:latest"]
        shown = run_command(CLI, "models", "list").stdout
        assert "a:latest" in shown
        assert "licence permissive" in shown
        assert "window        8,192 tokens" in run_command(CLI, "models", "show", "a").stdout
    gone = run_command(CLI, "models", "list")
    assert (gone.returncode, gone.stdout, gone.stderr.count("\n")) == (1, "", 1)
