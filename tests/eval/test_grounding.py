"""The check of claims is measured on labelled responses, beside scores that need no grounding."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from eval.cases import CasesError
from eval.grounding import worst_sentence
from eval.labelled import LabelledResponse, read_labelled
from tests.commands import run_command

DATA = Path(os.environ.get("CITEBOUND_DATA", Path(__file__).parents[2] / "../shared/data"))
PAGE = "The Forth Bridge was opened on 4 March 1890. Some 6,500,000 rivets hold it together."
TRUE = ["The Forth Bridge was opened in March 1890.", "Rivets hold the Forth Bridge together."]
FALSE = ["The Forth Bridge was opened in 1790.", "Elephants painted a green submarine."]


def write_rows(path: Path) -> Path:
    rows = [
        {"contexts": context, "response": text, "hallucinated": int(text in FALSE), "group": text}
        for text in [*TRUE, *FALSE, "Is it so?"]
        for context in ([PAGE], [{"text": PAGE}])
    ]
    path.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    return path


def test_a_set_is_measured_with_intervals_and_baselines(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "rows.jsonl")
    done = run_command("eval.cli", "eval", "grounding", path, "--json")
    assert done.returncode == 0, done.stderr
    ((name, report),) = json.loads(done.stdout)["sets"].items()
    assert name == str(path)
    assert (report["n"], report["unscored"]) == (10, 2)
    assert (report["balanced_accuracy"], report["auroc"]) == (1.0, 1.0)
    assert report["interval"] == {"balanced_accuracy": [1.0, 1.0], "auroc": [1.0, 1.0]}
    assert set(report["baselines"]) == {
        "always supported", "answer length", "token overlap", "embedding similarity",
    }  # fmt: skip
    assert report["baselines"]["always supported"] == {"balanced_accuracy": 0.5, "auroc": 0.5}
    assert report["seconds"] > 0
    shown = run_command("eval.cli", "eval", "grounding", path)
    assert f"{path}: 10 rows, 2 of them without a claim" in shown.stdout
    assert "token overlap" in shown.stdout


def test_the_worst_misses_of_each_kind_are_shown_with_what_they_were_checked_against(
    tmp_path: Path,
) -> None:
    rows = [
        {"contexts": [PAGE], "response": "Rivets hold the bridge together.", "hallucinated": 1},
        {"contexts": [PAGE], "response": "A queen cut the ribbon in Fife.", "hallucinated": 0},
        {"contexts": [PAGE], "response": TRUE[0], "hallucinated": 0},
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    done = run_command("eval.cli", "eval", "grounding", path, "--misses", "5", "--json")
    ((_, report),) = json.loads(done.stdout)["sets"].items()
    assert [miss["sentence"] for miss in report["misses"]] == [
        "Rivets hold the bridge together.", "A queen cut the ribbon in Fife.",
    ]  # fmt: skip
    assert report["misses"][1]["reason"].startswith("the cited passage lacks: queen")
    shown = run_command("eval.cli", "eval", "grounding", path, "--misses", "1").stdout
    assert "taken for supported" in shown and "taken for hallucinated" in shown
    assert PAGE in shown


def test_a_response_is_as_well_supported_as_its_worst_sentence() -> None:
    def support(text: str) -> float | None:
        row = LabelledResponse(contexts=(PAGE,), response=text, hallucinated=False)
        found = worst_sentence(row)
        return found[1].value if found else None

    best, worst = support(TRUE[0]), support(FALSE[1])
    assert best is not None
    assert worst is not None
    assert support(f"{TRUE[0]} {FALSE[1]} Is it so?") == worst < best
    assert support("Is it so? Hello!") is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2: it is not JSON"),
        ('{"contexts": ["a"], "response": "b"}', "line 2: hallucinated: "),
        ('{"contexts": "a", "response": "b", "hallucinated": 1}', "line 2: contexts: "),
        ('{"contexts": [{"txt": "a"}], "response": "b", "hallucinated": 1}', "line 2: contexts.0"),
        ('{"contexts": [], "response": "", "hallucinated": 1}', "line 2: response: "),
        ('{"contexts": [], "response": "b", "hallucinated": 0}', "needs rows of both kinds"),
    ],
)
def test_a_row_that_is_wrong_is_named_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "rows.jsonl"
    first = '{"contexts": ["a"], "response": "b", "hallucinated": 0}'
    path.write_text(f"{first}\n{line}\n", encoding="utf-8")
    with pytest.raises(CasesError, match=said):
        read_labelled(path)


def test_a_text_that_answers_no_question_may_say_so_by_null(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    rows = [
        {"contexts": ["a"], "response": "b", "hallucinated": 0, "question": None},
        {"contexts": ["a"], "response": "b", "hallucinated": 1, "question": "What is a?"},
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert [row.question for row in read_labelled(path)] == ["", "What is a?"]


def test_a_file_that_is_not_there_is_an_error_without_a_traceback(tmp_path: Path) -> None:
    done = run_command("eval.cli", "eval", "grounding", tmp_path / "none.jsonl")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: The labelled responses ")
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(
    not (DATA / "grounding").is_dir(), reason="CITEBOUND_DATA names no folder with grounding/"
)
@pytest.mark.parametrize(
    ("name", "least"),
    [("wice_dev", 0.74), ("factcheck_dev", 0.66), ("begin_dev", 0.83), ("summedits_dev", 0.6)],
)
def test_labelled_sets_are_told_apart_as_well_as_they_have_been(name: str, least: float) -> None:
    from eval.separation import balanced_accuracy

    rows = read_labelled(DATA / "grounding" / f"{name}.jsonl")
    worst = [(worst_sentence(row), not row.hallucinated) for row in rows]
    known = [(one[1].verdict == "supported", label) for one, label in worst if one]
    assert len(known) > 0.9 * len(rows)
    assert balanced_accuracy(*map(list, zip(*known, strict=True))) > least
