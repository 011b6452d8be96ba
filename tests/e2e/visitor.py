"""Somebody who uses the page: what they do and what they see."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

SECONDS = 20.0


@dataclass(frozen=True)
class Visitor:
    """A browser's page, open at the chat."""

    page: Page

    def ask(self, question: str) -> Locator:
        """Send a question; the answer to it, which may still be coming."""
        messages = self.page.get_by_test_id("stChatMessage")
        before = messages.count()
        box = self.page.get_by_test_id("stChatInputTextArea")
        box.fill(question)
        box.press("Enter")
        expect(messages).to_have_count(before + 2)
        return messages.nth(before + 1)

    def ask_and_wait(self, question: str) -> Locator:
        """Send a question; the answer to it, complete."""
        answer = self.ask(question)
        expect(said(answer)).to_contain_text(re.compile(r" · \d+\.\d s"))
        return answer

    def open_footnote(self, answer: Locator, index: int = 0) -> Locator:
        """Click a footnote of an answer; the page that opens beside it."""
        answer.locator(".note").nth(index).click()
        panel = self.page.locator(".st-key-viewer")
        expect(panel).to_be_visible()
        return panel

    def click(self, name: str, within: Locator | None = None) -> None:
        """Click a button."""
        (within or self.page).get_by_role("button", name=name, exact=True).click()

    def title_in_history(self, title: str) -> Locator:
        """A conversation in the sidebar."""
        return self.page.get_by_test_id("stSidebar").get_by_role("button", name=title, exact=True)

    def choose(self, box: str, option: str, within: Locator | None = None) -> None:
        """Choose from a list by typing; see ``choose``."""
        choose(within or self.page, box, option)

    def choose_model(self, spec: str) -> None:
        """Choose a model that the list does not have."""
        self.choose("Model", "another model")
        box = self.page.get_by_role("textbox", name="Its kind and name")
        box.fill(spec)
        box.press("Enter")
        expect(self.page.get_by_test_id("stSidebar")).to_contain_text("it was chosen")

    def go_to(self, name: str) -> None:
        """Change to another page, by its link."""
        self.page.get_by_test_id("stSidebarNavLink").filter(has_text=name).click()


def choose(within: Page | Locator, box: str, option: str) -> None:
    """Choose from a list as a person does: type, see the option marked, press Enter."""
    combobox = open_list(within, box)
    combobox.fill(option)
    marked = combobox.page.get_by_role("option", name=option, exact=True)
    expect(marked).to_have_attribute("data-focused", "true")
    combobox.press("Enter")


def open_list(within: Page | Locator, box: str) -> Locator:
    """Open a list; scrolling would close it again, so that comes first, with the pointer."""
    combobox = within.get_by_role("combobox", name=box, exact=True)
    combobox.hover()
    combobox.click()
    return combobox


def said(answer: Locator) -> Locator:
    """The text of an answer with all that stands in it; its component keeps it to itself."""
    return answer.locator(".answer")


def is_drawn(picture: Locator) -> bool:
    """Whether a picture has been loaded."""
    expect(picture).to_be_visible()
    picture.page.wait_for_function("img => img.complete", arg=picture.element_handle())
    return int(picture.evaluate("img => img.naturalWidth")) > 0
