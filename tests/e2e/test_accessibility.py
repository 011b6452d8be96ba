"""Every page passes axe-core, light and dark, and the chat is used by keyboard alone."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.visitor import Visitor, said

pytestmark = pytest.mark.slow

APPLES = "How many tonnes of apples did Larkfield harvest in 2021?"
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}

# What Streamlit draws by itself and nobody who uses it can change: rule, and a part of the element.
STREAMLITS_OWN = (("aria-prohibited-attr", "ermaid"),)


def faults(page: Page) -> list[str]:
    """What axe-core finds wrong on a page as it is drawn now: rule, place and advice."""
    found: list[dict[str, Any]] = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{one['id']}: {node['html']} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
        if not any(one["id"] == rule and part in node["html"] for rule, part in STREAMLITS_OWN)
    ]


def settle(page: Page, heading: str) -> None:
    """Wait until a page is drawn."""
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_answer_with_its_page_open_passes(
    visitor: Visitor, scheme: Literal["light", "dark"]
) -> None:
    visitor.page.emulate_media(color_scheme=scheme)
    visitor.page.reload()
    answer = visitor.ask_and_wait(APPLES)
    assert faults(visitor.page) == []
    visitor.open_footnote(answer)
    assert faults(visitor.page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("path", "heading"),
    [("library", "Library"), ("models", "Models"), ("prompts", "Prompts"), ("eval", "Eval"),
     ("doctor", "Doctor"), ("handbook", "What a language model is")],
)  # fmt: skip
def test_the_other_pages_pass(
    visitor: Visitor, chat_page: str, path: str, heading: str, scheme: Literal["light", "dark"]
) -> None:
    visitor.page.emulate_media(color_scheme=scheme)
    visitor.page.goto(f"{chat_page}/{path}")
    settle(visitor.page, heading)
    assert faults(visitor.page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_page_of_all_passes(newcomer: Visitor, scheme: Literal["light", "dark"]) -> None:
    newcomer.page.emulate_media(color_scheme=scheme)
    settle(newcomer.page, "Welcome to Citebound")
    assert faults(newcomer.page) == []


def test_the_chat_is_used_by_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.page
    answer = visitor.ask_and_wait(APPLES)
    note = answer.locator(".note").first
    for _ in range(60):
        page.keyboard.press("Tab")
        if note.evaluate("note => note.matches(':focus')"):
            break
    page.keyboard.press("Enter")
    panel = page.locator(".st-key-viewer")
    expect(panel).to_be_visible()
    panel.get_by_role("region").first.focus()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(said(answer)).to_contain_text("340 tonnes")
