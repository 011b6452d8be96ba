"""The handbook is read in a browser, and answers link into it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.visitor import Visitor


def test_how_an_answer_came_about_leads_into_the_handbook_and_back(visitor: Visitor) -> None:
    page = visitor.page
    answer = visitor.ask_and_wait("How many tonnes of apples did Larkfield harvest in 2021?")
    conversation = page.url
    answer.get_by_text("How this answer came about").click()
    answer.get_by_role("link", name="In the handbook: answering from documents").click()
    expect(page.get_by_role("heading", name="Answering from documents")).to_be_visible()
    expect(page.get_by_role("img", name="Mermaid flowchart").first).to_be_visible()
    page.go_back()
    expect(page).to_have_url(conversation)
    expect(page.get_by_test_id("stChatMessage")).to_have_count(2)


def test_the_handbook_is_turned_by_its_contents_and_section_by_section(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go_to("Handbook")
    heading = page.get_by_test_id("stMain").get_by_role("heading").first
    expect(heading).to_have_text("What a language model is")
    visitor.click("The stages of training", page.get_by_test_id("stMain"))
    expect(heading).to_have_text("The stages of training")
    page.get_by_text("3. How to prompt").click()
    visitor.click("Giving examples")
    expect(heading).to_have_text("Giving examples")
    expect(page).to_have_url(re.compile("chapter=3-prompting&section=giving-examples"))
    page.reload()
    expect(heading).to_have_text("Giving examples")
    page.get_by_text("4. How the parts fit together").click()
    visitor.click("Applications")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Part 5").click()
    expect(opened.value.get_by_role("heading", name="Three uses of one library")).to_be_visible()
    opened.value.close()
