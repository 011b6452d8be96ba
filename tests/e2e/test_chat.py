"""What a person does on the pages, and sees there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import expect

from prompts.refusal import REFUSAL
from tests.e2e.conftest import ScriptedPage
from tests.e2e.visitor import Visitor, is_drawn
from tests.pdfs import write_broken, write_pdf
from tests.servers.reply import Reply

APPLES = "How many tonnes of apples did Larkfield harvest in 2021?"
TRUE = "In 2021 the orchard of Larkfield harvested 340 tonnes of apples [1]."
FALSE = "The orchard of Larkfield belongs to a famous painter from Norway [1]."


def test_a_question_is_answered_with_a_footnote(visitor: Visitor) -> None:
    answer = visitor.ask_and_wait(APPLES)
    expect(answer).to_contain_text("340 tonnes")
    expect(answer).to_contain_text("2 of 2 sentences proved · 1 document")
    expect(answer.get_by_test_id("stExpander")).to_contain_text("harvest.pdf · page 1")


def test_a_footnote_opens_to_the_passage_and_a_picture_of_its_page(visitor: Visitor) -> None:
    answer = visitor.ask_and_wait("When was the lighthouse of Skerry Point lit?")
    citation = visitor.open_citation(answer)
    expect(citation).to_contain_text("lighthouse.pdf · page 2")
    expect(citation).to_contain_text("page 2 (printed ii)")
    expect(citation).to_contain_text("lit for the first time on 12 March 1874")
    assert is_drawn(citation.get_by_role("img", name="Page 2"))


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_the_page_is_dark_where_the_system_is(
    visitor: Visitor, scheme: Literal["light", "dark"], dark: bool
) -> None:
    visitor.page.emulate_media(color_scheme=scheme)
    visitor.page.reload()
    app = visitor.page.get_by_test_id("stApp")
    expect(app).to_be_visible()
    colour = app.evaluate("e => getComputedStyle(e).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", colour)[:3])) < 3 * 128) is dark


def test_a_follow_up_leans_on_what_was_said(visitor: Visitor) -> None:
    visitor.ask_and_wait(APPLES)
    answer = visitor.ask_and_wait("and in 2022?")
    expect(answer).to_contain_text("415 tonnes")


def test_a_new_conversation_forgets(visitor: Visitor) -> None:
    visitor.ask_and_wait(APPLES)
    visitor.page.get_by_role("button", name="New conversation").click()
    expect(visitor.page.get_by_test_id("stChatMessage")).to_have_count(0)
    expect(visitor.page.get_by_text("What would you like to know?")).to_be_visible()


def test_what_the_documents_do_not_answer_is_refused(visitor: Visitor) -> None:
    answer = visitor.ask_and_wait("Who composed the opera about the moon?")
    expect(answer).to_contain_text(REFUSAL)
    expect(answer.get_by_test_id("stExpander")).to_have_count(0)


def test_only_the_chosen_documents_are_asked(visitor: Visitor) -> None:
    visitor.page.get_by_role("combobox", name="Documents").click()
    visitor.page.get_by_role("option", name="bees.pdf").click()
    visitor.page.keyboard.press("Escape")
    expect(visitor.ask_and_wait(APPLES)).not_to_contain_text("340 tonnes")


def test_markup_in_a_document_is_shown_and_does_nothing(visitor: Visitor) -> None:
    answer = visitor.ask_and_wait("What does the inscription on the castle gate read?")
    citation = visitor.open_citation(answer)
    assert is_drawn(citation.get_by_role("img", name="Page 1"))
    for part in ("<script>document.title='owned'</script>", "![seal](", "$x$", "**lions**"):
        expect(citation).to_contain_text(part)
    expect(answer.locator("a, .katex, script, strong")).to_have_count(0)
    assert visitor.page.title() == "Citebound"


def test_a_dead_model_server_gives_one_error_and_the_page_goes_on(visitor: Visitor) -> None:
    visitor.choose_model("openai-compatible:none")
    answer = visitor.ask(APPLES)
    expect(answer.get_by_test_id("stAlert")).to_contain_text("No model server answers at")
    expect(visitor.page.get_by_test_id("stAlert")).to_have_count(1)
    visitor.page.get_by_role("combobox", name="Model").click()
    visitor.page.get_by_role("option", name="extractive").click()
    expect(visitor.ask_and_wait(APPLES)).to_contain_text("340 tonnes")


def test_a_model_that_is_none_is_told_at_once(visitor: Visitor) -> None:
    visitor.page.get_by_role("combobox", name="Model").click()
    visitor.page.get_by_role("option", name="another model").click()
    box = visitor.page.get_by_role("textbox", name="Its kind and name")
    box.fill("nonsense")
    box.press("Enter")
    expect(visitor.page.get_by_test_id("stSidebar")).to_contain_text("'nonsense' names no model")


def test_a_newcomer_uploads_a_document_and_asks_about_it(newcomer: Visitor, tmp_path: Path) -> None:
    page = newcomer.page
    page.get_by_role("link", name="Add documents").click()
    fact = "The tunnel below Mount Brindle is 7.4 kilometres long."
    good = write_pdf(tmp_path / "tunnel.pdf", [[fact]], title="Tunnels")
    bad = write_broken(tmp_path / "broken.pdf")
    page.locator("input[type=file]").set_input_files([good, bad])
    expect(page.get_by_text("tunnel.pdf was added: 1 page, 1 passage.")).to_be_visible()
    expect(page.get_by_text("broken.pdf was not added: it is damaged")).to_be_visible()
    newcomer.go_to("Chat")
    answer = newcomer.ask_and_wait("How long is the tunnel below Mount Brindle?")
    expect(answer).to_contain_text("7.4 kilometres")


def test_a_document_is_removed_once_it_is_confirmed(newcomer: Visitor, tmp_path: Path) -> None:
    page = newcomer.page
    newcomer.go_to("Library")
    stone = write_pdf(tmp_path / "stone.pdf", [["The stone of Hallow weighs nine tonnes."]])
    page.locator("input[type=file]").set_input_files([stone])
    expect(page.get_by_text("stone.pdf was added")).to_be_visible()
    page.get_by_role("combobox", name="Remove documents").click()
    page.get_by_role("option", name="stone.pdf").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Remove 1 document").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    newcomer.go_to("Chat")
    expect(page.get_by_test_id("stSidebar")).to_contain_text(re.compile(r": [01] documents?,"))


def test_an_answer_streams_and_goes_on_while_other_pages_are_looked_at(
    scripted_visitor: Visitor, scripted_page: ScriptedPage
) -> None:
    scripted_page.reply = Reply(TRUE, pause_seconds=0.25)
    answer = scripted_visitor.ask(APPLES)
    expect(answer).to_contain_text("In 2021 the orchard")
    expect(answer).not_to_contain_text("proved")
    scripted_visitor.go_to("Library")
    expect(scripted_visitor.page.get_by_text("4 documents, 6 pages.")).to_be_visible()
    scripted_visitor.go_to("Chat")
    expect(answer).to_contain_text("1 of 1 sentence proved")
    assert len(scripted_page.ollama.requests_to("/api/chat")) == 1


def test_a_sentence_that_is_not_proved_is_marked(
    scripted_visitor: Visitor, scripted_page: ScriptedPage
) -> None:
    scripted_page.reply = Reply(f"{TRUE} {FALSE}")
    answer = scripted_visitor.ask_and_wait(APPLES)
    expect(answer).to_contain_text("1 of 2 sentences proved")
    marked = answer.locator("p").filter(has_text="famous painter")
    expect(marked).to_contain_text("not proved: the cited passage lacks")


def test_a_stream_that_is_cut_keeps_what_came_and_tells(
    scripted_visitor: Visitor, scripted_page: ScriptedPage
) -> None:
    scripted_page.reply = Reply(TRUE, fault="cut", words_before_fault=5)
    answer = scripted_visitor.ask(APPLES)
    expect(answer.get_by_test_id("stAlert")).to_contain_text("in the middle of the answer")
    expect(answer).to_contain_text("In 2021 the orchard of")
    scripted_page.reply = Reply(TRUE)
    expect(scripted_visitor.ask_and_wait(APPLES)).to_contain_text("1 of 1 sentence proved")


def test_the_stop_button_ends_an_answer_and_what_came_stays(
    scripted_visitor: Visitor, scripted_page: ScriptedPage
) -> None:
    scripted_page.reply = Reply(TRUE * 20, pause_seconds=0.25)
    answer = scripted_visitor.ask(APPLES)
    expect(answer).to_contain_text("In 2021 the orchard")
    scripted_visitor.page.get_by_role("button", name="Stop").click()
    expect(answer).to_contain_text("Stopped.")
    assert scripted_page.ollama.wait_for_disconnect()
    scripted_page.reply = Reply(TRUE)
    later = scripted_visitor.ask_and_wait(APPLES)
    expect(later).to_contain_text("1 of 1 sentence proved")
    expect(answer).to_contain_text("In 2021 the orchard")


def test_a_way_to_answer_is_chosen_and_its_steps_can_be_looked_at(
    scripted_visitor: Visitor, scripted_page: ScriptedPage
) -> None:
    page = scripted_visitor.page
    page.get_by_role("combobox", name="Way to answer").click()
    page.get_by_role("option", name="self-reflection").click()
    expect(page.get_by_test_id("stSidebar")).to_contain_text("repair what is not proved")
    scripted_page.reply = Reply(f"<think>Apples, **surely**.</think>{TRUE} {FALSE}")
    answer = scripted_visitor.ask_and_wait(APPLES)
    came_about = answer.get_by_test_id("stExpander").filter(has_text="How this answer came about")
    came_about.locator("summary").click()
    expect(came_about).to_contain_text("self-reflection · 3 calls")
    expect(came_about).to_contain_text("the cited passage lacks")
    expect(came_about).to_contain_text("What the model saw in call 2: repair")
    expect(came_about).to_contain_text("Apples, **surely**.")
    expect(came_about.locator("strong")).to_have_count(0)
    expect(answer).not_to_contain_text("<think>")


def test_a_proved_answer_is_kept_while_another_one_is_coming(
    scripted_visitor: Visitor, scripted_page: ScriptedPage
) -> None:
    page = scripted_visitor.page
    scripted_page.reply = Reply(f"{TRUE} {FALSE}")
    unproved = scripted_visitor.ask_and_wait(APPLES)
    expect(unproved.get_by_role("button", name="Keep as an example")).to_have_count(0)
    scripted_page.reply = Reply(TRUE)
    proved = scripted_visitor.ask_and_wait("What did Larkfield harvest in 2021?")
    scripted_page.reply = Reply(TRUE, pause_seconds=0.25)
    coming = scripted_visitor.ask("How many apples were there in 2021?")
    expect(coming).to_contain_text("In 2021 the orchard")
    proved.get_by_role("button", name="Keep as an example").click()
    expect(proved.get_by_role("button", name="Kept as an example")).to_be_visible()
    expect(coming).to_contain_text("1 of 1 sentence proved")
    proved.get_by_role("button", name="Kept as an example").click()
    expect(proved.get_by_role("button", name="Keep as an example")).to_be_visible()
    expect(page.get_by_role("button", name="Kept as an example")).to_have_count(0)
