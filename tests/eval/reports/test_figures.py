"""The figures of a run are those of its records, whatever order they were finished in."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.metrics.score import unscored
from eval.reports.figures import figures_to_json, read_figures
from prompts.refusal import REFUSAL
from tests.eval.reports.runs_by_hand import made_record, made_run, right, wrong


def test_means_outcomes_and_refusals_are_known_by_hand(tmp_path: Path) -> None:
    refused = made_record("d", answerable=False, answer=REFUSAL, scores={"refused_rightly": 1.0})
    run = made_run(tmp_path / "run", [right("a"), right("b"), wrong("c"), refused])
    (setting,) = read_figures(run).settings
    assert setting.finished == 4
    assert setting.metrics["token_f1"].summary.mean == pytest.approx(2 / 3)
    assert setting.metrics["seconds"].summary.mean == pytest.approx(4 / 3)
    assert {name: n for name, n in setting.outcomes.items() if n} == {"wrong": 1, "right": 3}
    assert setting.refusals == {(True, False): 3, (False, True): 1}


def test_the_order_of_records_changes_nothing(tmp_path: Path) -> None:
    records = [right(f"{n:02}", scores={"token_f1": n / 30, "seconds": 1 / (n + 1)})
               for n in range(30)]  # fmt: skip
    one = made_run(tmp_path / "one", records)
    other = made_run(tmp_path / "other", records[::-1])
    assert figures_to_json(read_figures(one)) == figures_to_json(read_figures(other))


def test_a_case_that_failed_is_unscored_and_never_a_zero(tmp_path: Path) -> None:
    failed = made_record("b", answer=None, error="The server is gone.")
    run = made_run(tmp_path / "run", [right("a"), failed])
    (setting,) = read_figures(run).settings
    measured = setting.metrics["token_f1"]
    assert (measured.summary.mean, measured.summary.n, measured.summary.unscored) == (1.0, 1, 1)
    assert measured.coverage == 0.5
    assert measured.reasons == {"unscored: The server is gone.": 1}


def test_cases_that_were_not_asked_lower_the_coverage(tmp_path: Path) -> None:
    run = made_run(tmp_path / "run", [right("a"), right("b")], count=8)
    (setting,) = read_figures(run).settings
    assert setting.metrics["token_f1"].coverage == 0.25
    assert setting.metrics["token_f1"].summary.unscored == 0


def test_reasons_are_counted(tmp_path: Path) -> None:
    silent = {"token_f1": unscored("the judge was silent")}
    run = made_run(
        tmp_path / "run", [right("a", scores=silent), right("b", scores=silent), right("c")]
    )
    (setting,) = read_figures(run).settings
    assert setting.metrics["token_f1"].reasons == {"unscored: the judge was silent": 2}


def test_the_worst_cases_come_first_and_no_more_than_asked_for(tmp_path: Path) -> None:
    half = wrong("half", scores={"token_f1": 0.4})
    failed = made_record("failed", answer=None, error="Gone.")
    run = made_run(tmp_path / "run", [right("right"), half, failed, wrong("wrong")])
    assert read_figures(run, worst=3).worst == {"direct": ("failed", "wrong", "half")}
    assert read_figures(run).worst == {"direct": ()}


def test_the_json_has_exactly_these_fields(tmp_path: Path) -> None:
    said = figures_to_json(read_figures(made_run(tmp_path / "run", [right("a"), wrong("b")])))
    assert list(said) == ["run", "settings"]
    assert said["run"]["judge"]["quality"] == {"balanced_accuracy": 0.78}
    (setting,) = said["settings"]
    assert list(setting) == ["name", "values", "finished", "outcomes", "refusals", "metrics"]
    assert set(setting["metrics"]["token_f1"]) == {
        "mean", "n", "unscored", "not_applicable", "standard_error", "interval", "coverage",
        "reasons",
    }  # fmt: skip
    assert setting["refusals"] == [{"answerable": True, "refused": False, "cases": 2}]


def test_a_run_without_a_record_has_no_means(tmp_path: Path) -> None:
    (setting,) = read_figures(made_run(tmp_path / "run", [], count=3)).settings
    assert setting.finished == 0
    assert setting.metrics["token_f1"].summary.mean is None
    assert setting.metrics["token_f1"].coverage == 0.0
