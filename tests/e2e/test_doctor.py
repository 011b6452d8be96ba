"""What an administrator sees on the page Doctor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.chat_server import chat_variables, serve_chat
from tests.e2e.visitor import Visitor
from tests.servers.reply import Reply
from tests.servers.scripted_ollama import ScriptedOllama

ALL_CHECKS = 120.0  # seconds that they may take where the machine has other work
HOSTILE = "**Ann** <b>Hale</b> built it in 1066 ![x](http://evil.example/x.png) [1]."


@pytest.fixture
def ailing_page(tmp_path: Path) -> Iterator[str]:
    """A chat page whose library is damaged and whose model writes what is not so."""
    library = tmp_path / "library"
    library.mkdir()
    (library / "catalog.sqlite").write_bytes(b"no database " * 500)
    with ScriptedOllama(models=["wren"], replies=[Reply(HOSTILE)]) as ollama:
        variables = chat_variables(tmp_path, ollama_url=ollama.url)
        with serve_chat(tmp_path, variables) as address:
            yield address


def test_everything_is_checked_and_failures_come_first_with_what_to_do(
    visit: Visitor, ailing_page: str
) -> None:
    page = visit.page
    page.goto(f"{ailing_page}/doctor")
    main = page.get_by_test_id("stMain")
    button = page.get_by_role("button", name="Check everything")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(button).to_be_disabled()
    expect(main).to_contain_text("Settings")  # while others are to come
    expect(main).to_contain_text("2 things of 14 failed", timeout=ALL_CHECKS * 1000)
    expect(page.get_by_role("progressbar")).to_have_count(0)
    expect(button).to_be_enabled()

    findings = page.get_by_test_id("stExpander")
    first = findings.first
    expect(first).to_contain_text("Your library")
    expect(first).to_contain_text("it is damaged")  # open by itself
    expect(first).to_contain_text("What to do:")
    question = findings.filter(has_text="A question to the model")
    expect(question).to_contain_text("**Ann** <b>Hale</b> built it")
    expect(question.locator("img")).to_have_count(0)
    well = findings.filter(has_text="Proof of claims")
    well.locator("summary").press("Enter")
    expect(well.get_by_role("cell", name="unsupported", exact=False)).to_be_visible()
    expect(page.get_by_role("heading", name="What leaves this machine: nothing")).to_be_visible()
    expect(page.get_by_role("cell", name="streamlit", exact=True)).to_be_visible()

    page.reload()  # what was found outlives the page
    expect(main).to_contain_text("2 things of 14 failed")
