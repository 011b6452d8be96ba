"""Only questions that the library answers are suggested, for as long as it stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.chain import build_chain
from app.models.extractive import ExtractiveModel
from app.settings import AnswerSettings
from app.suggest import (
    Candidate,
    is_answered,
    kept_suggestions,
    make_suggestions,
    reads_like_a_person,
)
from ingest.forget import forget
from ingest.library import Library
from ingest.pipeline import ingest_folder
from tests.pdfs import write_pdf

BINNACLE = "What is a binnacle lamp?"
KEEPER = "In which year was Skerry Light built by Thomas Orde?"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    write_pdf(
        tmp_path / "docs" / "ships.pdf",
        [
            ["Of ships and their gear, written for those who go to sea for the first time."],
            ["A binnacle lamp is the small oil light of the compass of a ship."],
        ],
        title="Ships",
    )
    write_pdf(
        tmp_path / "docs" / "lights.pdf",
        [["Skerry Light was built by Thomas Orde in 1874. It is forty metres high."]],
        title="Lights",
    )
    with Library.open(tmp_path / "library", create=True) as opened:
        ingest_folder(tmp_path / "docs", opened)
        yield opened


def made(library: Library) -> tuple[str, ...]:
    make_suggestions(library)
    kept = kept_suggestions(library)
    assert kept is not None
    return kept


def test_questions_of_every_document_are_kept(library: Library) -> None:
    assert kept_suggestions(library) is None
    assert {BINNACLE, KEEPER} <= set(made(library))


def test_a_question_is_kept_only_where_its_own_page_answers_it(library: Library) -> None:
    answerer = build_chain(library, ExtractiveModel(library), AnswerSettings())
    ships = library.find_document("ships.pdf").id

    def kept(question: str, page: int, answer: str = "") -> bool:
        return is_answered(
            Candidate("definition", question, ships, frozenset((page,)), answer), answerer
        )

    assert kept(BINNACLE, 2, "the small oil light of the compass of a ship")
    assert not kept(BINNACLE, 1)  # another page answers
    assert not kept(BINNACLE, 2, "the wheel of a ship")  # the answer does not say so
    assert not kept("What is the capital of Mongolia?", 2)  # nothing answers
    assert not kept(KEEPER, 1)  # another document answers


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is VLLM vLLM?", "an inference server"),
        ("Why did the Company repurchase shares?", "cash"),
        ("When did the Court of Justice issue its decision?", "2017"),
        ("Who is Members Business?", "a debate on a motion"),
        ("When was " + "the very " * 12 + "old bridge opened?", "1890"),
    ],
)
def test_what_nobody_would_ask_is_left_out(question: str, answer: str) -> None:
    assert not reads_like_a_person(question, answer)
    assert reads_like_a_person("When was the Forth Bridge opened?", "1890")


def test_they_are_made_anew_after_a_change(library: Library, tmp_path: Path) -> None:
    made(library)
    write_pdf(
        tmp_path / "docs" / "knots.pdf",
        [["A clove hitch is the usual knot for a rope around a post."]],
        title="Knots",
    )
    ingest_folder(tmp_path / "docs", library)
    assert kept_suggestions(library) is None
    assert "What is a clove hitch?" in made(library)


def test_nothing_is_kept_of_a_library_that_changes_meanwhile(library: Library) -> None:
    looks = iter([True, True])

    def remove() -> None:
        if next(looks, None) is not None:
            with library.writing():
                library.remove(library.documents()[0].id)

    make_suggestions(library, wait=remove)
    assert kept_suggestions(library) is None
    library.catalog.keep_suggestions('["stale"]', library.catalog.generation() - 1)
    assert kept_suggestions(library) is None


def test_a_forget_leaves_no_question_made_of_the_document(library: Library) -> None:
    assert BINNACLE in made(library)
    with library.writing():
        forget(library, [library.find_document("ships.pdf")])
    assert kept_suggestions(library) is None
    files = [path for path in library.folder.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if BINNACLE.encode() in path.read_bytes()] == []
    assert KEEPER in made(library)
