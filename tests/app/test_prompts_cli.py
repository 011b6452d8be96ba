"""The commands ``citebound prompts``, and a prompt that is chosen on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.library import Library
from prompts.template import load_prompt, shipped_prompts
from tests.commands import run_command
from tests.servers.reply import Reply
from tests.servers.scripted_ollama import ScriptedOllama

CLI = "eval.cli"


def test_the_prompts_that_come_with_the_program_are_listed() -> None:
    done = run_command(CLI, "prompts", "list", "--json")
    listed = json.loads(done.stdout)["prompts"]
    assert [prompt["name"] for prompt in listed] == [prompt.name for prompt in shipped_prompts()]
    shown = run_command(CLI, "prompts", "list").stdout
    assert [line.split()[0] for line in shown.splitlines()] == [one["name"] for one in listed]


def test_a_prompt_is_copied_changed_checked_and_used(
    facts: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = run_command(CLI, "prompts", "show", "answer").stdout
    own = tmp_path / "own.toml"
    own.write_text(shown.replace("careful research assistant", "stoker of engines"))
    checked = run_command(CLI, "prompts", "check", own)
    assert checked.returncode == 0
    assert checked.stdout == (
        f"{own} is a valid prompt for 'answer'; it uses {{passages}}, {{question}}, {{refusal}}.\n"
    )
    with ScriptedOllama(models=["m"], replies=[Reply("It was opened in 1890 [1].")]) as server:
        monkeypatch.setenv("CITEBOUND_OLLAMA_URL", server.url)
        done = run_command(
            CLI, "ask", "When was the Forth Bridge opened?", "--library", facts.folder, "--json",
            "--model", "ollama:m", "--prompt", own,
        )  # fmt: skip
        (request,) = server.requests_to("/api/chat")
    assert "stoker of engines" in request.body["messages"][0]["content"]
    (call,) = json.loads(done.stdout)["receipt"]["calls"]
    assert call["prompts"] == {str(own): load_prompt(str(own)).fingerprint}


def test_a_mistake_in_a_file_is_one_line(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text("task = 'a'\ncontext = '{question} {pasages}'\n")
    done = run_command(CLI, "prompts", "check", own)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: The prompt {own}, line 2: the variable {{pasages}}")
    assert done.stderr.count("\n") == 1
