"""What a person does on the pages, and sees there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import expect

from prompts.refusal import REFUSAL
from tests.e2e.conftest import ScriptedPage
from tests.e2e.visitor import Visitor, is_drawn, said
from tests.pdfs import write_broken, write_pdf
from tests.servers.reply import Reply

APPLES = "How many tonnes of apples did Larkfield harvest in 2021?"
TRUE = "In 2021 the orchard of Larkfield harvested 340 tonnes of apples [1]."
FALSE = "The orchard of Larkfield belongs to a famous painter from Norway [1]."


def test_a_question_is_answered_with_a_footnote(visitor: Visitor) -> None:
    answer = visitor.ask_and_wait(APPLES)
    expect(said(answer)).to_contain_text("340 tonnes")
    expect(said(answer)).to_contain_text("2 of 2 sentences proved · 1 document")
    note = answer.locator(".note").first
    expect(note).to_have_accessible_name("Source 1: harvest.pdf, page 1")


def test_a_footnote_opens_its_page_beside_the_answer_with_the_words_marked(
    visitor: Visitor,
) -> None:
    answer = visitor.ask_and_wait("When was the lighthouse of Skerry Point lit?")
    panel = visitor.open_footnote(answer)
    expect(panel).to_contain_text("lighthouse.pdf")
    expect(panel).to_contain_text("page 2 of 2 (printed ii)")
    assert is_drawn(panel.get_by_role("img"))
    expect(panel.locator(".marks > *")).to_have_count(1)
    expect(answer.locator(".note").first).to_have_attribute("aria-pressed", "true")
    visitor.click("Close", panel)
    expect(panel).to_have_count(0)


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
    expect(said(answer)).to_contain_text("415 tonnes")


def test_a_new_conversation_forgets(visitor: Visitor) -> None:
    visitor.ask_and_wait(APPLES)
    visitor.page.get_by_role("button", name="New conversation").click()
    expect(visitor.page.get_by_test_id("stChatMessage")).to_have_count(0)
    expect(visitor.page.get_by_text("What would you like to know?")).to_be_visible()


def test_what_the_documents_do_not_answer_is_refused(visitor: Visitor) -> None:
    answer = visitor.ask_and_wait("Who composed the opera about the moon?")
    expect(said(answer)).to_contain_text(REFUSAL)
    expect(answer.locator(".note")).to_have_count(0)


def test_only_the_chosen_documents_are_asked(visitor: Visitor) -> None:
    visitor.choose("Documents", "bees.pdf")
    visitor.page.keyboard.press("Escape")
    expect(said(visitor.ask_and_wait(APPLES))).not_to_contain_text("340 tonnes")


def test_markup_in_a_document_is_shown_and_does_nothing(visitor: Visitor) -> None:
    answer = visitor.ask_and_wait("What does the inscription on the castle gate read?")
    panel = visitor.open_footnote(answer)
    assert is_drawn(panel.get_by_role("img"))
    expect(said(answer)).to_contain_text("<script>document.title='owned'</script>")
    expect(answer.locator("a, .katex, script, img, em")).to_have_count(0)
    assert visitor.page.title() == "Citebound"


def test_a_dead_model_server_gives_one_error_and_the_page_goes_on(visitor: Visitor) -> None:
    visitor.choose_model("openai-compatible:none")
    answer = visitor.ask(APPLES)
    expect(answer.get_by_test_id("stAlert")).to_contain_text("No model server answers at")
    expect(visitor.page.get_by_test_id("stAlert")).to_have_count(1)
    visitor.choose("Model", "extractive")
    expect(visitor.page.get_by_test_id("stSidebar")).to_contain_text("extractive: it was chosen")
    expect(said(visitor.ask_and_wait(APPLES))).to_contain_text("340 tonnes")


def test_a_model_that_is_none_is_told_at_once(visitor: Visitor) -> None:
    visitor.choose("Model", "another model")
    box = visitor.page.get_by_role("textbox", name="Its kind and name")
    box.fill("nonsense")
    box.press("Enter")
    expect(visitor.page.get_by_test_id("stSidebar")).to_contain_text("'nonsense' names no model")


def test_a_newcomer_uploads_a_document_and_asks_about_it(newcomer: Visitor, tmp_path: Path) -> None:
    page = newcomer.page
    newcomer.go_to("Library")
    fact = "The tunnel below Mount Brindle is 7.4 kilometres long."
    good = write_pdf(tmp_path / "tunnel.pdf", [[fact]], title="Tunnels")
    bad = write_broken(tmp_path / "broken.pdf")
    page.locator("input[type=file]").set_input_files([good, bad])
    expect(page.get_by_text("tunnel.pdf was added: 1 page, 1 passage.")).to_be_visible()
    expect(page.get_by_text("broken.pdf was not added: it is damaged")).to_be_visible()
    newcomer.go_to("Chat")
    answer = newcomer.ask_and_wait("How long is the tunnel below Mount Brindle?")
    expect(said(answer)).to_contain_text("7.4 kilometres")


def test_an_answer_streams_and_goes_on_while_other_pages_are_looked_at(
    scripted_visitor: Visitor, scripted_page: ScriptedPage
) -> None:
    scripted_page.reply = Reply(TRUE, pause_seconds=0.5)
    answer = scripted_visitor.ask(APPLES)
    expect(said(answer)).to_contain_text("In 2021 the orchard")
    expect(said(answer)).not_to_contain_text("proved")
    scripted_visitor.go_to("Library")
    expect(scripted_visitor.page.get_by_text("4 documents, 6 pages")).to_be_visible()
    scripted_visitor.go_to("Chat")
    expect(said(answer)).to_contain_text("1 of 1 sentence proved")
    assert len(scripted_page.ollama.requests_to("/api/chat")) == 1


def test_a_sentence_that_is_not_proved_is_marked_while_more_comes(
    scripted_visitor: Visitor, scripted_page: ScriptedPage
) -> None:
    scripted_page.reply = Reply(f"{FALSE} {TRUE} {TRUE}", pause_seconds=0.3)
    answer = scripted_visitor.ask(APPLES)
    marked = answer.locator(".unsupported")
    expect(marked).to_contain_text("famous painter")
    expect(answer.get_by_role("button", name="Stop")).to_be_visible()
    tip = marked.get_by_role("tooltip")
    expect(tip).to_be_hidden()
    marked.locator(".why").focus()
    expect(tip).to_contain_text("the cited passage lacks")
    expect(said(answer)).to_contain_text("2 of 3 sentences proved")
    expect(tip).to_be_visible()  # neither the focus nor the reason is lost while more comes


def test_a_stream_that_is_cut_keeps_what_came_and_tells(
    scripted_visitor: Visitor, scripted_page: ScriptedPage
) -> None:
    scripted_page.reply = Reply(TRUE, fault="cut", words_before_fault=5)
    answer = scripted_visitor.ask(APPLES)
    expect(answer.get_by_test_id("stAlert")).to_contain_text("in the middle of the answer")
    expect(said(answer)).to_contain_text("In 2021 the orchard of")
    scripted_page.reply = Reply(TRUE)
    expect(said(scripted_visitor.ask_and_wait(APPLES))).to_contain_text("1 of 1 sentence proved")


def test_the_stop_button_ends_an_answer_and_what_came_stays(
    scripted_visitor: Visitor, scripted_page: ScriptedPage
) -> None:
    scripted_page.reply = Reply(TRUE * 20, pause_seconds=0.25)
    answer = scripted_visitor.ask(APPLES)
    expect(said(answer)).to_contain_text("In 2021 the orchard")
    scripted_visitor.page.get_by_role("button", name="Stop").click()
    expect(said(answer)).to_contain_text("Stopped.")
    assert scripted_page.ollama.wait_for_disconnect()
    scripted_page.reply = Reply(TRUE)
    later = scripted_visitor.ask_and_wait(APPLES)
    expect(said(later)).to_contain_text("1 of 1 sentence proved")
    expect(said(answer)).to_contain_text("In 2021 the orchard")


def test_a_way_to_answer_is_chosen_and_its_steps_can_be_looked_at(
    scripted_visitor: Visitor, scripted_page: ScriptedPage
) -> None:
    page = scripted_visitor.page
    scripted_visitor.choose("Way to answer", "self-reflection")
    expect(page.get_by_test_id("stSidebar")).to_contain_text("repair what is not proved")
    scripted_page.reply = Reply(f"<think>Apples, **surely**.</think>{TRUE} {FALSE}")
    answer = scripted_visitor.ask_and_wait(APPLES)
    came_about = answer.get_by_test_id("stExpander").filter(has_text="How this answer came about")
    came_about.locator("summary").click()
    expect(came_about).to_contain_text("self-reflection · 3 calls")
    expect(came_about.get_by_test_id("stDataFrame")).to_be_visible()
    came_about.get_by_role("tab", name="Steps").click()
    expect(came_about).to_contain_text("the cited passage lacks")
    came_about.get_by_role("tab", name="What the model saw").click()
    call = came_about.get_by_text("What the model saw in call 2: repair")
    call.click()
    expect(came_about).to_contain_text("Apples, **surely**.")
    expect(came_about.locator("strong")).to_have_count(0)
    expect(said(answer)).not_to_contain_text("<think>")


def test_a_thumb_never_disturbs_an_answer_that_is_coming(
    scripted_visitor: Visitor, scripted_page: ScriptedPage
) -> None:
    scripted_page.reply = Reply(TRUE)
    proved = scripted_visitor.ask_and_wait("What did Larkfield harvest in 2021?")
    scripted_page.reply = Reply(TRUE, pause_seconds=0.25)
    coming = scripted_visitor.ask("How many apples were there in 2021?")
    expect(said(coming)).to_contain_text("In 2021 the orchard")
    asked = len(scripted_page.ollama.requests_to("/api/chat"))
    thumbs = proved.get_by_role("radiogroup", name="Feedback rating").get_by_role("radio")
    thumbs.first.click()
    scripted_visitor.click("Keep as an example", proved)
    expect(proved.get_by_role("button", name="Kept as an example")).to_be_visible()
    expect(said(coming)).to_contain_text("1 of 1 sentence proved")
    scripted_visitor.click("Kept as an example", proved)
    expect(proved.get_by_role("button", name="Keep as an example")).to_be_visible()
    assert len(scripted_page.ollama.requests_to("/api/chat")) == asked


def test_what_was_wrong_is_kept_with_the_page_that_is_right(
    scripted_visitor: Visitor, scripted_page: ScriptedPage
) -> None:
    scripted_page.reply = Reply(FALSE)
    answer = scripted_visitor.ask_and_wait(APPLES)
    answer.get_by_role("radiogroup", name="Feedback rating").get_by_role("radio").nth(1).click()
    answer.get_by_role("textbox", name="What would be right?").fill("340 tonnes")
    answer.get_by_role("radio", name="harvest.pdf, page 1").click()
    scripted_visitor.click("Keep as a case to measure with", answer)
    expect(answer).to_contain_text("it is a case on the Eval page")
