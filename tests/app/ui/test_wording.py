"""The page of prompts: whose changes are kept, and who may keep them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.own_prompts import own_folder, own_names, save_prompt
from app.people.sharing import share
from app.ui.opened import look_again
from app.ui.person import Person
from app.ui.wording.store import CHOSEN
from ingest.library import Library
from prompts.parts import PromptParts
from tests.conftest import ROOT

CLOSED = "http://127.0.0.1:9"  # nobody listens on the port of "discard"
PARTS = PromptParts(task="Answer like a porter.", context="{passages}\n{question}")


@pytest.fixture(autouse=True)
def library_without_servers(facts: Library, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CITEBOUND_LIBRARY", str(facts.folder))
    for name in ("OLLAMA", "VLLM", "OPENAI_COMPATIBLE"):
        monkeypatch.setenv(f"CITEBOUND_{name}_URL", CLOSED)
    look_again()
    yield
    look_again()


def opened() -> AppTest:
    return run(AppTest.from_file(str(ROOT / "app" / "ui" / "wording" / "edit.py")))


def run(page: AppTest) -> AppTest:
    page.run(timeout=60)
    assert not page.exception
    return page


def write(page: AppTest, label: str, text: str) -> None:
    box(page, label).set_value(text)
    run(page)


def box(page: AppTest, label: str):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return next(area for area in page.text_area if area.label == label)


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click()
    run(page)


def test_a_prompt_starts_over_and_another_whose_name_begins_alike_keeps_its_change() -> None:
    save_prompt("porter", PARTS)
    save_prompt("porter-two", PARTS)
    page = opened()
    for name in ("porter-two", "porter"):
        page.selectbox(key=CHOSEN).select(name)
        run(page)
        write(page, "Task", "Sing.")
    press(page, "Start over")
    assert box(page, "Task").value == PARTS.task
    page.selectbox(key=CHOSEN).select("porter-two")
    assert box(run(page), "Task").value == "Sing."


def test_who_is_no_administrator_tries_prompts_and_keeps_none(
    facts: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(facts.folder, tmp_path / "library")
    monkeypatch.setenv("CITEBOUND_LIBRARY", str(tmp_path / "library"))
    share(tmp_path / "library", ["ann"])
    save_prompt("porter", PARTS)
    monkeypatch.setattr("app.ui.person.OWNER", Person("ann", admin=False))
    page = opened()
    page.selectbox(key=CHOSEN).select("porter")
    run(page)
    write(page, "Task", "Sing <b>loud</b>.")
    assert next(code.value.split("\n")[0] for code in page.code) == "Sing <b>loud</b>."
    labels = {button.label for button in page.button}
    assert "Start over" in labels
    assert not labels & {"Save", "Delete"}
    assert "Save as" not in [field.label for field in page.text_input]


def test_an_own_file_that_is_not_valid_is_one_sentence_and_goes_only_after_a_question() -> None:
    own_folder().mkdir()
    (own_folder() / "broken.toml").write_text("task = ")
    page = opened()
    page.selectbox(key=CHOSEN).select("broken")
    run(page)
    assert [("valid TOML" in error.value.replace("\\", "")) for error in page.error] == [True]
    press(page, "Delete")
    assert "**broken**" in [element.value for element in page.markdown]
    assert own_names() == ["broken"]
