"""A file of cases is read line by line, and a mistake is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.cases import Case, CasesError, Evidence, read_cases

GOOD = '{"id": "a", "question": "Why?"}'


def write(folder: Path, *lines: str) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_case_is_read_whole(tmp_path: Path) -> None:
    line = (
        '{"id": "a", "question": "Où?", "answers": ["x", "y"], "answerable": true, '
        '"evidence": [{"document": "d.pdf", "page": 3}], "tags": ["t"]}'
    )
    assert read_cases(write(tmp_path, line)) == [
        Case(
            id="a",
            question="Où?",
            answers=("x", "y"),
            answerable=True,
            evidence=(Evidence(document="d.pdf", page=3),),
            tags=("t",),
        )
    ]


def test_what_may_be_left_out_has_its_default_and_empty_lines_are_skipped(tmp_path: Path) -> None:
    (case,) = read_cases(write(tmp_path, "", GOOD, "   "))
    assert (case.answers, case.answerable, case.evidence, case.tags) == ((), True, (), ())


def test_an_empty_file_has_no_cases(tmp_path: Path) -> None:
    assert read_cases(write(tmp_path)) == []


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "the line: Invalid JSON"),
        ("[]", "the line: Input should be an object"),
        ('{"id": "a"}', "question: Field required"),
        ('{"id": "a", "question": 3}', "question: Input should be a valid string"),
        ('{"id": "a", "question": "b", "extra": 1}', "extra: Extra inputs are not permitted"),
        (
            '{"id": "a", "question": "b", "evidence": [{"document": "d", "page": 0}]}',
            "evidence.0.page: Input should be greater than or equal to 1",
        ),
        (
            '{"id": "a", "question": "b", "evidence": [{"document": "d"}]}',
            "evidence.0.page: Field required",
        ),
    ],
)
def test_a_mistake_is_one_line_with_the_file_the_line_and_the_field(
    tmp_path: Path, line: str, complaint: str
) -> None:
    path = write(tmp_path, GOOD, "", line, "{")
    with pytest.raises(CasesError) as caught:
        read_cases(path)
    said = str(caught.value)
    assert said.startswith(f"{path}, line 3: {complaint}")
    assert "\n" not in said


def test_a_file_that_is_not_there_or_is_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(CasesError, match=r"none\.jsonl cannot be read"):
        read_cases(tmp_path / "none.jsonl")
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(CasesError, match=r"binary\.jsonl cannot be read"):
        read_cases(tmp_path / "binary.jsonl")


def test_a_line_ends_at_a_line_end_and_nowhere_else(tmp_path: Path) -> None:
    line = '{"id": "a", "question": "Why\u2028or how\x85?"}'
    (case,) = read_cases(write(tmp_path, line))
    assert case.question == "Why\u2028or how\x85?"
