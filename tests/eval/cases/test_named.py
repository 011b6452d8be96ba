"""Files of cases have names, and a name is never a path."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.cases import CasesError, read_cases
from eval.cases.from_answer import case_of
from eval.cases.named import add_named_case, case_file, case_files, cases_folder, name_from

CASE = case_of("Who keeps the key?", "Nobody.", answers=["Ann"], reason="it is Ann")


def test_a_case_goes_to_the_file_of_its_name() -> None:
    assert add_named_case("wrong answers", CASE) == 1
    (path,) = case_files(cases_folder())
    assert path == cases_folder() / "wrong answers.jsonl"
    assert read_cases(path) == [CASE]


@pytest.mark.parametrize("name", ["", ".", "../up", "a/b", "a\\b", ".hidden", "x" * 81, "a\0b"])
def test_what_could_be_a_path_is_no_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(CasesError, match="is no name for cases; use letters"):
        case_file(tmp_path, name)


@pytest.mark.parametrize(
    ("given", "name"),
    [("may.csv", "may"), ("../../etc/passwd", "passwd"), ("a<b>.jsonl", "a-b"), ("...", "cases"),
     ("Prüfung 2.jsonl", "Prüfung 2")],
)  # fmt: skip
def test_the_name_of_another_file_becomes_one(tmp_path: Path, given: str, name: str) -> None:
    assert name_from(given) == name
    assert case_file(tmp_path, name_from(given)).parent == tmp_path
