"""The cheapest setting that keeps the quality is found step by step."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import AnswerSettings
from eval.metrics.score import Score
from eval.reports.score_table import ScoreTable
from eval.runs.ways import Matrix, Way
from eval.sweep import Sweep, SweepError, default_ladder, sweep
from tests.app.test_cli import citebound, output
from tests.conftest import SmallLibrary
from tests.eval.runs.running import write_cases

CASES = 40


def table(values: list[float], *, tokens: float) -> ScoreTable:
    ids = [f"{number:03d}" for number in range(len(values))]
    return ScoreTable(
        ids=ids,
        contents=[0] * len(ids),
        outcomes=["right"] * len(ids),
        qualities=values,
        columns={
            "token_f1": [Score(value) for value in values],
            "prompt_tokens": [Score(tokens)] * len(ids),
        },
    )


def last(ladder: Matrix, right: dict[str, int], loss: float) -> Sweep:
    """A sweep over ways of whose cases so many are right, by the value of the setting changed."""
    asked: list[Way] = []

    def ask(way: Way) -> ScoreTable:
        asked.append(way)
        count = right[way.name]
        return table([1.0] * count + [0.0] * (CASES - count), tokens=100.0 * way.settings.passages)

    *_, found = sweep(AnswerSettings(), ladder, ask, loss=loss)
    assert [one.way for one in found.tried] == asked
    return found


def test_each_setting_goes_down_until_the_quality_falls_and_keeps_what_others_have() -> None:
    ladder = {"widened": (3, 0), "passages": (8, 4, 2, 1)}
    right = {
        "base": 40, "widened 0": 30, "passages 4": 40, "passages 2": 40, "passages 1": 38,
    }  # fmt: skip
    found = last(ladder, right, loss=0.1)
    assert [(one.way.name, one.is_kept) for one in found.tried] == [
        ("base", True), ("widened 0", False), ("passages 4", True), ("passages 2", True),
        ("passages 1", False),
    ]  # fmt: skip
    assert found.cheapest.way.name == "passages 2"
    assert (found.cheapest.way.settings.widened, found.cheapest.way.settings.passages) == (3, 2)
    assert found.cheapest.values == {"widened": 3, "passages": 2}
    assert found.cheapest.costs == {"prompt_tokens": 200.0}
    assert found.by == "token_f1"


def test_a_loss_is_measured_against_the_base_so_that_small_ones_do_not_add_up() -> None:
    ladder = {"passages": (8, 5, 3, 2)}
    right = {"base": 40, "passages 5": 39, "passages 3": 38, "passages 2": 36}
    assert last(ladder, right, loss=0.15).cheapest.way.name == "passages 3"


def test_what_too_few_cases_leave_open_is_not_kept() -> None:
    ladder = {"passages": (8, 5)}
    found = last(ladder, {"base": 40, "passages 5": 39}, loss=0.03)
    (_, tried) = found.tried
    assert tried.change is not None
    assert tried.change.difference.mean == pytest.approx(-0.025)
    assert not tried.is_kept


def test_the_default_ladder_begins_with_the_settings_and_only_goes_down() -> None:
    assert default_ladder(AnswerSettings(passages=4, widened=1)) == {
        "widened": (1, 0), "passages": (4, 3, 2, 1),
    }  # fmt: skip
    assert default_ladder(AnswerSettings(strategy="few-shot"))["exemplars"] == (2, 1, 0)


def test_cases_that_name_no_answer_cannot_say_what_is_cheapest() -> None:
    def ask(_: Way) -> ScoreTable:
        return ScoreTable(ids=["1"], columns={"token_f1": [Score(None, "n/a")]})

    with pytest.raises(SweepError, match="nothing can be kept"):
        next(sweep(AnswerSettings(), {"passages": (2, 1)}, ask, loss=0.1))


@pytest.mark.slow
def test_a_sweep_is_runs_in_a_folder_and_ends_in_settings(
    small_library: SmallLibrary, tmp_path: Path
) -> None:
    cases = write_cases(tmp_path / "cases.jsonl")
    (tmp_path / "ladder.toml").write_text("passages = [4, 1]\n")
    words = (
        "eval", "sweep", cases, "--library", small_library.folder, "--model", "extractive",
        "--ladder", tmp_path / "ladder.toml", "--by", "answer_given",
    )  # fmt: skip
    found = output(citebound(*words, "--json"))
    assert [one["setting"] for one in found["tried"]] == ["base", "passages 1"]
    assert found["by"] == "answer_given"
    runs = sorted((tmp_path / "runs" / "cases-sweep").iterdir())
    assert [run.name for run in runs] == ["base", "passages-1"]
    again = citebound(*words)
    assert "[answer]\npassages = " in again.stdout
    assert f"base: answer_given {found['tried'][0]['quality']:.3f}" in again.stdout
    lines = [len((run / "records.jsonl").read_text().splitlines()) for run in runs]
    assert lines == [4, 4]
    wrong = citebound(*words, "--by", "beauty")
    assert (wrong.returncode, "beauty" in wrong.stderr) == (2, True)
