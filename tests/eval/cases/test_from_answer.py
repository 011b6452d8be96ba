"""An answer that was wrong becomes a case that says what would have been right."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from eval.cases import CasesError, Evidence, read_cases
from eval.cases.from_answer import add_case, case_of, read_place
from eval.commands.cases import cases_group
from ingest.errors import CiteboundError
from tests.app.test_cli import citebound
from tests.conftest import SmallLibrary


@pytest.fixture
def answer(small_library: SmallLibrary, tmp_path: Path) -> Path:
    """What the command has printed."""
    question = "At what pressure does the safety valve open?"
    done = citebound(
        "ask", question, "--library", small_library.folder, "--model", "extractive", "--json"
    )
    path = tmp_path / "wrong.json"
    path.write_text(done.stdout, encoding="utf8")
    return path


def add(answer: Path, *words: str) -> Result:
    command = ["add", str(answer), "-o", str(answer.parent / "cases.jsonl"), *words]
    return CliRunner().invoke(cases_group, command)


def test_an_answer_is_a_case_with_what_is_right(answer: Path) -> None:
    right = ("--answer", "nine bar", "--page", "boiler.pdf:3", "--reason", "too high")
    assert add(answer, *right).exit_code == 0
    assert add(answer, "--unanswerable").exit_code == 0
    first, second = read_cases(answer.parent / "cases.jsonl")
    assert first.question == "At what pressure does the safety valve open?"
    assert first.answers == ("nine bar",)
    assert first.evidence == (Evidence(document="boiler.pdf", page=3),)
    assert first.provenance["reason"] == "too high"
    assert "nine bar" in first.provenance["was answered"]
    assert (second.answerable, second.answers, second.evidence) == (False, (), ())
    assert first.id != second.id
    again = add(answer, *right)
    assert isinstance(again.exception, CasesError)
    assert "has this case already" in str(again.exception)
    assert len(read_cases(answer.parent / "cases.jsonl")) == 2


@pytest.mark.parametrize("words", [(), ("--unanswerable", "--answer", "nine bar")])
def test_what_is_right_has_to_be_said_and_once(answer: Path, words: tuple[str, ...]) -> None:
    done = add(answer, *words)
    assert done.exit_code == 2
    assert "Say what is right" in done.output


@pytest.mark.parametrize("text", ["boiler.pdf", "boiler.pdf:0", ":3", "boiler.pdf:three"])
def test_a_page_is_named_by_document_and_number(text: str) -> None:
    with pytest.raises(CasesError, match="names no page; write DOCUMENT:PAGE"):
        read_place(text)


def test_a_document_may_have_a_colon_in_its_name() -> None:
    assert read_place("notes: 2021.pdf:12") == Evidence(document="notes: 2021.pdf", page=12)


@pytest.mark.parametrize("text", ["", "[]", '{"answer": "x"}'])
def test_a_file_that_is_no_answer_is_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(text)
    done = add(path, "--unanswerable")
    assert isinstance(done.exception, CiteboundError)
    assert "is no answer" in str(done.exception)
    assert not (tmp_path / "cases.jsonl").exists()


def test_a_case_of_plain_values_is_that_of_the_printed_answer(answer: Path) -> None:
    assert add(answer, "--answer", "nine bar", "--reason", "too high").exit_code == 0
    (printed,) = read_cases(answer.parent / "cases.jsonl")
    was_answered = printed.provenance["was answered"]
    reason = printed.provenance["reason"]
    assert case_of(printed.question, was_answered, answers=["nine bar"], reason=reason) == printed


def test_nothing_is_lost_where_two_add_at_once(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    cases = [case_of(f"Who keeps key {number}?", "Nobody.", answers=["Ann"]) for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda case: add_case(path, case), cases))
    assert sorted(counts) == list(range(1, 9))
    assert {case.id for case in read_cases(path)} == {case.id for case in cases}
