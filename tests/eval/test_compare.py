"""Two runs are compared case by case, and what got worse comes first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import html

from eval.commands.compare import compare_command
from eval.compare import CompareError, Comparison, compare_runs
from eval.metrics.score import unscored
from eval.runs.folder import RunFolder
from eval.runs.record import CaseRecord
from tests.eval.reports.runs_by_hand import made_record, made_run, right, wrong

IDS = [f"case {number:02}" for number in range(20)]


def runs(
    tmp_path: Path, before: list[CaseRecord], after: list[CaseRecord], *, chunks: int = 7
) -> tuple[RunFolder, RunFolder]:
    return made_run(tmp_path / "before", before), made_run(tmp_path / "after", after, chunks=chunks)


def compared(tmp_path: Path, before: list[CaseRecord], after: list[CaseRecord]) -> Comparison:
    (comparison,) = compare_runs(*runs(tmp_path, before, after))
    return comparison


def test_a_run_is_the_same_as_itself(tmp_path: Path) -> None:
    records = [right(one) for one in IDS]
    comparison = compared(tmp_path, records, records)
    assert (comparison.shared, comparison.worse, comparison.better) == (20, (), 0)
    assert comparison.notes == ()
    for change in comparison.metrics:
        assert (change.difference.mean, change.better, change.worse, change.same) == (0, 0, 0, 20)
        assert change.verdict == ""


def test_what_got_worse_is_told_with_direction(tmp_path: Path) -> None:
    after = [wrong(one) for one in IDS[:10]] + [right(one) for one in IDS[10:]]
    comparison = compared(tmp_path, [right(one) for one in IDS], after)
    changes = {change.name: change for change in comparison.metrics}
    assert (changes["token_f1"].before, changes["token_f1"].after) == (1.0, 0.5)
    assert (changes["token_f1"].verdict, changes["token_f1"].worse) == ("worse", 10)
    assert (changes["hallucination"].verdict, changes["hallucination"].worse) == ("worse", 10)
    assert changes["hallucination"].difference.mean == 0.5
    assert (changes["seconds"].verdict, changes["seconds"].better) == ("worse", 0)
    assert changes["token_f1"].p_value == "0.002"


def test_what_got_better_is_told_with_direction(tmp_path: Path) -> None:
    comparison = compared(tmp_path, [wrong(one) for one in IDS], [right(one) for one in IDS])
    assert {change.verdict for change in comparison.metrics} == {"better"}
    assert (comparison.worse, comparison.better) == ((), 20)


def test_three_cases_are_too_few_to_be_sure(tmp_path: Path) -> None:
    comparison = compared(tmp_path, [right(one) for one in IDS[:3]], [wrong(i) for i in IDS[:3]])
    f1 = next(change for change in comparison.metrics if change.name == "token_f1")
    assert f1.difference.interval == (-1.0, -1.0)
    assert f1.verdict == ""


def test_the_worst_change_comes_first(tmp_path: Path) -> None:
    before = [right("a"), wrong("b", scores={"token_f1": 0.4}), right("c"), right("d")]
    failed = made_record("c", answer=None, error="The server is gone.")
    comparison = compared(tmp_path, before, [wrong("a"), wrong("b"), failed, right("d")])
    assert [(one.case_id, one.before, one.after) for one in comparison.worse] == [
        ("c", "right", "error"),
        ("a", "right", "wrong"),
        ("b", "wrong", "wrong"),
    ]


def test_a_judge_that_fell_silent_makes_no_answer_worse(tmp_path: Path) -> None:
    silent = right("a", scores={"token_f1": 0.4, "judged_correctness": unscored("no answer")})
    before = right("a", scores={"token_f1": 0.4, "judged_correctness": 1.0, "answer_given": 1.0})
    comparison = compared(tmp_path, [before], [silent])
    assert [change.by[0] for change in comparison.worse] == [0]


def test_cases_without_a_value_on_both_sides_do_not_count(tmp_path: Path) -> None:
    silent = right("b", scores={"token_f1": unscored("no answer")})
    comparison = compared(tmp_path, [right("a"), right("b")], [wrong("a"), silent])
    f1 = next(change for change in comparison.metrics if change.name == "token_f1")
    assert (f1.difference.n, f1.before, f1.after) == (1, 1.0, 0.0)


def test_other_cases_and_another_library_are_told_in_a_sentence_each(tmp_path: Path) -> None:
    before = [right("a"), right("b"), right("only before")]
    after = [right("a"), right("b", question="Another one?"), right("c"), right("d")]
    (comparison,) = compare_runs(*runs(tmp_path, before, after, chunks=8))
    assert comparison.shared == 1
    assert comparison.notes == (
        "The libraries differ (/libraries/boilers with 7 passages before, /libraries/boilers with "
        "8 after), so differences may be those of the documents.",
        "Cases that were changed between the runs are left out: 1.",
        "Cases that one run alone has are left out: 1 of the first, 2 of the second.",
    )


def test_runs_without_a_common_case_are_not_compared(tmp_path: Path) -> None:
    with pytest.raises(CompareError, match="no finished case in common; compare runs over the"):
        compare_runs(*runs(tmp_path, [right("a")], [right("b")]))


def test_settings_of_one_name_are_compared_or_the_two_that_are_named(tmp_path: Path) -> None:
    both = [right("a"), wrong("a", setting="decompose")]
    folders = runs(tmp_path, both, both)
    pairs = [(one.before, one.after) for one in compare_runs(*folders)]
    assert pairs == [("direct", "direct"), ("decompose", "decompose")]
    (crossed,) = compare_runs(folders[0], folders[0], ("direct", "decompose"))
    assert [change.case_id for change in crossed.worse] == ["a"]
    with pytest.raises(CompareError, match="has no setting hyde; it has direct, decompose"):
        compare_runs(*folders, ("direct", "hyde"))


def test_settings_of_other_names_are_to_be_named(tmp_path: Path) -> None:
    several = [right("a", setting="x"), right("a", setting="y")]
    with pytest.raises(CompareError, match=r"no setting of one name .* name two with --settings"):
        compare_runs(*runs(tmp_path, [right("a")], several))


def test_the_command_shows_both_answers_of_what_got_worse(tmp_path: Path) -> None:
    after = [wrong(one, answer="At a <b>lot</b> of bar.") for one in IDS]
    before, after_run = runs(tmp_path, [right(one) for one in IDS], after)
    arguments = [str(before.path), str(after_run.path), "--cases", "2"]
    done = CliRunner().invoke(compare_command, arguments)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Of 20 cases 20 got worse and 0 better." in done.stdout
    assert done.stdout.count("  - before: It opens at nine bar.\n") == 2
    assert done.stdout.count("  - after: At a &lt;b&gt;lot&lt;/b&gt; of bar.\n") == 2
    said = json.loads(CliRunner().invoke(compare_command, [*arguments, "--json"]).stdout)
    (comparison,) = said["comparisons"]
    assert comparison["cases"] == {"better": 0, "worse": 20}
    assert comparison["worse"][0] == {
        "id": "case 00",
        "question": "At what pressure does the safety valve open?",
        "answers": ["nine bar"],
        "before": {"outcome": "right", "answer": "It opens at nine bar."},
        "after": {"outcome": "wrong", "answer": "At a <b>lot</b> of bar."},
    }
    assert comparison["metrics"]["token_f1"]["verdict"] == "worse"


def test_the_page_shows_differences_and_cases(tmp_path: Path) -> None:
    before, after = runs(tmp_path, [right(one) for one in IDS], [wrong(one) for one in IDS])
    path = tmp_path / "compare.html"
    arguments = [str(before.path), str(after.path), "--html", str(path), "--cases", "3"]
    done = CliRunner().invoke(compare_command, arguments)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", f"Wrote {path}.\n")
    page = html.fromstring(path.read_bytes())
    assert page.xpath("//span[@class='worse']/text()") == ["-1.000", "-1.000", "+1.000", "+1.00"]
    assert len(page.xpath("//details[@class='case']")) == 3
    assert len(page.xpath("//div[@class='pair']/div")) == 6
