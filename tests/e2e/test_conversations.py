"""Conversations are kept: found, named, gone on with, whatever happens to page and server."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from ingest.library import Library
from tests.e2e.chat_server import chat_variables, free_port, run_ingest, serve_chat
from tests.e2e.conftest import ScriptedPage, watched_page, write_documents
from tests.e2e.visitor import Visitor, said
from tests.servers.reply import Reply
from tests.servers.scripted_ollama import ScriptedOllama

APPLES = "How many tonnes of apples did Larkfield harvest in 2021?"
BEES = "When do the bees of Ardmore swarm?"
TRUE = "In 2021 the orchard of Larkfield harvested 340 tonnes of apples [1]."


def test_a_page_that_is_loaded_anew_in_the_middle_of_an_answer_goes_on_with_it(
    scripted_visitor: Visitor, scripted_page: ScriptedPage
) -> None:
    scripted_page.reply = Reply(TRUE, pause_seconds=0.3)
    answer = scripted_visitor.ask(APPLES)
    expect(said(answer)).to_contain_text("In 2021 the orchard")
    asked = len(scripted_page.ollama.requests_to("/api/chat"))
    scripted_visitor.page.reload()
    again = scripted_visitor.page.get_by_test_id("stChatMessage").nth(1)
    expect(said(again)).to_contain_text("In 2021 the")
    expect(said(again)).to_contain_text("1 of 1 sentence proved")
    assert len(scripted_page.ollama.requests_to("/api/chat")) == asked


def test_conversations_are_searched_named_gone_on_with_and_deleted(visitor: Visitor) -> None:
    page = visitor.page
    visitor.ask_and_wait(BEES)
    visitor.click("New conversation")
    expect(page.get_by_test_id("stChatMessage")).to_have_count(0)
    visitor.ask_and_wait(APPLES)
    search = page.get_by_role("textbox", name="Search conversations")
    search.fill("ardmore SWARM")
    search.press("Enter")
    expect(visitor.title_in_history(APPLES)).to_have_count(0)
    visitor.title_in_history(BEES).first.click()
    expect(said(page.get_by_test_id("stChatMessage").nth(1))).to_contain_text("second week of May")

    visitor.click("This conversation")
    name = page.get_by_role("textbox", name="Name")
    name.fill("On bees")
    name.press("Enter")
    expect(visitor.title_in_history("On bees")).to_be_visible()
    page.get_by_text("Delete for good").click()
    visitor.click("Delete")
    expect(visitor.title_in_history("On bees")).to_have_count(0)
    expect(page.get_by_test_id("stChatMessage")).to_have_count(0)


def test_a_question_is_asked_again_edited_and_asked_of_another_side_by_side(
    scripted_visitor: Visitor, scripted_page: ScriptedPage
) -> None:
    page = scripted_visitor.page
    scripted_page.reply = Reply(TRUE)
    answer = scripted_visitor.ask_and_wait(APPLES)
    scripted_page.reply = Reply(f"Yes. {TRUE}")
    scripted_visitor.click("Ask again", answer)
    expect(said(answer)).to_contain_text("Yes.")
    page.get_by_role("radio", name="Answer 1").click()
    expect(said(answer)).not_to_contain_text("Yes.")

    scripted_visitor.click("Edit", answer)
    box = page.get_by_role("textbox", name="Question")
    box.fill(BEES)
    scripted_visitor.click("Ask")
    expect(page.get_by_test_id("stChatMessage").first).to_contain_text(BEES)
    expect(page.get_by_role("radio", name="Answer 3")).to_be_checked()

    scripted_visitor.click("Ask otherwise", answer)
    scripted_visitor.choose("Model", "extractive", page.get_by_test_id("stPopoverBody"))
    scripted_visitor.click("Ask, side by side")
    expect(answer.locator(".answer")).to_have_count(4)
    expect(answer.locator(".answer").nth(3)).to_contain_text("second week of May")


def test_an_earlier_question_that_is_edited_goes_on_in_a_new_conversation(
    visitor: Visitor,
) -> None:
    page = visitor.page
    first = visitor.ask_and_wait(APPLES)
    visitor.ask_and_wait(BEES)
    address = page.url
    visitor.click("Edit", first)
    page.get_by_role("textbox", name="Question").fill("What did Larkfield harvest in 2022?")
    visitor.click("Ask")
    expect(page.get_by_test_id("stChatMessage")).to_have_count(2)
    expect(said(page.get_by_test_id("stChatMessage").nth(1))).to_contain_text("415 tonnes")
    page.goto(address)
    expect(page.get_by_test_id("stChatMessage")).to_have_count(4)


def test_an_earlier_question_is_asked_of_another_where_it_stands(visitor: Visitor) -> None:
    page = visitor.page
    answer = visitor.ask_and_wait(BEES)
    visitor.ask_and_wait(APPLES)
    address = page.url
    visitor.click("Ask otherwise", answer)
    visitor.click("Ask, side by side")
    expect(answer.locator(".answer")).to_have_count(2)
    expect(said(answer).last).to_contain_text("2 sentences proved")
    expect(page.get_by_test_id("stChatMessage")).to_have_count(4)
    assert page.url == address


def test_what_a_stopped_answer_cites_can_be_opened_after_the_page_is_loaded_anew(
    scripted_visitor: Visitor, scripted_page: ScriptedPage
) -> None:
    page = scripted_visitor.page
    scripted_page.reply = Reply(f"{TRUE} " * 30, pause_seconds=0.05)
    answer = scripted_visitor.ask(APPLES)
    expect(answer.locator(".note").first).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(said(answer)).to_contain_text("Stopped.")
    page.reload()
    panel = scripted_visitor.open_footnote(page.get_by_test_id("stChatMessage").nth(1))
    expect(panel).to_contain_text("harvest.pdf")
    expect(panel.locator(".marks > *").first).to_be_visible()


def test_what_was_asked_in_another_tab_comes_before_what_is_asked_next(
    visitor: Visitor, window: BrowserContext
) -> None:
    visitor.ask_and_wait(BEES)
    with watched_page(window) as second:
        second.goto(visitor.page.url)
        expect(second.get_by_test_id("stChatMessage")).to_have_count(2)
        Visitor(second).ask_and_wait(APPLES)
    box = visitor.page.get_by_test_id("stChatInputTextArea")
    box.fill("When was the lighthouse of Skerry Point lit?")
    box.press("Enter")
    messages = visitor.page.get_by_test_id("stChatMessage")
    expect(messages).to_have_count(6)
    expect(messages.nth(2)).to_contain_text(APPLES)
    expect(said(messages.nth(5))).to_contain_text("12 March 1874")


def test_a_conversation_that_was_deleted_elsewhere_is_begun_anew(
    visitor: Visitor, chat_folder: Path
) -> None:
    visitor.ask_and_wait(BEES)
    id = visitor.page.url.rpartition("=")[2]
    with Library.open(chat_folder / "library") as library:
        library.catalog.remove_conversation(id)
    box = visitor.page.get_by_test_id("stChatInputTextArea")
    box.fill(APPLES)
    box.press("Enter")
    messages = visitor.page.get_by_test_id("stChatMessage")
    expect(said(messages.nth(1))).to_contain_text("340 tonnes")
    expect(messages).to_have_count(2)
    assert id not in visitor.page.url


@pytest.mark.slow
def test_a_conversation_outlives_the_server_and_says_what_has_changed(
    visit: Visitor, tmp_path: Path
) -> None:
    pdfs, page = tmp_path / "pdfs", visit.page
    write_documents(pdfs)
    with ScriptedOllama(replies=[lambda _: Reply(TRUE * 50, pause_seconds=0.2)]) as ollama:
        variables = chat_variables(tmp_path, ollama_url=ollama.url)
        variables["CITEBOUND_MODEL"] = "extractive"
        run_ingest(pdfs, variables)
        with serve_chat(tmp_path, variables) as address:
            page.goto(address)
            visit.ask_and_wait(BEES)
            visit.choose("Model", "ollama:llama3.2:latest")
            expect(said(visit.ask(APPLES))).to_contain_text("In 2021 the orchard of Larkfield")
            page.wait_for_timeout(1500)  # what comes is taken down each second
            path = page.url.removeprefix(address)
    (pdfs / "bees.pdf").unlink()
    (pdfs / "harvest.pdf").rename(pdfs / "bees.pdf")
    run_ingest(pdfs, variables)
    variables["CITEBOUND_OLLAMA_URL"] = f"http://127.0.0.1:{free_port()}"
    with serve_chat(tmp_path, variables) as address:
        page.goto(f"{address}{path}")
        messages = page.get_by_test_id("stChatMessage")
        expect(said(messages.nth(1))).to_contain_text("second week of May")
        expect(messages.nth(1)).to_contain_text("bees.pdf has changed since this answer was given")
        expect(said(messages.nth(3))).to_contain_text("In 2021 the orchard of Larkfield")
        expect(messages.nth(3)).to_contain_text("The program was ended while this answer")
