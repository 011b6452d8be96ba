"""A thumb down with what is right becomes a case; one without does not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from eval.cases import read_cases
from eval.cases.case import Evidence
from eval.cases.from_opinions import add_cases, cases_from_opinions
from eval.commands.cases import cases_group
from ingest.library import Library
from ingest.records import ExchangeRecord, OpinionRecord
from tests.conftest import SmallLibrary


@pytest.fixture
def library(small_library: SmallLibrary, tmp_path: Path) -> Iterator[Library]:
    shutil.copytree(small_library.folder, tmp_path / "library")
    with Library.open(tmp_path / "library") as opened:
        opened.catalog.add_conversation("c", "", 1.0)
        yield opened


def judge(library: Library, question: str, opinion: OpinionRecord, understood: str = "") -> None:
    """Ask a question, and say of its answer what is to be said."""
    place = 1 + len(library.catalog.exchanges("c"))
    answer = json.dumps({"standalone_question": understood}) if understood else ""
    exchange = ExchangeRecord(
        f"x{place}", "c", place, float(place), question, "{}", "answered", "Two bar.", answer
    )
    library.catalog.add_exchange(exchange)
    library.catalog.set_opinion(exchange.id, opinion)


def test_what_is_right_becomes_a_case_with_its_page(library: Library) -> None:
    said = OpinionRecord(False, "too low", "nine bar", "boiler.pdf", 3)
    judge(library, "and when?", said, understood="When does the valve open?")
    (case,) = cases_from_opinions(library)
    assert (case.question, case.answers) == ("When does the valve open?", ("nine bar",))
    assert case.evidence == (Evidence(document="boiler.pdf", page=3),)
    assert case.provenance["was answered"] == "Two bar."
    assert case.provenance["reason"] == "too low"


def test_a_question_that_the_documents_do_not_answer_is_a_case_too(library: Library) -> None:
    judge(library, "Who made it?", OpinionRecord(False, answerable=False))
    (case,) = cases_from_opinions(library)
    assert (case.answerable, case.answers, case.evidence) == (False, (), ())


def test_a_thumb_alone_is_no_case(library: Library) -> None:
    judge(library, "When?", OpinionRecord(False, "it is wrong"))
    judge(library, "Where?", OpinionRecord(True, correction="here"))
    assert cases_from_opinions(library) == []


def test_what_a_file_has_already_is_not_added_again(library: Library, tmp_path: Path) -> None:
    judge(library, "When?", OpinionRecord(False, correction="nine bar"))
    path = tmp_path / "cases" / "wrong.jsonl"
    assert [add_cases(path, cases_from_opinions(library)) for _ in range(2)] == [1, 0]
    judge(library, "Where?", OpinionRecord(False, correction="in the firebox"))
    command = ["from-opinions", "--library", str(library.folder), "-o", str(path)]
    done = CliRunner().invoke(cases_group, command)
    assert (done.exit_code, done.stderr) == (0, f"1 new cases in {path}\n")
    assert [case.question for case in read_cases(path)] == ["When?", "Where?"]
