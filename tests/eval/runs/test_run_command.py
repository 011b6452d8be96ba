"""The command ``citebound eval run``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.runs.folder import RunFolder
from tests.app.test_cli import citebound, error_line, output
from tests.conftest import SmallLibrary
from tests.eval.runs.running import QUESTIONS, write_cases
from tests.servers.reply import Body, Reply
from tests.servers.scripted_ollama import ScriptedOllama


@pytest.fixture
def arguments(small_library: SmallLibrary, tmp_path: Path) -> tuple[str | Path, ...]:
    cases = write_cases(tmp_path / "cases.jsonl")
    return ("eval", "run", cases, "--library", small_library.folder, "--model", "extractive")


def test_a_run_prints_a_table_and_says_where_it_lies(
    arguments: tuple[str | Path, ...], tmp_path: Path
) -> None:
    done = citebound(*arguments, "--output", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    assert done.stderr == f"The run is {tmp_path / 'run'}.\n"
    rows = {line.split()[0]: line.split() for line in done.stdout.splitlines()[2:]}
    assert rows["refused_rightly"][1:4] == ["1.000", "1", "0"]
    assert rows["page_recall"][1:4] == ["1.000", "3", "0"]
    assert rows["judged_correctness"][1:4] == ["none", "0", "0"]


def test_a_matrix_is_run_and_its_report_names_every_setting(
    arguments: tuple[str | Path, ...], tmp_path: Path
) -> None:
    (tmp_path / "matrix.toml").write_text("passages = [2, 8]\n")
    found = output(citebound(*arguments, "--matrix", tmp_path / "matrix.toml", "--json"))
    assert [setting["name"] for setting in found["settings"]] == ["passages 2", "passages 8"]
    assert [setting["finished"] for setting in found["settings"]] == [len(QUESTIONS)] * 2
    (folder,) = (tmp_path / "runs").iterdir()
    assert found["folder"] == str(folder)
    assert len(list(RunFolder.open(folder).records())) == 2 * len(QUESTIONS)


@pytest.mark.slow
def test_a_run_with_too_few_scores_fails_and_says_why(
    small_library: SmallLibrary, tmp_path: Path
) -> None:
    def reply(body: Body) -> Reply:
        failed = "capital of France" in json.dumps(body)
        return Reply(fault="status_500", error_message="boom") if failed else Reply("Nine bar [1].")

    with ScriptedOllama(replies=[reply]) as server:
        (tmp_path / "settings.toml").write_text(f'[answer]\nollama_url = "{server.url}"\n')
        command = (
            "eval", "run", write_cases(tmp_path / "cases.jsonl"), "--library", small_library.folder,
            "--model", "ollama:llama3.2", "--strategy", "direct", "--output", tmp_path / "run",
        )  # fmt: skip
        done = citebound(*command)
        lower = citebound(*command, "--coverage", "0")
    assert done.returncode == 1
    assert "of the cases have the score" in done.stderr
    assert "boom" in done.stderr
    assert "hallucination" in done.stdout
    assert lower.returncode == 0


@pytest.mark.slow
def test_a_spent_budget_fails_with_what_is_left(
    arguments: tuple[str | Path, ...], tmp_path: Path
) -> None:
    command = (*arguments, "--output", tmp_path / "run", "--budget-seconds", "0.001")
    done = citebound(*command)
    assert done.returncode == 1
    assert "The budget of 0.001 s is spent and 4 cases are left" in done.stderr
    assert citebound(*arguments, "--output", tmp_path / "run").returncode == 0


@pytest.mark.slow
def test_what_was_measured_of_the_judge_goes_into_the_run(
    arguments: tuple[str | Path, ...], tmp_path: Path
) -> None:
    figures = {"n": 9, "coverage": 1.0, "balanced_accuracy": 0.75, "auroc": 0.8, "agreement": None}
    measured = tmp_path / "judge.json"
    measured.write_text(json.dumps({"judge": "embedded", "sets": {"x/rows.jsonl": figures}}))
    command = (*arguments, "--output", tmp_path / "run", "--judge-measured", measured)
    assert citebound(*command).returncode == 0
    judge = RunFolder.open(tmp_path / "run").manifest.judge
    known = {name: value for name, value in figures.items() if value is not None}
    assert (judge.name, judge.quality) == ("embedded", {"rows": "rows.jsonl", **known})
    measured.write_text(json.dumps({"judge": "other", "sets": {"x": figures}}))
    assert "about the judge other, not embedded" in error_line(citebound(*command))
    measured.write_text("[]")
    assert "is not what citebound eval judge --json prints" in error_line(citebound(*command))


@pytest.mark.parametrize(
    ("more", "code", "complaint"),
    [
        (("--judge", "nobody"), 1, "'nobody' names no judge"),
        (("--matrix", "none.toml"), 1, "The matrix none.toml cannot be read"),
        (("--reuse", "none"), 1, "There is no run at none"),
        (("--coverage", "2"), 2, "2.0 is not in the range"),
        (("--prompt", "nothing"), 1, "There is no prompt 'nothing'"),
    ],
)
def test_wrong_words_are_one_sentence(
    arguments: tuple[str | Path, ...],
    tmp_path: Path,
    more: tuple[str, str],
    code: int,
    complaint: str,
) -> None:
    done = citebound(*arguments, "--output", tmp_path / "run", *more)
    assert (done.returncode, done.stdout) == (code, "")
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
