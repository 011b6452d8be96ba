"""Markdown and JUnit XML tell the same figures, and stand whatever was said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from eval.commands.report import report_command
from eval.metrics.score import Score, unscored
from eval.reports.figures import read_figures
from eval.reports.junit import write_junit
from eval.reports.markdown import markdown_table, run_markdown
from eval.reports.page import ReportError
from eval.reports.plain import as_markdown, plain
from eval.runs.folder import RunFolder
from prompts.refusal import REFUSAL
from tests.eval.reports.runs_by_hand import METRICS, made_record, made_run, right, wrong

SILENT: dict[str, float | Score] = {
    "judged_correctness": unscored("the judge gave no JSON"),
    "token_f1": 0.0,
}


@pytest.fixture
def mixed(tmp_path: Path) -> RunFolder:
    return made_run(
        tmp_path / "mixed",
        [
            right("a", scores={"seconds": 1.25}),
            right("b", scores={"hallucination": 1.0}),
            wrong("c"),
            made_record("d", answer=REFUSAL),
            made_record("e", answer=None, error="The server is off."),
            made_record("f", scores=SILENT),
        ],
        metrics=("judged_correctness", *METRICS),
    )


def report(*arguments: str | Path) -> Result:
    """The command, without a terminal."""
    return CliRunner().invoke(report_command, [*map(str, arguments)])


def junit_of(folder: RunFolder, path: Path) -> etree._Element:
    write_junit(path, folder, read_figures(folder))
    return etree.parse(path).getroot()


def test_a_case_is_a_test_that_fails_where_its_answer_does(
    mixed: RunFolder, tmp_path: Path
) -> None:
    suites = junit_of(mixed, tmp_path / "junit.xml")
    (suite,) = suites
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "6", "failures": "3", "errors": "1", "skipped": "1"}
    found = {
        (test.get("name") or "")[0]: [(part.tag, part.get("type")) for part in test]
        for test in suite
    }
    assert found == {
        "a": [],
        "b": [("failure", "unproved")],
        "c": [("failure", "wrong")],
        "d": [("failure", "refused")],
        "e": [("error", "error")],
        "f": [("skipped", None)],
    }
    assert suite[0].get("time") == "1.250"
    assert "nine bar" in (suite[2][0].text or "")


def test_what_xml_cannot_hold_is_replaced(tmp_path: Path) -> None:
    said = "\x00\x1b[31m & <b> ]]> \ufffe"
    folder = made_run(
        tmp_path / "run", [wrong("\x01", answer=said, question=said, answers=(said,))]
    )
    (suite,) = junit_of(folder, tmp_path / "junit.xml")
    assert "& <b> ]]> \ufffd" in (suite[0][0].text or "")


def test_a_disk_that_takes_no_report_is_named(mixed: RunFolder, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="cannot be written: No such file or directory"):
        write_junit(tmp_path / "none" / "junit.xml", mixed, read_figures(mixed))


def test_markdown_tells_outcomes_and_means_with_intervals(tmp_path: Path) -> None:
    records = [*map(right, "abc"), wrong("d"), made_record("e", answer=None, error="Off.")]
    told = run_markdown(read_figures(made_run(tmp_path / "run", records)))
    assert "5 of 5 cases: 1 error, 1 wrong, 3 right" in told
    row = next(line for line in told.splitlines() if line.startswith("| token_f1"))
    assert [cell.strip() for cell in row.strip("|").split("|")][1:] == [
        "0.750", "0.250 to 1.000", "4", "1",
    ]  # fmt: skip


def test_a_table_is_aligned_and_a_bar_in_a_cell_is_none() -> None:
    assert markdown_table([("name", "n"), (as_markdown("a|b\nc"), "12")]) == (
        "| name   |   n |\n| ------ | --: |\n| a\\|b c |  12 |"
    )


def test_a_terminal_is_not_steered_by_what_a_model_said() -> None:
    assert plain("a\x1b]0;owned\x07b\r\nc") == "a\ufffd]0;owned\ufffdb\nc"


def test_the_command_prints_markdown_json_or_writes_files(mixed: RunFolder, tmp_path: Path) -> None:
    assert report(mixed.path).stdout == run_markdown(read_figures(mixed))
    files = ("--markdown", tmp_path / "r.md", "--junit", tmp_path / "r.xml")
    done = report(mixed.path, *files, "--json")
    assert json.loads(done.stdout)["settings"][0]["finished"] == 6
    assert (tmp_path / "r.md").read_text("utf8") == run_markdown(read_figures(mixed))
    assert etree.parse(tmp_path / "r.xml").getroot().tag == "testsuites"
