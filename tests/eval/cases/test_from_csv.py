"""A table becomes cases, and what is wrong in it is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from eval.cases import Case, CasesError, Evidence, read_cases
from eval.cases.from_csv import read_csv
from eval.commands.cases import cases_group

HEADER = "question,answer,document,page,answerable,tags\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_row_is_a_case(tmp_path: Path) -> None:
    row = '"Who, then, built it?",William Arrol|Arrol,bridges.pdf,2|3,yes,people|old\n'
    (case,) = read_csv(write(tmp_path, HEADER + row))
    assert case == Case(
        id=case.id,
        question="Who, then, built it?",
        answers=("William Arrol", "Arrol"),
        evidence=(
            Evidence(document="bridges.pdf", page=2),
            Evidence(document="bridges.pdf", page=3),
        ),
        tags=("people", "old"),
    )


def test_only_a_question_must_be_there(tmp_path: Path) -> None:
    (case,) = read_csv(write(tmp_path, "\ufeff Question \nWhy?\n"))
    assert (case.question, case.answers, case.answerable, case.evidence) == ("Why?", (), True, ())


def test_an_id_is_made_of_the_content_where_there_is_none(tmp_path: Path) -> None:
    first = read_csv(write(tmp_path, "id,question\nx,Why?\n,Why?\n,How?\n"))
    again = read_csv(write(tmp_path, "id,question\n,Why?\n"))
    assert [case.id for case in first] == ["x", again[0].id, first[2].id]
    assert first[2].id != first[1].id


def test_a_question_without_an_answer_is_told_by_its_column(tmp_path: Path) -> None:
    rows = "question,answerable\na b?,no\nc d?,FALSE\ne f?,0\ng h?,\n"
    assert [case.answerable for case in read_csv(write(tmp_path, rows))] == [
        False, False, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: the header must name question"),
        ("question;answer\n", "line 1: the column 'question;answer' is unknown"),
        ("question,question\n", "line 1: the header must name question, and each column once"),
        ("answer\n", "line 1: the header must name question"),
        ("question,answer\nWhy?\n", "line 2: it has not the 2 cells"),
        ("question,answer\nWhy?,a,b\n", "line 2: it has not the 2 cells"),
        (HEADER + "\n,a,,,,\n", "line 3: the question is missing"),
        (HEADER + "Why?,a,b.pdf,,,\n", "line 2: document and page go together"),
        (HEADER + "Why?,a,b.pdf,0,,\n", "line 2: the page '0' is no number of a page"),
        (HEADER + "Why?,a,b.pdf,two,,\n", "line 2: the page 'two' is no number of a page"),
        (HEADER + f"Why?,a,b.pdf,{'9' * 5000},,\n", "is no number of a page"),
        (HEADER + "Why?,a,,,maybe,\n", "line 2: answerable is 'maybe'; write true or false"),
        ('question\n"Why?\n', "unexpected end of data"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(CasesError) as caught:
        read_csv(path)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{path}, line ")


def test_a_table_that_is_not_there_or_is_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(CasesError, match=r"none\.csv cannot be read"):
        read_csv(tmp_path / "none.csv")
    (tmp_path / "binary.csv").write_bytes(b"question\n\xff\xfe\n")
    with pytest.raises(CasesError, match=r"binary\.csv cannot be read"):
        read_csv(tmp_path / "binary.csv")


def test_the_command_writes_what_can_be_read_again(tmp_path: Path) -> None:
    table, output = write(tmp_path, HEADER + "Où?,là,b.pdf,1,,\n"), tmp_path / "cases.jsonl"
    done = CliRunner().invoke(cases_group, ["from-csv", str(table), "-o", str(output)])
    assert (done.exit_code, done.stdout) == (0, "")
    assert read_cases(output) == read_csv(table)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    table = write(tmp_path, HEADER + "Why?,,,,,\n")
    output = tmp_path / "none" / "cases.jsonl"
    done = CliRunner().invoke(cases_group, ["from-csv", str(table), "-o", str(output)])
    assert done.exit_code == 1
    assert isinstance(done.exception, CasesError)
    assert "cannot be written: No such file" in str(done.exception)
