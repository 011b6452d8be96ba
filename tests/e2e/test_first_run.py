"""From nothing to the first answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.chat_server import chat_variables, free_port, serve_chat
from tests.e2e.visitor import Visitor, is_drawn, said
from tests.pdfs import write_broken
from tests.servers.scripted_ollama import ScriptedOllama

pytestmark = pytest.mark.slow

SECONDS_TO_READ = 60.0


@pytest.fixture
def new_page(tmp_path: Path, folders_of_the_run: None) -> Iterator[str]:  # noqa: ARG001
    """The address of a chat page of somebody who has nothing yet."""
    variables = chat_variables(tmp_path, ollama_url=f"http://127.0.0.1:{free_port()}")
    with serve_chat(tmp_path, variables) as address:
        yield address
        assert "Traceback" not in (tmp_path / "chat.log").read_text()
        assert "ScriptRunContext" not in (tmp_path / "chat.log").read_text()


def test_the_sample_handbook_and_a_suggested_question_lead_to_the_first_answer(
    visit: Visitor, new_page: str, tmp_path: Path
) -> None:
    page = visit.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(new_page)
    welcome = page.get_by_role("heading", name="Welcome to Citebound")
    expect(welcome).to_be_in_viewport()  # a phone shows the beginning, not the end
    expect(page.get_by_text("ollama pull llama3.2")).to_be_visible()
    page.set_viewport_size({"width": 1400, "height": 900})

    page.locator("input[type=file]").set_input_files([write_broken(tmp_path / "broken.pdf")])
    expect(page.get_by_text("broken.pdf was not added: it is damaged")).to_be_visible()

    visit.click("Try it with the sample handbook")
    expect(page.get_by_text(re.compile(r"of 5 files done"))).to_be_visible()
    ready = page.get_by_role("heading", name="What would you like to know?")
    expect(ready).to_be_visible(timeout=SECONDS_TO_READ * 1000)
    expect(page.get_by_text("broken.pdf")).to_have_count(0)

    suggested = page.locator("[class*=st-key-suggestion-] button")
    expect(suggested).to_have_count(6, timeout=SECONDS_TO_READ * 1000)
    question = suggested.first.inner_text()
    suggested.first.click()
    messages = page.get_by_test_id("stChatMessage")
    expect(messages.first).to_contain_text(question)
    answer = messages.nth(1)
    expect(said(answer)).to_contain_text("proved")
    expect(answer.locator(".why")).to_have_count(0)  # nothing in it is not proved
    panel = visit.open_footnote(answer)
    assert is_drawn(panel.locator("img").first)

    visit.click("New conversation")
    expect(suggested.first).to_have_text(question)  # kept, not made once more


def test_where_ollama_is_there_the_first_page_says_which_model_answers(
    visit: Visitor, tmp_path: Path
) -> None:
    with (
        ScriptedOllama() as ollama,
        serve_chat(tmp_path, chat_variables(tmp_path, ollama_url=ollama.url)) as address,
    ):
        visit.page.goto(address)
        step = visit.page.locator(".st-key-step-3")
        expect(step).to_contain_text("ollama:llama3.2:latest writes the answers.")
        expect(step.get_by_role("link", name="Models")).to_be_visible()
