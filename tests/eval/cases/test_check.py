"""A check names each fault of a file of cases with its line, and what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from eval.cases.check import Finding, check_cases
from eval.cases.duplicates import AskedQuestions
from eval.commands.cases import cases_group
from ingest.library import Library

GOOD: dict[str, object] = {
    "id": "a",
    "question": "In which year was the Forth Bridge opened?",
    "answers": ["1890"],
    "evidence": [{"document": "bridges.pdf", "page": 1}],
}


def write(folder: Path, *cases: dict[str, object] | str) -> Path:
    path = folder / "cases.jsonl"
    lines = [case if isinstance(case, str) else json.dumps(case) for case in cases]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def found(folder: Path, library: Library | None, *cases: dict[str, object] | str) -> list[Finding]:
    return check_cases(write(folder, *cases), library)[1]


def test_good_cases_have_no_findings(tmp_path: Path, bridges: Library) -> None:
    assert check_cases(write(tmp_path, GOOD, ""), bridges) == (1, [])


@pytest.mark.parametrize(
    ("change", "kind", "said"),
    [
        ({"question": "Was it 1890 that the Forth Bridge was opened?"}, "given away", "'1890'"),
        ({"question": " "}, "no question", "asks nothing"),
        ({"answerable": False}, "unanswerable with answer", "has answers or evidence"),
        ({"answers": [], "evidence": []}, "nothing to compare", "neither answers nor evidence"),
        ({"answers": ["1890", "the"]}, "empty answer", "says nothing"),
        ({"answers": ["1891"]}, "not in the evidence", "bridges.pdf, page 1"),
        (
            {"evidence": [{"document": "bridges.pdf", "page": 9}]},
            "no such evidence",
            "has 2 pages and no page 9",
        ),
        (
            {"evidence": [{"document": "../../etc/passwd", "page": 1}]},
            "no such evidence",
            "has no document '../../etc/passwd'",
        ),
        (
            {"evidence": [{"document": "~nobody/\0", "page": 1}]},
            "no such evidence",
            "has no document",
        ),
    ],
)
def test_a_fault_is_named_with_what_to_do(
    tmp_path: Path, bridges: Library, change: dict[str, object], kind: str, said: str
) -> None:
    (finding,) = found(tmp_path, bridges, GOOD | change)
    assert (finding.line, finding.id, finding.kind) == (1, "a", kind)
    assert said in finding.message
    assert finding.message.endswith(".")


def test_ids_and_questions_that_are_there_twice_name_the_first_line(tmp_path: Path) -> None:
    same = "in which year was the FORTH BRIDGE opened"
    nearly = "In which year was, then, the Forth Bridge opened?"
    other = "In which year was the Tay Bridge opened?"
    findings = found(
        tmp_path,
        None,
        GOOD,
        GOOD | {"question": other},
        GOOD | {"id": "c", "question": same},
        GOOD | {"id": "d", "question": nearly},
    )
    assert [(one.line, one.kind) for one in findings] == [
        (2, "id twice"),
        (3, "duplicate"),
        (4, "near duplicate"),
    ]
    assert all("Line 1 " in one.message for one in findings)


def test_a_line_that_is_no_case_is_a_finding_and_the_others_are_checked(tmp_path: Path) -> None:
    findings = found(tmp_path, None, "{", GOOD, '{"id": "b", "question": 3}')
    assert [(one.line, one.kind) for one in findings] == [(1, "unreadable"), (3, "unreadable")]
    assert "question: Input should be a valid string" in findings[1].message


def test_a_choice_that_a_question_offers_gives_nothing_away(tmp_path: Path) -> None:
    asked = "Which is longer, the Tay Bridge or the Forth Bridge?"
    assert found(tmp_path, None, GOOD | {"question": asked, "answers": ["the Tay Bridge"]}) == []


def test_an_answer_may_stand_on_several_pages_together_or_be_a_documents_name(
    tmp_path: Path, bridges: Library
) -> None:
    pages = [{"document": "bridges.pdf", "page": 1}, {"document": "towers.pdf", "page": 1}]
    both: dict[str, object] = GOOD | {"answers": ["1890; 1889"], "evidence": pages}
    named = both | {"id": "b", "question": "Which is on iron?", "answers": ["Towers of Europe"]}
    assert found(tmp_path, bridges, both, named) == []
    assert [one.kind for one in found(tmp_path, bridges, both | {"evidence": pages[:1]})] == [
        "not in the evidence"
    ]


def run_check(path: Path, *options: str) -> Result:
    return CliRunner().invoke(cases_group, ["check", str(path), *options])


def test_the_command_fails_where_there_are_findings(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD, GOOD)
    done = run_check(path, "--json")
    assert done.exit_code == 1
    report = json.loads(done.stdout)
    assert report["cases"] == 2
    assert report["findings"][0]["line"] == 2
    shown = run_check(path).stdout
    assert f"{path}:2: a: id twice: Line 1 has the same id; give one of them another." in shown
    assert "2 cases, 2 findings" in shown


def test_the_command_is_content_with_good_cases_and_without_a_library(tmp_path: Path) -> None:
    far = GOOD | {"evidence": [{"document": "elsewhere.pdf", "page": 90}]}
    done = run_check(write(tmp_path, far))
    assert (done.exit_code, done.stdout) == (0, "1 cases, 0 findings\n")


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("What is the largest city in Poland?", "What is the largest city of Poland?", True),
        ("What was revenue in 2021?", "What was revenue in 2022?", False),
        ("Who designed the Logan Center of Art?", "Who designed the Logan Tower of Art?", False),
        ("Who was Warsz?", "What did Warsz own?", False),
        ("", "", True),
    ],
)
def test_questions_are_alike_by_their_words_names_and_numbers(
    one: str, other: str, is_alike: bool
) -> None:
    asked = AskedQuestions()
    assert asked.ask(one) is None
    assert (asked.ask(other) is not None) == is_alike


def test_every_pair_of_like_questions_is_found_among_many() -> None:
    asked = AskedQuestions()
    subjects = [
        f"{one} {two}" for one in ("red", "old", "long", "iron") for two in ("bridge", "sea")
    ]
    questions = [f"How heavy is the {subject} that carries trains?" for subject in subjects]
    assert [asked.ask(question) for question in questions] == [None] * len(questions)
    again = [
        asked.ask(f"So how heavy is the {subject} carrying the trains?") for subject in subjects
    ]
    assert [one.place if one else None for one in again] == list(range(len(subjects)))
