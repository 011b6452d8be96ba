"""What a person does with models on the pages: get one, ask it, remove it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import ScriptedPage
from tests.e2e.visitor import Visitor, said
from tests.servers.reply import Reply

APPLES = "How many tonnes of apples did Larkfield harvest in 2021?"
TRUE = "In 2021 the orchard of Larkfield harvested 340 tonnes of apples [1]."
WREN = "wren:latest"


def pull(page: Page, name: str) -> None:
    page.get_by_role("textbox", name="Pull a model").fill(name)
    page.get_by_role("button", name="Pull", exact=False).click()


def row(page: Page, name: str) -> Locator:
    """What the page shows of a model."""
    return page.locator("[class*='st-key-model-']").filter(has_text=name)


def test_a_model_is_pulled_asked_and_removed(
    scripted_visitor: Visitor, scripted_page: ScriptedPage
) -> None:
    page, ollama = scripted_visitor.page, scripted_page.ollama
    ollama.pull_pause_seconds = 1.0
    scripted_visitor.go_to("Models")
    expect(row(page, "llama3.2:latest")).to_contain_text("3.2B parameters")
    pull(page, "wren")
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_test_id("stMain")).to_contain_text("of 2.0 GB")
    expect(page.get_by_test_id("stMain")).to_contain_text("wren is there")
    expect(page.get_by_role("progressbar")).to_have_count(0)

    scripted_visitor.go_to("Chat")
    scripted_visitor.choose("Model", f"ollama:{WREN}")
    page.get_by_text("Prompt and sampling").click()
    temperature = page.get_by_role("spinbutton", name="Temperature")
    temperature.fill("0.7")
    temperature.press("Enter")
    scripted_page.reply = Reply(TRUE)
    answer = scripted_visitor.ask_and_wait(APPLES)
    sent = ollama.requests_to("/api/chat")[-1].body
    assert (sent["model"], sent["options"]["temperature"]) == (WREN, 0.7)
    answer.get_by_text("How this answer came about").click()
    answer.get_by_role("tab", name="What the model saw").click()
    expect(answer).to_contain_text("options sent: num_ctx=4096, num_predict=1024, temperature=0.7")

    scripted_visitor.go_to("Models")
    scripted_visitor.go_to("Chat")
    page.get_by_text("Prompt and sampling").click()
    expect(temperature).to_have_value("0.7")

    scripted_visitor.go_to("Models")
    remove(page, WREN)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_test_id("stMain")).not_to_contain_text(WREN)
    assert ollama.models == ["llama3.2:latest"]


def remove(page: Page, name: str) -> None:
    row(page, name).get_by_role("button", name="Remove").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(name)
    dialog.get_by_role("button", name="Remove", exact=True).click()


def test_a_pull_is_cancelled_and_an_answer_goes_on_meanwhile(
    scripted_visitor: Visitor, scripted_page: ScriptedPage
) -> None:
    page, ollama = scripted_visitor.page, scripted_page.ollama
    ollama.pull_pause_seconds, ollama.disconnects = 1.0, 0
    scripted_page.reply = Reply(TRUE, pause_seconds=0.3)
    answer = scripted_visitor.ask(APPLES)
    expect(said(answer)).to_contain_text("In 2021 the orchard")
    scripted_visitor.go_to("Models")
    pull(page, "wren")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_test_id("stMain")).to_contain_text("wren: cancelled")
    assert ollama.wait_for_disconnect()
    assert ollama.models == ["llama3.2:latest"]
    scripted_visitor.go_to("Chat")
    expect(said(answer)).to_contain_text("1 of 1 sentence proved")


def test_a_model_that_is_gone_meanwhile_is_told(
    scripted_visitor: Visitor, scripted_page: ScriptedPage
) -> None:
    page, ollama = scripted_visitor.page, scripted_page.ollama
    ollama.models.append("owl:latest")
    scripted_visitor.go_to("Models")
    expect(row(page, "owl:latest")).to_be_visible()
    ollama.models.remove("owl:latest")
    remove(page, "owl:latest")
    expect(page.get_by_role("dialog")).to_contain_text("has no model 'owl:latest'")


def test_a_page_without_ollama_says_what_to_start(visitor: Visitor) -> None:
    visitor.go_to("Models")
    main = visitor.page.get_by_test_id("stMain")
    expect(main).to_contain_text("Start it with: ollama serve")
    expect(main).to_contain_text("Without it everything works")
    expect(main.get_by_role("link", name="ollama.com")).to_have_attribute(
        "href", "https://ollama.com"
    )


def test_a_model_is_tried_and_told_to_stop(
    scripted_visitor: Visitor, scripted_page: ScriptedPage
) -> None:
    page, ollama = scripted_visitor.page, scripted_page.ollama
    ollama.disconnects = 0
    scripted_page.reply = Reply("Hello <b>there</b>, my *friend*.", pause_seconds=0.2)
    scripted_visitor.go_to("Models")
    page.get_by_role("textbox", name="Text").fill("Greet me.")
    page.get_by_role("button", name="Send").click()
    tried = page.locator(".st-key-trial")
    expect(tried).to_contain_text("Hello <b>there</b>, my *friend*.")
    expect(tried).to_contain_text(
        re.compile(r"first word after \d+\.\d s · \d+\.\d words a second · 4 words · 2 tokens read")
    )
    assert ollama.requests_to("/api/chat")[-1].body["messages"] == [
        {"role": "user", "content": "Greet me."}
    ]

    scripted_page.reply = Reply("word " * 300, pause_seconds=0.1)
    page.get_by_role("button", name="Send").click()
    expect(tried).to_contain_text("word word")
    page.get_by_role("button", name="Stop").click()
    expect(tried).to_contain_text("Stopped.")
    assert ollama.wait_for_disconnect()
