"""A gate passes what is good enough and no worse than before, and nothing that is not known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from eval.commands.gate import gate_command
from eval.metrics.score import unscored
from eval.runs.folder import RunFolder
from tests.eval.reports.runs_by_hand import made_record, made_run, right, wrong

IDS = [f"{number:02}" for number in range(20)]


def gate(run: RunFolder, *arguments: str | Path) -> Result:
    return CliRunner().invoke(gate_command, [str(run.path), *map(str, arguments)])


@pytest.fixture
def good(tmp_path: Path) -> RunFolder:
    return made_run(tmp_path / "good", [right(one) for one in IDS])


@pytest.fixture
def bad(tmp_path: Path) -> RunFolder:
    return made_run(tmp_path / "bad", [*map(wrong, IDS[:10]), *map(right, IDS[10:])])


def test_a_good_run_passes(good: RunFolder) -> None:
    done = gate(good, "--min", "grounding=0.9", "--max", "hallucination=0.05")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "passed  direct: claims_supported 1.000, must be ≥ 0.9",
        "passed  direct: hallucination 0.000, must be ≤ 0.05",
        "Passed: 2 checks.",
    ]


def test_a_limit_that_is_met_exactly_passes(bad: RunFolder) -> None:
    done = gate(bad, "--min", "token_f1=0.5", "--max", "hallucination=0.5")
    assert done.exit_code == 0


def test_a_bad_run_fails_and_says_where(bad: RunFolder) -> None:
    done = gate(bad, "--min", "correctness=0.6", "--max", "hallucination=0.5")
    assert (done.exit_code, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        "FAILED  direct: token_f1 0.500, must be ≥ 0.6",
        "passed  direct: hallucination 0.500, must be ≤ 0.5",
        "Failed: 1 of 2 checks.",
    ]


def test_the_json_says_the_same(bad: RunFolder) -> None:
    done = gate(bad, "--min", "token_f1=0.6", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout) == {
        "passed": False,
        "notes": [],
        "checks": [
            {"setting": "direct", "metric": "token_f1", "passed": False,
             "told": "0.500, must be ≥ 0.6"},
        ],
    }  # fmt: skip


def test_a_metric_without_a_value_fails(tmp_path: Path, good: RunFolder) -> None:
    done = gate(good, "--min", "page_recall=0")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (
        1, "FAILED  direct: page_recall has no value: the run does not measure it",
    )  # fmt: skip
    silent = {"token_f1": unscored("the judge was silent")}
    run = made_run(tmp_path / "silent", [right(one, scores=silent) for one in IDS])
    done = gate(run, "--min", "token_f1=0")
    assert done.stdout.splitlines()[0] == (
        "FAILED  direct: token_f1 has no value: unscored: the judge was silent"
    )


def test_too_few_scored_cases_fail_whatever_their_mean(tmp_path: Path) -> None:
    failed = [made_record(one, answer=None, error="Gone.") for one in IDS[:4]]
    run = made_run(tmp_path / "run", [*failed, *map(right, IDS[4:])])
    done = gate(run, "--min", "token_f1=0.5")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (
        1, "FAILED  direct: token_f1 80.0% of its cases are scored, and 90.0% must be",
    )  # fmt: skip
    assert gate(run, "--min", "token_f1=0.5", "--coverage", "0.8").exit_code == 0


def test_a_run_that_was_cut_short_fails(tmp_path: Path) -> None:
    run = made_run(tmp_path / "run", list(map(right, IDS)), count=40)
    assert gate(run, "--min", "token_f1=0.5").exit_code == 1


def test_every_setting_must_pass(tmp_path: Path) -> None:
    records = [*map(right, IDS), *(wrong(one, setting="decompose") for one in IDS)]
    done = gate(made_run(tmp_path / "run", records), "--min", "token_f1=0.5")
    assert done.stdout.splitlines() == [
        "passed  direct: token_f1 1.000, must be ≥ 0.5",
        "FAILED  decompose: token_f1 0.000, must be ≥ 0.5",
        "Failed: 1 of 2 checks.",
    ]


def test_a_run_that_is_surely_worse_than_its_baseline_fails(
    good: RunFolder, bad: RunFolder
) -> None:
    done = gate(bad, "--baseline", good.path)
    assert done.exit_code == 1
    first = done.stdout.splitlines()[0]
    assert first.startswith("FAILED  direct: token_f1 1.000 before, 0.500 now (difference -0.")
    assert first.endswith("p 0.002, 20 cases)")
    assert gate(good, "--baseline", bad.path).exit_code == 0
    assert gate(good, "--baseline", good.path).exit_code == 0


def test_a_small_loss_may_be_chance_and_passes(tmp_path: Path, good: RunFolder) -> None:
    run = made_run(tmp_path / "run", [wrong(IDS[0]), *map(right, IDS[1:])])
    assert gate(run, "--baseline", good.path).exit_code == 0


def test_only_named_metrics_are_held_against_the_baseline(good: RunFolder, bad: RunFolder) -> None:
    done = gate(bad, "--max", "seconds=9", "--baseline", good.path)
    assert [line.split(":")[1].split()[0] for line in done.stdout.splitlines()[:2]] == [
        "seconds", "seconds",
    ]  # fmt: skip
    assert done.exit_code == 1


def test_a_baseline_over_another_library_is_named(tmp_path: Path, good: RunFolder) -> None:
    grown = made_run(tmp_path / "grown", list(map(right, IDS)), chunks=9)
    done = gate(grown, "--baseline", good.path)
    assert (done.exit_code, done.stdout.partition(" (")[0]) == (0, "The libraries differ")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((), "Give at least one of --min, --max and --baseline."),
        (("--min", "truth=1"), "No metric is called truth; there are "),
        (("--min", "token_f1"), "--min takes METRIC=VALUE, not token_f1."),
        (("--max", "token_f1=many"), "--max takes METRIC=VALUE, not token_f1=many."),
        (("--min", "token_f1=nan"), "--min token_f1 takes a number, not nan."),
    ],
)
def test_wrong_usage_is_told_apart_from_a_failure(
    good: RunFolder, arguments: tuple[str, ...], complaint: str
) -> None:
    done = gate(good, *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert complaint in " ".join(done.stderr.split())
