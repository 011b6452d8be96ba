"""Own prompts: kept beside the settings, found by name, never a path, shipped ones left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.own_prompts import (
    answer_prompts,
    delete_prompt,
    find_prompt,
    load_prompt,
    own_folder,
    own_names,
    save_prompt,
)
from ingest.library import Library
from prompts.parts import PromptParts
from prompts.template import FOLDER, PromptError
from tests.commands import run_command
from tests.servers.reply import Reply
from tests.servers.scripted_ollama import ScriptedOllama

CLI = "eval.cli"
PARTS = PromptParts(task="Answer like a stationmaster.", context="{passages}\n{question}")


def test_an_own_prompt_is_kept_beside_the_settings_and_found_by_its_name(tmp_path: Path) -> None:
    save_prompt("station", PARTS)
    assert find_prompt("station") == tmp_path / "prompts" / "station.toml"
    assert load_prompt("station").parts == PARTS
    assert own_names() == ["station"]
    assert [path.name for path in own_folder().iterdir()] == ["station.toml"]


def test_a_prompt_that_is_kept_again_is_changed() -> None:
    save_prompt("station", PARTS)
    save_prompt("station", PARTS.model_copy(update={"task": "Answer like a porter."}))
    assert load_prompt("station").parts.task == "Answer like a porter."


@pytest.mark.parametrize(
    "name",
    ["", " ", "..", "../evil", "/evil", "a/b", "a\\b", "a.b", "~x", "-x", "a b", "x" * 41,
     "a\0b", "a\nb"],
)  # fmt: skip
def test_a_name_is_never_a_path(name: str, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(PromptError, match="a name of letters"):
        save_prompt(name, PARTS)
    with pytest.raises(PromptError):
        delete_prompt(name)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", ["answer", "Answer", "condense"])
def test_a_shipped_prompt_is_never_overwritten_nor_deleted(name: str) -> None:
    before = {path: path.read_bytes() for path in FOLDER.iterdir()}
    with pytest.raises(PromptError, match="comes with the program"):
        save_prompt(name, PARTS)
    with pytest.raises(PromptError, match="no prompt of yours"):
        delete_prompt(name)
    assert {path: path.read_bytes() for path in FOLDER.iterdir()} == before


def test_a_file_with_the_name_of_a_shipped_prompt_does_not_stand_in_for_it() -> None:
    own_folder().mkdir()
    (own_folder() / "answer.toml").write_text("task = 'x'\ncontext = '{passages}{question}'")
    assert find_prompt("answer") == FOLDER / "answer.toml"
    assert own_names() == []


def test_what_cannot_be_written_is_one_sentence_and_leaves_the_old_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    save_prompt("station", PARTS)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(PromptError, match=r"cannot be kept at .*: No space left on device"):
        save_prompt("station", PARTS.model_copy(update={"task": "b"}))
    assert load_prompt("station").parts == PARTS
    assert [path.name for path in own_folder().iterdir()] == ["station.toml"]


def test_parts_that_are_not_valid_are_not_kept() -> None:
    with pytest.raises(PromptError, match=r"\{passages\} is missing"):
        save_prompt("station", PARTS.model_copy(update={"context": "{question}"}))
    assert own_names() == []


def test_a_deleted_prompt_is_gone() -> None:
    save_prompt("station", PARTS)
    delete_prompt("station")
    with pytest.raises(PromptError, match=r"There is no prompt 'station'.*one of: agent, answer"):
        find_prompt("station")


def test_only_prompts_that_answers_are_composed_with_are_offered_for_them() -> None:
    save_prompt("station", PARTS)
    (own_folder() / "broken.toml").write_text("task = ")
    (own_folder() / "follow-up.toml").write_text(
        "task = 'a'\npurpose = 'condense'\ncontext = '{history} {question}'"
    )
    assert answer_prompts() == ["answer", "base", "broken", "station"]


def test_letters_that_the_disk_keeps_in_pieces_are_the_same_name() -> None:
    save_prompt("cafe\u0301", PARTS)
    assert own_names() == ["caf\u00e9"]
    assert load_prompt("caf\u00e9").parts == PARTS
    delete_prompt("caf\u00e9")
    assert own_names() == []


def test_own_prompts_are_used_by_name_on_the_command_line(
    facts: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_prompt("station", PARTS)
    listed = json.loads(run_command(CLI, "prompts", "list", "--json").stdout)["prompts"]
    assert listed[-1]["name"] == "station"
    assert "stationmaster" in run_command(CLI, "prompts", "show", "station").stdout
    assert run_command(CLI, "prompts", "check", "station").returncode == 0
    with ScriptedOllama(models=["m"], replies=[Reply("It was opened in 1890 [1].")]) as server:
        monkeypatch.setenv("CITEBOUND_OLLAMA_URL", server.url)
        done = run_command(
            CLI, "ask", "When was the Forth Bridge opened?", "--library", facts.folder,
            "--model", "ollama:m", "--prompt", "station",
        )  # fmt: skip
        (request,) = server.requests_to("/api/chat")
    assert done.returncode == 0
    assert "stationmaster" in request.body["messages"][0]["content"]


def test_a_list_leaves_out_what_is_not_valid_and_says_so() -> None:
    own_folder().mkdir()
    (own_folder() / "broken.toml").write_text("task = ")
    done = run_command(CLI, "prompts", "list")
    assert done.returncode == 0
    assert "broken" not in done.stdout
    assert done.stderr.startswith("Left out: The prompt")
