"""What a person does with prompts on their page: change, look, keep, use, compare, delete."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.chat_server import chat_variables, serve_chat
from tests.e2e.conftest import ScriptedPage
from tests.e2e.visitor import Visitor, choose, open_list
from tests.servers.reply import Body, Reply
from tests.servers.scripted_ollama import ScriptedOllama

APPLES = "How many tonnes of apples did Larkfield harvest in 2021?"
TRUE = "In 2021 the orchard of Larkfield harvested 340 tonnes of apples [1]."
FALSE = "The orchard of Larkfield was sold to the bees of Ardmore [1]."
PIRATE = (
    "Speak like a pirate who has been at sea for forty years and has read every one of the papers."
)


def answer_by_prompt(body: Body) -> Reply:
    """A model that invents where it is told to."""
    invents = "Invent something." in body["messages"][0]["content"]
    return Reply(FALSE if invents else TRUE, pause_seconds=0.5)


@pytest.fixture
def inventive_visitor(visit: Visitor, chat_folder: Path) -> Iterator[Visitor]:
    """A visitor of a page whose model does what its prompt says."""
    folder = chat_folder / "inventive"
    folder.mkdir()
    with ScriptedOllama(replies=[answer_by_prompt]) as ollama:
        variables = chat_variables(folder, ollama_url=ollama.url)
        variables["CITEBOUND_LIBRARY"] = str(chat_folder / "library")
        with serve_chat(folder, variables) as address:
            visit.page.goto(address)
            yield visit


def open_page(visitor: Visitor) -> Page:
    """The page, with a question of the library."""
    page = visitor.page
    visitor.go_to("Prompts")
    question = page.get_by_role("textbox", name="Question to try it with")
    expect(question).to_have_value(re.compile(r"^What is “.+” about\?$"))
    question.fill(APPLES)
    question.press("Enter")
    expect(preview(page)).to_contain_text(APPLES)
    return page


def preview(page: Page) -> Locator:
    return page.locator(".st-key-preview")


def tokens(page: Page) -> int:
    """What the page says that the prompt takes."""
    said = preview(page).get_by_text(re.compile(r"About [\d,]+ of 8,192 tokens")).inner_text()
    found = re.search(r"About ([\d,]+)", said)
    assert found is not None
    return int(found[1].replace(",", ""))


def save_as(page: Page, name: str) -> None:
    page.get_by_role("textbox", name="Save as").fill(name)
    page.get_by_role("button", name="Save", exact=True).click()


def test_a_prompt_is_changed_kept_used_in_the_chat_and_deleted(
    scripted_visitor: Visitor, scripted_page: ScriptedPage
) -> None:
    page = open_page(scripted_visitor)
    expect(preview(page)).to_contain_text("harvested 340 tonnes of apples")
    expect(preview(page)).not_to_contain_text("{passages}")
    before = tokens(page)

    tone = page.get_by_role("textbox", name="Tone")
    tone.click()
    page.keyboard.press("End")
    page.keyboard.type(f" {PIRATE}")  # and nothing else: the box is not left
    expect(preview(page)).to_contain_text(PIRATE)
    expect(tone).to_be_focused()
    assert before < tokens(page) < before + 60

    task = page.get_by_role("textbox", name="Task")
    task.fill("Answer.\nUse {passages} and {pasages}.")
    expect(page.get_by_test_id("stAlert").first).to_contain_text(
        "Line 2: the variable {pasages} is unknown"
    )
    save_as(page, "pirate")
    expect(page.get_by_test_id("stMain")).to_contain_text("First put right what is told")
    task.fill("Answer.")
    expect(page.get_by_text("Line 2")).to_have_count(0)
    for name, said in (("../pirate", "a name of letters"), ("answer", "comes with the program")):
        save_as(page, name)
        expect(page.get_by_test_id("stMain")).to_contain_text(said)
    save_as(page, "pirate")
    expect(page.get_by_test_id("stMain")).to_contain_text("pirate is kept")
    expect(task).to_have_value("Answer.")
    choose(page, "Prompt", "answer")
    expect(task).not_to_have_value("Answer.")

    scripted_visitor.go_to("Chat")
    page.get_by_text("Prompt and sampling").click()
    choose(page, "Prompt", "pirate")
    scripted_page.reply = Reply(TRUE)
    scripted_visitor.ask_and_wait(APPLES)
    sent = scripted_page.ollama.requests_to("/api/chat")[-1].body["messages"]
    assert PIRATE in sent[0]["content"]

    scripted_visitor.go_to("Prompts")
    choose(page, "Prompt", "pirate (your own)")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Delete")).to_have_count(0)
    open_list(page, "Prompt")
    expect(page.get_by_role("option")).to_have_text(["answer", "base"])


@pytest.mark.slow
def test_two_prompts_answer_side_by_side_at_the_same_time(
    inventive_visitor: Visitor,
) -> None:
    page = open_page(inventive_visitor)
    page.get_by_role("textbox", name="Tone").fill(PIRATE)
    expect(preview(page)).to_contain_text(PIRATE)
    save_as(page, "pirate")
    expect(page.get_by_test_id("stMain")).to_contain_text("pirate is kept")
    page.get_by_role("textbox", name="Task").fill("Invent something.")
    expect(preview(page)).to_contain_text("Invent something.")

    page.get_by_role("tab", name="Side by side").click()
    choose(page, "Prompt on the right", "pirate (as edited here)")
    page.get_by_role("button", name="Ask both").click()
    left, right = (page.locator(f".st-key-wording_answer_{side}") for side in ("left", "right"))
    expect(left).to_contain_text("In 2021 the")
    expect(right).to_contain_text("The orchard of")
    for side in (left, right):
        expect(side).to_contain_text("Writing")
    told = r"1 sentence proved · \d+\.\d s · [\d,]+ tokens read, \d+ written"
    expect(left).to_contain_text(re.compile(f"1 of {told}"))
    expect(right).to_contain_text(re.compile(f"0 of {told}"))
    expect(right).to_contain_text("not proved: ")

    page.get_by_role("button", name="Ask both").click()
    expect(left).to_contain_text("In 2021 the")
    page.get_by_role("button", name="Stop").click()
    expect(left).to_contain_text("Stopped.")
    page.get_by_role("tab", name="Edit").click()
    expect(page.get_by_role("textbox", name="Task")).to_have_value("Invent something.")
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_role("textbox", name="Task")).not_to_have_value("Invent something.")


def test_without_a_model_the_preview_estimates_and_says_so(visitor: Visitor) -> None:
    page = open_page(visitor)
    expect(preview(page)).to_contain_text("no model is chosen that writes")
    page.get_by_text("What takes how much").click()
    expect(page.get_by_role("cell", name="passages", exact=True)).to_be_visible()
    page.get_by_text("Examples (none)").click()
    page.get_by_role("button", name="Add an example").click()
    expect(page.get_by_test_id("stMain")).to_contain_text("Exemplars 1 question")
    for field, text in (("Question", "Who pays?"), ("Passages", "One.\n---\nTwo."),
                        ("Answer", "Nobody [2].")):  # fmt: skip
        page.get_by_role("textbox", name=f"{field} of example 1").fill(text)
    expect(preview(page)).to_contain_text("[2] Two.")
    page.get_by_role("button", name="Remove example 1").click()
    expect(preview(page)).not_to_contain_text("[2] Two.")


def test_a_newcomer_without_documents_sees_the_prompt_all_the_same(newcomer: Visitor) -> None:
    newcomer.go_to("Prompts")
    page = newcomer.page
    expect(preview(page)).to_contain_text("Write a question above")
    page.get_by_role("tab", name="Side by side").click()
    expect(page.get_by_test_id("stMain")).to_contain_text("add documents on the Library page")
    expect(page.get_by_role("button", name="Ask both")).to_be_disabled()
