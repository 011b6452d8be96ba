"""Settings in order, and which of them nothing dominates."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import html

from eval.commands.leaderboard import leaderboard_command
from eval.leaderboard import Leaderboard, LeaderboardError, make_leaderboard
from eval.reports.figures import read_figures
from tests.eval.reports.runs_by_hand import made_record, made_run, right


def board_of(tmp_path: Path, *settings: tuple[str, float, float], **more: str) -> Leaderboard:
    """Settings by name, token F1 and seconds."""
    records = [
        right(case_id, setting=name, scores={"token_f1": f1, "seconds": seconds})
        for name, f1, seconds in settings
        for case_id in ("a", "b")
    ]
    return make_leaderboard([read_figures(made_run(tmp_path / "run", records))], **more)


def test_the_best_comes_first_and_the_front_is_marked(tmp_path: Path) -> None:
    board = board_of(
        tmp_path, ("cheap", 0.5, 1.0), ("dominated", 0.6, 9.0), ("best", 0.9, 8.0),
        ("slow twin", 0.9, 8.5), ("middle", 0.7, 3.0),
    )  # fmt: skip
    assert (board.by, board.costs) == ("token_f1", ("seconds",))
    assert [(row.setting, row.on_front) for row in board.rows] == [
        ("best", True), ("slow twin", False), ("middle", True), ("dominated", False),
        ("cheap", True),
    ]  # fmt: skip


def test_equals_are_both_on_the_front(tmp_path: Path) -> None:
    board = board_of(tmp_path, ("one", 0.5, 1.0), ("other", 0.5, 1.0))
    assert [row.on_front for row in board.rows] == [True, True]


def test_less_is_better_where_the_quality_says_so(tmp_path: Path) -> None:
    records = [
        right("a", setting="bad", scores={"hallucination": 0.9}),
        right("a", setting="good", scores={"hallucination": 0.1}),
    ]
    figures = read_figures(made_run(tmp_path / "run", records))
    board = make_leaderboard([figures], by="hallucination")
    assert [row.setting for row in board.rows] == ["good", "bad"]
    assert [row.on_front for row in board.rows] == [True, False]


def test_a_judge_goes_before_shared_words(tmp_path: Path) -> None:
    judged = right("a", scores={"judged_correctness": 0.5})
    metrics = ("token_f1", "judged_correctness")
    run = made_run(tmp_path / "run", [judged], metrics=metrics)
    assert make_leaderboard([read_figures(run)]).by == "judged_correctness"


def test_the_quality_is_one_that_most_settings_have(tmp_path: Path) -> None:
    judged = right("a", setting="judged", scores={"judged_correctness": 0.5})
    metrics = ("token_f1", "judged_correctness")
    run = made_run(tmp_path / "run", [judged, right("a")], metrics=metrics)
    board = make_leaderboard([read_figures(run)])
    assert (board.by, [row.setting for row in board.rows]) == ("token_f1", ["judged", "direct"])


def test_a_setting_without_a_value_has_no_rank_and_comes_last(tmp_path: Path) -> None:
    failed = made_record("a", setting="failed", answer=None, error="The server is gone.")
    run = made_run(tmp_path / "run", [failed, right("a", setting="works")])
    done = CliRunner().invoke(leaderboard_command, [str(run.path), "--json"])
    rows = json.loads(done.stdout)["rows"]
    assert [(row["rank"], row["setting"], row["on_front"]) for row in rows] == [
        (1, "works", True), (None, "failed", False),
    ]  # fmt: skip


def test_runs_that_nothing_is_known_of_have_no_order(tmp_path: Path) -> None:
    run = made_run(tmp_path / "run", [made_record("a", answer=None, error="Gone.")])
    with pytest.raises(LeaderboardError, match="No setting of these runs has a value of "):
        make_leaderboard([read_figures(run)])


def test_runs_over_other_cases_or_libraries_are_told(tmp_path: Path) -> None:
    runs = [
        made_run(tmp_path / "one", [right("a")]),
        made_run(tmp_path / "two", [right("a")], sha256="cd" * 32, chunks=9),
    ]
    board = make_leaderboard([read_figures(run) for run in runs])
    assert board.notes == (
        "The runs asked different cases, so their figures do not compare.",
        "The runs asked different libraries or states of one.",
    )


def test_the_command_prints_a_table_with_stars(tmp_path: Path) -> None:
    records = [
        right("a", setting="good"),
        right("a", setting="bad", scores={"token_f1": 0.1, "seconds": 2.0}),
    ]
    run = made_run(tmp_path / "run", records)
    done = CliRunner().invoke(leaderboard_command, [str(run.path), "--by", "correctness"])
    assert (done.exit_code, done.stderr) == (0, "")
    rows = [[cell.strip() for cell in line.split("|")] for line in done.stdout.splitlines()]
    assert rows[0][3:6] == ["setting", "token_f1", "95% interval"]
    assert [row[1:5] for row in rows[2:]] == [
        ["1\\*", "nightly", "good", "1.000"],
        ["2", "nightly", "bad", "0.100"],
    ]


def test_a_name_that_no_metric_has_is_wrong_usage(tmp_path: Path) -> None:
    run = made_run(tmp_path / "run", [right("a")])
    done = CliRunner().invoke(leaderboard_command, [str(run.path), "--by", "truth"])
    assert (done.exit_code, done.stdout) == (2, "")


def test_the_page_plots_what_it_ranks(tmp_path: Path) -> None:
    records = [
        right("a", setting="good"),
        right("a", setting="<b>bad</b>", scores={"token_f1": 0.1, "seconds": 2.0}),
    ]
    run, path = made_run(tmp_path / "run", records), tmp_path / "board.html"
    done = CliRunner().invoke(leaderboard_command, [str(run.path), "--html", str(path)])
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", f"Wrote {path}.\n")
    page = html.fromstring(path.read_bytes())
    rows = [" ".join(row.text_content().split()) for row in page.xpath("//tbody/tr")]
    assert rows[0].startswith("1good best buynightly1.000")
    assert rows[1].startswith("2<b>bad</b>nightly0.100")
    labels = page.xpath("//*[name()='text'][starts-with(@class, 'number')]/text()")
    assert labels == ["1", "2"]
