"""A thumb keeps what is said of an answer; a good one becomes an example, a wrong one a case."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ingest.library import Library
from ingest.records import OpinionRecord
from tests.app.ui.chat_page import ask, click, conversation_of, open_chat, run

QUESTION = "When was the Forth Bridge opened?"
UP, DOWN = 1, 0


@pytest.fixture
def page(facts: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The chat over a copy of the library of facts; the built-in answerer answers."""
    shutil.copytree(facts.folder, tmp_path / "library")
    monkeypatch.setenv("CITEBOUND_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("CITEBOUND_MODEL", "extractive")
    return open_chat()


def judge(page: AppTest, thumb: int | None) -> None:
    page.feedback[0].set_value(thumb)
    run(page)


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button if "example" in button.label]


def kept(folder: Path) -> list[str]:
    with Library.open(folder) as library:
        return [exemplar.question for exemplar in library.catalog.exemplars()]


def opinion(folder: Path) -> OpinionRecord | None:
    with Library.open(folder) as library:
        (exchange,) = library.catalog.all_exchanges()
        return exchange.opinion


def test_a_thumb_up_offers_to_keep_an_example_and_a_thumb_down_takes_it_back(
    page: AppTest, tmp_path: Path
) -> None:
    ask(page, QUESTION)
    assert labels(page) == []
    judge(page, UP)
    click(page, "Keep as an example")
    assert labels(page) == ["Kept as an example"]
    assert kept(tmp_path / "library") == [QUESTION]
    judge(page, DOWN)
    assert kept(tmp_path / "library") == labels(page) == []


def test_a_refusal_cannot_be_kept(page: AppTest) -> None:
    ask(page, "Who composed the opera about the moon?")
    judge(page, UP)
    assert labels(page) == []
    assert any("proved whole" in caption.value for caption in page.caption)


def test_an_answer_whose_document_has_gone_says_so_once(page: AppTest, tmp_path: Path) -> None:
    ask(page, QUESTION)
    judge(page, UP)
    with Library.open(tmp_path / "library") as library, library.writing():
        library.remove(library.find_document("bridge.pdf").id)
    click(page, "Keep as an example")
    (error,) = page.error
    assert "a passage that it cites is not in this library" in error.value
    assert labels(page) == ["Keep as an example"]
    assert "is no longer in the library" in page.warning[0].value
    assert not run(page).error


def test_what_would_be_right_is_kept_with_the_page_that_was_clicked(
    page: AppTest, tmp_path: Path
) -> None:
    asked = ask(page, QUESTION)
    judge(page, DOWN)
    assert opinion(tmp_path / "library") == asked.opinion
    page.text_input(key=f"reason-{asked.id}").set_value("the year is wrong")
    page.text_input(key=f"right-{asked.id}").set_value(" 1890 ")
    where = page.button_group(key=f"where-{asked.id}")
    where.set_value(where.options[0])
    click(page, "Keep as a case to measure with")
    said = opinion(tmp_path / "library")
    assert said is not None
    assert (said.good, said.reason, said.correction) == (False, "the year is wrong", "1890")
    assert (said.document, said.page, said.answerable) == ("bridge.pdf", 1, True)


def test_an_opinion_is_there_when_the_page_is_opened_anew(page: AppTest) -> None:
    ask(page, QUESTION)
    judge(page, UP)
    again = AppTest.from_file(str(page._script_path))
    again.query_params["conversation"] = conversation_of(page).id or ""
    run(again)
    assert again.feedback[0].value == UP
    judge(again, None)
    assert conversation_of(again).asked[0].opinion is None
