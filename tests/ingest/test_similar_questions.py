"""Exemplars are ranked by their questions, whose vectors are made once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.library import Library
from ingest.records import CitedPassage, ExemplarRecord
from ingest.similar_questions import rank_exemplars
from tests.conftest import SmallLibrary

QUESTIONS = [
    "How hot must the oven be for the loaf?",
    "How high does the water rise in the harbour?",
    "At how many bar does the valve open?",
]


@pytest.fixture
def library(small_library: SmallLibrary, tmp_path: Path) -> Iterator[Library]:
    """A copy of the small library that keeps an answer to each of QUESTIONS."""
    shutil.copytree(small_library.folder, tmp_path / "copy")
    with Library.open(tmp_path / "copy") as opened:
        cited = (CitedPassage(opened.find_document("tides").id, "Text."),)
        for number, question in enumerate(QUESTIONS):
            opened.catalog.add_exemplar(
                ExemplarRecord(str(number), question, "So [1].", cited, number)
            )
        yield opened


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("How warm should it be when I bake bread?", 0),
        ("By how many metres does the tide come up at Saint-Malo?", 1),
        ("When does the boiler let off steam? \ud800", 2),
    ],
)
def test_the_most_similar_question_comes_first(library: Library, question: str, first: int) -> None:
    ranked = rank_exemplars(question, library)
    assert ranked[0].question == QUESTIONS[first]
    assert sorted(one.id for one in ranked) == ["0", "1", "2"]


def test_vectors_are_made_once(library: Library) -> None:
    first = rank_exemplars(QUESTIONS[0], library)
    library.catalog.run("UPDATE exemplars SET question = 'Another question altogether.'")
    assert [one.id for one in rank_exemplars(QUESTIONS[0], library)] == [one.id for one in first]


def test_where_nothing_was_kept_nothing_is_ranked(small_library: SmallLibrary) -> None:
    assert rank_exemplars("Why?", small_library.library) == []
