"""One question goes to several models and strategies at once, and the answers stand together."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ingest.library import Library
from tests.commands import run_command, start_command
from tests.servers.reply import Body, Reply
from tests.servers.scripted_ollama import ScriptedOllama
from tests.servers.scripted_openai import ScriptedOpenAI

CLI = "eval.cli"
QUESTION = "When was the Forth Bridge opened?"
TRUE = "The Forth Bridge was opened to trains on 4 March 1890 [1]."
FALSE = "The Forth Bridge was opened to trains on 9 May 1790 [1]."


@contextmanager
def two_servers(
    monkeypatch: pytest.MonkeyPatch, first: Reply, second: Reply
) -> Iterator[tuple[ScriptedOllama, ScriptedOpenAI]]:
    """Ollama has a, vLLM has b; each waits for the other, so that one alone would never answer."""
    both = threading.Barrier(2, timeout=30)

    def met(reply: Reply) -> Reply:
        both.wait()
        return reply

    def for_ollama(_: Body) -> Reply:
        return met(first)

    def for_vllm(_: Body) -> Reply:
        return met(second)

    with (
        ScriptedOllama(models=["a"], replies=[for_ollama]) as ollama,
        ScriptedOpenAI(models=["b"], replies=[for_vllm]) as vllm,
    ):
        monkeypatch.setenv("CITEBOUND_OLLAMA_URL", ollama.url)
        monkeypatch.setenv("CITEBOUND_VLLM_URL", vllm.base_url)
        yield ollama, vllm


def test_models_answer_at_the_same_time(facts: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    with two_servers(monkeypatch, Reply(TRUE), Reply(FALSE)):
        done = run_command(
            CLI, "compare", QUESTION, "--library", facts.folder, "--model", "ollama:a",
            "--model", "vllm:b",
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.split("== vllm:b, auto")
    assert first.startswith(f"== ollama:a, auto\n{TRUE}\n")
    assert "1 of 1 sentences proved · 1 call" in first
    assert "0 of 1 sentences proved" in second
    assert f"Not proved: {FALSE.removesuffix(' [1].')}" in second


def test_strategies_are_compared_with_each_model_and_the_result_is_json(
    facts: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedOllama(models=["a"], replies=[Reply(TRUE)]) as server:
        monkeypatch.setenv("CITEBOUND_OLLAMA_URL", server.url)
        done = run_command(
            CLI, "compare", QUESTION, "--library", facts.folder, "--model", "ollama:a",
            "--model", "extractive", "--strategy", "direct", "--strategy", "few-shot", "--json",
        )  # fmt: skip
    answers = json.loads(done.stdout)["answers"]
    assert [(one["model"], one["strategy"]) for one in answers] == [
        ("ollama:a", "direct"), ("ollama:a", "few-shot"),
        ("extractive", "direct"), ("extractive", "few-shot"),
    ]  # fmt: skip
    assert answers[0]["claims"][0]["verdict"] == "supported"
    assert len(answers[1]["receipt"]["calls"][0]["messages"]) > 2


def test_a_model_that_fails_costs_the_others_nothing(
    facts: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with two_servers(monkeypatch, Reply(TRUE), Reply(fault="status_500")):
        done = run_command(
            CLI, "compare", QUESTION, "--library", facts.folder, "--model", "ollama:a",
            "--model", "vllm:b",
        )  # fmt: skip
    assert done.returncode == 1
    assert TRUE in done.stdout
    assert "== vllm:b, auto\nFailed: vllm:b at " in done.stdout
    assert "Traceback" not in done.stderr


def test_one_way_alone_is_wrong_usage(facts: Library) -> None:
    done = run_command(CLI, "compare", QUESTION, "--library", facts.folder, "--model", "ollama:a")
    assert done.returncode == 2
    assert "Give at least two models or strategies" in done.stderr


@pytest.mark.parametrize(
    "reply",
    [Reply("word " * 2000, pause_seconds=0.05), Reply(TRUE, fault="hang", words_before_fault=1)],
    ids=["servers that write", "servers that are silent"],
)
def test_ctrl_c_ends_all_of_them_and_waits_for_none(
    facts: Library, monkeypatch: pytest.MonkeyPatch, reply: Reply
) -> None:
    with two_servers(monkeypatch, reply, reply) as (ollama, vllm):
        running = start_command(
            CLI, "compare", QUESTION, "--library", facts.folder, "--model", "ollama:a",
            "--model", "vllm:b",
        )  # fmt: skip
        assert ollama.wait_for_words(1, timeout_seconds=60)
        assert vllm.wait_for_words(1, timeout_seconds=60)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=30)
        assert running.returncode == 130
    assert "Traceback" not in said


def test_a_prompt_that_is_not_for_one_of_the_ways_costs_the_others_nothing(
    facts: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedOllama(models=["a"], replies=[Reply(TRUE)]) as server:
        monkeypatch.setenv("CITEBOUND_OLLAMA_URL", server.url)
        done = run_command(
            CLI, "compare", QUESTION, "--library", facts.folder, "--model", "ollama:a",
            "--strategy", "direct", "--strategy", "base", "--prompt", "answer",
        )  # fmt: skip
    assert done.returncode == 1
    assert f"== ollama:a, direct\n{TRUE}\n" in done.stdout
    assert "== ollama:a, base\nFailed: The prompt " in done.stdout
    assert not done.stderr
