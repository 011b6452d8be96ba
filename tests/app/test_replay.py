"""A receipt is enough to send the same again and to see what differs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.library import Library
from tests.commands import run_command
from tests.servers.reply import Reply, ToolCall
from tests.servers.scripted_ollama import ScriptedOllama

CLI = "eval.cli"
QUESTION = "When was the Forth Bridge opened?"
TRUE = "The Forth Bridge was opened to trains on 4 March 1890 [1]."
OTHER = "The Forth Bridge was opened with great ceremony [1]."


@pytest.fixture
def receipt(facts: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The answer of ``citebound ask --json`` with a thinking model and a prompt of one's own."""
    prompt = tmp_path / "own.toml"
    prompt.write_text("task = 'Be brief.'\ncontext = '{passages} {question}'\n")
    reply = Reply(f"<think>Hm.</think>{TRUE}")
    with ScriptedOllama(models=["m"], replies=[reply]) as server:
        monkeypatch.setenv("CITEBOUND_OLLAMA_URL", server.url)
        done = run_command(
            CLI, "ask", QUESTION, "--library", facts.folder, "--model", "ollama:m",
            "--prompt", prompt, "--temperature", "0.3", "--seed", "9", "--top-p", "0.9",
            "--stop", "END", "--json",
        )  # fmt: skip
    path = tmp_path / "receipt.json"
    path.write_text(done.stdout)
    return path


def test_the_same_is_sent_and_the_same_comes_back(
    receipt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (call,) = json.loads(receipt.read_text())["receipt"]["calls"]
    with ScriptedOllama(models=["m"], replies=[Reply(f"<think>Oh.</think>{TRUE}")]) as server:
        monkeypatch.setenv("CITEBOUND_OLLAMA_URL", server.url)
        done = run_command(CLI, "replay", receipt, "--json")
        (request,) = server.requests_to("/api/chat")
    sent = [(message["role"], message["content"]) for message in request.body["messages"]]
    assert sent == [(message["role"], message["text"]) for message in call["messages"]]
    assert request.body["options"] == call["options"]
    options = {"temperature": 0.3, "seed": 9, "top_p": 0.9, "stop": ["END"]}
    assert request.body["options"].items() >= options.items()
    said = json.loads(done.stdout)
    assert said["same"]
    assert said["model_digest_before"] == said["model_digest_now"] is not None


def test_what_differs_is_shown(receipt: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (receipt.parent / "own.toml").write_text("task = 'x'\ncontext = '{passages} {question}'\n")
    with ScriptedOllama(models=["m"], replies=[Reply(OTHER)], context_length=2048) as server:
        monkeypatch.setenv("CITEBOUND_OLLAMA_URL", server.url)
        done = run_command(CLI, "replay", receipt)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "Call 1 (answer): another text"
    assert {f"-{TRUE}", f"+{OTHER}"} <= set(lines)
    assert "Options: {'num_ctx': 4096}, now {'num_ctx': 2048}" in lines
    assert f"The prompt {receipt.parent / 'own.toml'} has changed since" in done.stdout


def test_a_receipt_alone_is_enough(receipt: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = json.loads(receipt.read_text())["receipt"]
    receipt.write_text(json.dumps(alone))
    with ScriptedOllama(models=["m"], replies=[Reply(TRUE)]) as server:
        monkeypatch.setenv("CITEBOUND_OLLAMA_URL", server.url)
        assert run_command(CLI, "replay", receipt).stdout.startswith("Call 1 (answer): the same")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is no receipt (it: Invalid JSON"),
        ("[1]", "is no receipt (it: Input should be an object"),
        ('{"receipt": {"model": "m"}}', "is no receipt (receipt.calls: Field required"),
        ('{"model": "m"}', "is no receipt (calls: Field required"),
        ('{"receipt": {"model": "m", "calls": []}}', "has no call of a model"),
    ],
)
def test_a_file_that_is_no_receipt_is_one_line(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "receipt.json"
    path.write_text(content)
    done = run_command(CLI, "replay", path)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        ([], "messages: Tuple should have at least 1 item"),
        (["tool"], "messages of these roles are never sent together"),
        (["user", "text"], "messages of these roles are never sent together"),
    ],
)
def test_messages_that_nobody_sends_are_no_receipt(
    tmp_path: Path, roles: list[str], said: str
) -> None:
    call = {
        "step": "answer", "messages": [{"role": role, "text": "x"} for role in roles],
        "prompts": {}, "sampling": {"answer_tokens": 50}, "options": {}, "text": "x",
        "prompt_tokens": None,
    }  # fmt: skip
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps({"model": "ollama:m", "calls": [call]}))
    done = run_command(CLI, "replay", path)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr


def test_a_device_without_an_end_is_one_line() -> None:
    for command in (["replay"], ["exemplars", "add"]):
        done = run_command(CLI, *command, "/dev/zero")
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert "File too large: '/dev/zero'" in done.stderr


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = run_command(CLI, "replay", tmp_path / "none.json")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "No such file" in done.stderr


def test_a_server_that_is_gone_is_one_line(receipt: Path) -> None:
    done = run_command(CLI, "replay", receipt)
    assert (done.returncode, done.stdout) == (1, "")
    assert "No model server answers at" in done.stderr


def test_calls_with_tools_are_left_out_and_the_user_is_told(
    facts: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = Reply(tool_calls=(ToolCall("search_library", {"query": "Forth Bridge"}),))
    path = tmp_path / "answer.json"
    with ScriptedOllama(models=["m"], replies=[search, Reply(""), Reply(TRUE)]) as server:
        monkeypatch.setenv("CITEBOUND_OLLAMA_URL", server.url)
        asked = run_command(
            CLI, "ask", QUESTION, "--library", facts.folder, "--model", "ollama:m",
            "--strategy", "agent", "--json",
        )  # fmt: skip
        path.write_text(asked.stdout, encoding="utf-8")
        done = run_command(CLI, "replay", path)
    assert done.returncode == 0
    assert done.stdout == "Call 1 (answer): the same\n"
    assert "Left out: 2 calls in which the model could use tools" in done.stderr
