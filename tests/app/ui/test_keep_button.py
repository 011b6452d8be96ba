"""A thumb up keeps an answer that is proved, and the same button takes it back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ingest.library import Library
from tests.conftest import ROOT

QUESTION = "When was the Forth Bridge opened?"


@pytest.fixture
def page(facts: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The chat over a copy of the library of facts; the built-in answerer answers."""
    shutil.copytree(facts.folder, tmp_path / "library")
    monkeypatch.setenv("CITEBOUND_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("CITEBOUND_MODEL", "extractive")
    return AppTest.from_file(str(ROOT / "app" / "ui" / "chat" / "ask.py")).run(timeout=120)


def ask(page: AppTest, question: str) -> None:
    page.chat_input[0].set_value(question).run(timeout=120)
    assert not page.exception


def click(page: AppTest, label: str) -> None:
    (button,) = [button for button in page.button if button.label == label]
    button.click().run(timeout=120)
    assert not page.exception


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button if "example" in button.label]


def kept(folder: Path) -> list[str]:
    with Library.open(folder) as library:
        return [exemplar.question for exemplar in library.catalog.exemplars()]


def test_one_click_keeps_an_answer_and_a_second_takes_it_back(
    page: AppTest, tmp_path: Path
) -> None:
    ask(page, QUESTION)
    assert labels(page) == ["Keep as an example"]
    click(page, "Keep as an example")
    assert labels(page) == ["Kept as an example"]
    assert kept(tmp_path / "library") == [QUESTION]
    click(page, "Kept as an example")
    assert labels(page) == ["Keep as an example"]
    assert kept(tmp_path / "library") == []


def test_a_refusal_cannot_be_kept(page: AppTest) -> None:
    ask(page, "Who composed the opera about the moon?")
    assert len(page.chat_message) == 2
    assert labels(page) == []


def test_an_answer_whose_document_has_gone_says_so_once(page: AppTest, tmp_path: Path) -> None:
    ask(page, QUESTION)
    with Library.open(tmp_path / "library") as library, library.writing():
        library.remove(library.find_document("bridge.pdf").id)
    click(page, "Keep as an example")
    (error,) = page.error
    assert "a passage that it cites is not in this library" in error.value
    assert labels(page) == ["Keep as an example"]
    page.run(timeout=120)
    assert not page.error
