"""A judge is measured before it is believed, and what it does not score is counted."""

from __future__ import annotations

import json
from pathlib import Path

import numpy
import pytest
from click.testing import CliRunner, Result

from eval.commands.judge import judge_command
from eval.judges import JudgeError
from eval.judges.embedded import EmbeddedJudge
from eval.judges.quality import JudgeQuality, length_bias, measure_judge
from eval.labelled import read_labelled
from tests.eval.judges.scripted_judge import (
    NAME,
    failing,
    honest,
    judge_at,
    serving,
    shown,
    verdict,
    write_rows,
)
from tests.servers.reply import Body, Reply, ScriptedReply

RUBBISH = Reply("As a judge I would say it depends.")
SILENCE = Reply("", fault="empty")
HANGING = Reply("{", fault="hang")


def run_judge(
    rows: Path, monkeypatch: pytest.MonkeyPatch, reply: ScriptedReply, *options: str
) -> Result:
    with serving(reply) as server:
        monkeypatch.setenv("CITEBOUND_OLLAMA_URL", server.url)
        if reply is HANGING:  # whatever else is slow is to be waited for
            monkeypatch.setenv("CITEBOUND_SECONDS_WITHOUT_TOKEN", "0.2")
        return CliRunner().invoke(judge_command, [NAME, str(rows), *options])


def measured(folder: Path, reply: ScriptedReply, *, count: int = 12) -> JudgeQuality:
    rows = read_labelled(write_rows(folder / "rows.jsonl", count))
    with serving(reply) as server:
        return measure_judge(rows, judge_at(server), again=judge_at(server, seed=1), at_once=4)


def test_an_honest_judge_is_seen_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run_judge(write_rows(tmp_path / "rows.jsonl", 8), monkeypatch, honest, "--json")
    assert done.exit_code == 0, done.exception
    told = json.loads(done.stdout)
    assert told["judge"] == NAME
    ((name, quality),) = told["sets"].items()
    assert name == str(tmp_path / "rows.jsonl")
    assert (quality["n"], quality["coverage"], quality["unscored"]) == (8, 1.0, {})
    assert (quality["balanced_accuracy"], quality["auroc"]) == (1.0, 1.0)
    assert quality["interval"] == {"balanced_accuracy": [1.0, 1.0], "auroc": [1.0, 1.0]}
    assert (quality["agreement"], quality["position_bias"]) == (1.0, 0.0)


def test_a_judge_that_prefers_the_first_text_is_found_out(tmp_path: Path) -> None:
    def partial(body: Body) -> Reply:
        text = shown(body)
        is_first = text.index("<answer>") < text.index("<reference>")
        return Reply(verdict("right" if is_first else "wrong"))

    quality = measured(tmp_path, partial)
    assert (quality.position_bias, quality.agreement) == (1.0, 0.0)


def test_a_judge_that_prefers_long_answers_is_found_out() -> None:
    labels, words = [False, False, True, True], [3, 9, 3, 9]
    assert length_bias([0.1, 0.3, 0.7, 0.9], labels, words) == pytest.approx(1.0)
    assert length_bias([0.3, 0.1, 0.9, 0.7], labels, words) == pytest.approx(-1.0)


def test_that_right_answers_are_longer_is_no_bias() -> None:
    assert length_bias([0, 0, 1, 1], [False, False, True, True], [2, 3, 8, 9]) is None
    chance = numpy.random.default_rng(0)
    labels = numpy.arange(2000) % 2 == 0
    scores, words = labels + chance.normal(size=2000), 9 * labels + chance.normal(size=2000)
    found = length_bias(scores, labels, words)
    assert found is not None
    assert abs(found) < 0.1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (RUBBISH, "unscored: the reply is no verdict"),
        (SILENCE, "unscored: ollama:judge said nothing"),
        (HANGING, "unscored: ollama:judge at"),
    ],
)
def test_a_judge_that_always_fails_has_no_figures_and_fails_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Reply, said: str
) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", 4)
    done = run_judge(rows, monkeypatch, fault, "--json")
    assert done.exit_code == 1
    assert isinstance(done.exception, JudgeError)
    assert "scored only 0.0% of the rows" in str(done.exception)
    (quality,) = json.loads(done.stdout)["sets"].values()
    assert (quality["scored"], quality["coverage"]) == (0, 0.0)
    assert (quality["balanced_accuracy"], quality["auroc"], quality["interval"]) == (None, None, {})
    (reason,) = quality["unscored"]
    assert reason.startswith(said)


def test_rubbish_in_a_third_of_the_calls_costs_few_rows_and_no_accuracy(tmp_path: Path) -> None:
    quality = measured(tmp_path, failing(0.3, RUBBISH), count=40)
    assert 0.85 < quality.coverage < 1
    assert quality.balanced_accuracy == 1.0
    assert sum(quality.unscored.values()) == quality.n - quality.scored


def test_a_run_under_the_coverage_fails_and_one_over_it_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", 10)
    fails = failing(0.8, RUBBISH)
    under = run_judge(rows, monkeypatch, fails, "--coverage", "0.9")
    assert isinstance(under.exception, JudgeError)
    assert "rows unscored: the reply is no verdict" in under.stdout
    assert run_judge(rows, monkeypatch, fails, "--coverage", "0.1").exit_code == 0


def test_a_check_without_chance_has_neither_agreement_nor_position(tmp_path: Path) -> None:
    rows = read_labelled(write_rows(tmp_path / "rows.jsonl", 6))
    quality = measure_judge(rows, EmbeddedJudge())
    assert (quality.agreement, quality.position_bias, quality.coverage) == (None, None, 1.0)


def test_a_figure_that_there_is_not_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run_judge(write_rows(tmp_path / "rows.jsonl", 4), monkeypatch, RUBBISH)
    assert "4 rows, 0 scored (coverage 0.0%)" in done.stdout
    assert "none (the scored rows are not of both labels)" in done.stdout


def test_the_seed_draws_the_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", 20)
    done = run_judge(rows, monkeypatch, honest, "--json", "--rows", "6")
    (quality,) = json.loads(done.stdout)["sets"].values()
    assert quality["n"] == 6
