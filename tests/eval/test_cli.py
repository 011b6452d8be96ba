"""The commands ``citebound eval retrieval`` and ``citebound eval answers``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app.test_cli import citebound, error_line, output
from tests.conftest import SmallLibrary

CASES = [
    {"id": "1", "question": "At what pressure does the safety valve open?",
     "answers": ["nine bar"], "evidence": [{"document": "boiler.pdf", "page": 3}]},
    {"id": "2", "question": "What is the capital of France?", "answerable": False},
]  # fmt: skip


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(map(json.dumps, CASES)), encoding="utf-8")
    return path


def test_the_retrieval_report_has_exactly_these_fields(
    small_library: SmallLibrary, cases: Path
) -> None:
    arguments = ("eval", "retrieval", cases, "--library", small_library.folder)
    said = output(citebound(*arguments, "--json"))
    perfect = {"recall": {"1": 1.0, "5": 1.0, "10": 1.0, "20": 1.0}, "mrr": 1.0}
    each = {"dense": perfect, "lexical": perfect, "fused": perfect}
    assert said == {"n": 1, "skipped": 1, "retrievers": each, "document_recall": each}


def test_the_retrieval_report_for_a_person_is_in_percent(
    small_library: SmallLibrary, cases: Path
) -> None:
    done = citebound("eval", "retrieval", cases, "--library", small_library.folder)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("1 cases; a gold page among the first k pages")
    assert [line.split()[0] for line in lines[1:]] == ["dense", "lexical", "fused"]
    assert "1: 100.0  5: 100.0  10: 100.0  20: 100.0  MRR: 1.000" in lines[3]


def test_the_answers_report_has_exactly_these_fields(
    small_library: SmallLibrary, cases: Path
) -> None:
    said = output(citebound("eval", "answers", cases, "--library", small_library.folder, "--json"))
    assert said == {
        "model": "extractive", "answerable": 1, "unanswerable": 1, "claims": 2,
        "answered": 1.0, "gold_page_cited": 1.0, "gold_answer_given": 1.0,
        "exact_match": 0.0, "f1": pytest.approx(2 / 3), "refused": 1.0, "supported": 1.0,
    }  # fmt: skip


def test_a_file_of_cases_with_a_mistake_is_one_line(
    small_library: SmallLibrary, tmp_path: Path
) -> None:
    (tmp_path / "bad.jsonl").write_text('{"id": "a"}\n')
    done = citebound("eval", "answers", tmp_path / "bad.jsonl", "--library", small_library.folder)
    assert error_line(done) == (
        f"Error: {tmp_path / 'bad.jsonl'}, line 1: question: Field required."
    )
    assert (done.stderr.count("\n"), done.stdout) == (1, "")


def test_eval_without_cases_is_wrong_usage() -> None:
    done = citebound("eval", "retrieval")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Missing argument 'CASES'" in done.stderr
