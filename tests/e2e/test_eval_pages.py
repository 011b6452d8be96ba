"""What a person does to find out how good the answers are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.conftest import write_small_pdfs
from tests.e2e.chat_server import chat_variables, run_ingest, serve_chat
from tests.e2e.conftest import ScriptedPage
from tests.e2e.visitor import Visitor, choose
from tests.eval.runs.running import write_cases
from tests.servers.reply import Body, Reply
from tests.servers.scripted_ollama import ScriptedOllama

pytestmark = pytest.mark.slow

LLAMA = "ollama:llama3.2:latest"
MAIN = "stMain"
WRONG = "The grate is made of green cheese [1]."
UNDER_WAY = re.compile(r"two ways[\d-]*: (getting ready|\d of \d+ questions)")


@pytest.fixture(scope="module")
def eval_page(
    tmp_path_factory: pytest.TempPathFactory,
    folders_of_the_run: None,  # noqa: ARG001
) -> Iterator[ScriptedPage]:
    """A page of its own with the small library; its settings name the answerer that quotes."""
    folder = tmp_path_factory.mktemp("eval")
    write_small_pdfs(folder / "pdfs")

    def reply(_: Body) -> Reply:
        return served.reply

    with ScriptedOllama(replies=[reply]) as ollama:
        served = ScriptedPage("", ollama, Reply(WRONG))
        variables = chat_variables(folder, ollama_url=ollama.url) | {
            "CITEBOUND_MODEL": "extractive",
            "CITEBOUND_STRATEGY": "direct",
            "CITEBOUND_CALLS_AT_ONCE": "1",
        }
        run_ingest(folder / "pdfs", variables)
        with serve_chat(folder, variables) as address:
            served.address = address
            yield served


@pytest.fixture
def page(visit: Visitor, eval_page: ScriptedPage) -> Page:
    visit.page.goto(f"{eval_page.address}/eval")
    expect(visit.page.get_by_role("heading", name="Eval")).to_be_visible()
    return visit.page


def view(page: Page, name: str) -> Locator:
    """Change to a view; what the page shows."""
    page.get_by_role("radio", name=name).click()
    return page.get_by_test_id(MAIN)


def make_cases(page: Page, name: str, count: int) -> None:
    page.locator("summary").filter(has_text="Make or add cases").click()
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("spinbutton", name="How many").fill(str(count))
    page.get_by_role("button", name="Make cases").click()


def start(page: Page) -> None:
    page.get_by_role("button", name="Start", exact=True).click()


def test_cases_are_made_asked_and_read_one_by_one(page: Page, tmp_path: Path) -> None:
    expect(page.get_by_test_id(MAIN)).to_contain_text("There is no run yet")
    main = view(page, "Start a run")
    expect(main).to_contain_text("Make or add cases first")
    make_cases(page, "../up", 6)
    expect(main).to_contain_text("is no name for cases; use letters")
    page.get_by_role("textbox", name="Name").fill("boilers")
    page.get_by_role("button", name="Make cases").click()
    expect(main).to_contain_text(re.compile(r"boilers: \d cases? made"))
    expect(main).to_contain_text(re.compile(r"\d cases? in 1 way: \d questions?"))
    start(page)
    expect(main).to_contain_text(re.compile(r"boilers-[\d-]+: \d questions? asked"))

    main = view(page, "Runs")
    expect(main).to_contain_text(re.compile(r"Right \d of \d"))
    page.locator("[class*=st-key-open-] button").click()
    expect(main).to_contain_text("What became of the cases")
    assert "run=" in page.url
    page.reload()  # the address of a run can be kept
    expect(main).to_contain_text("Sentences proved")
    expect(main).to_contain_text("less is better")
    page.get_by_role("textbox", name="Find in questions").fill("in the sea of glass")
    page.keyboard.press("Enter")
    expect(main).to_contain_text("0 cases, the ones to look at first")
    page.get_by_role("textbox", name="Find in questions").fill("")
    page.keyboard.press("Enter")
    case = page.locator("[class*=st-key-case-]").first
    case.locator("summary").first.click()
    expect(case).to_contain_text("Right answer")
    expect(case).to_contain_text("Passages that were found")

    with page.expect_download() as download:
        page.get_by_role("button", name="Report").click()
    download.value.save_as(tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text("utf8").startswith("<!doctype html>")
    page.get_by_role("button", name="All runs").click()
    expect(page.locator("[class*=st-key-open-] button")).to_be_visible()


def test_a_run_is_cancelled_gone_on_with_compared_and_ranked(
    page: Page, eval_page: ScriptedPage, tmp_path: Path
) -> None:
    main = view(page, "Start a run")
    rested = ("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stApp")).to_have_attribute(*rested)
    choose(page, "Models", LLAMA)
    page.keyboard.press("Escape")
    page.locator("summary").filter(has_text="Make or add cases").click()
    cases = write_cases(tmp_path / "two ways.jsonl")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(cases)
    expect(main).to_contain_text("4 cases added as two ways.")
    expect(main).to_contain_text("4 cases in 2 ways")  # they are chosen by themselves
    quick = eval_page.reply
    eval_page.reply = Reply("It is so. " * 100, pause_seconds=0.3)
    start(page)
    expect(main).to_contain_text(UNDER_WAY)
    page.reload()  # it goes on, and is there again
    expect(main).to_contain_text(re.compile(r"two ways-[\d-]+: 0 of 8 questions"))
    page.get_by_role("button", name="Cancel").click()
    expect(main).to_contain_text(re.compile(r"cancelled; \d answers of \d+ kept"))

    eval_page.reply = quick
    main = view(page, "Runs")
    expect(main).to_contain_text(re.compile(r"unfinished: \d of \d+"))
    page.get_by_role("button", name="Go on").first.click()
    expect(main).to_contain_text(re.compile(r"two ways-[\d-]+: \d+ questions asked"))
    expect(main).not_to_contain_text("unfinished")

    main = view(page, "Compare")
    expect(main).to_contain_text(re.compile(r"Of \d cases \d got worse and \d better"))
    worse = page.locator("[class*=st-key-worse-]").first
    worse.locator("summary").click()
    expect(worse).to_contain_text("Before")
    expect(worse).to_contain_text(WRONG.removesuffix(" [1]."))
    chart = page.get_by_test_id("stVegaLiteChart")
    expect(chart).to_have_attribute("aria-label", re.compile("^Differences with their 95%"))

    main = view(page, "Leaderboard")
    expect(main).to_contain_text("best buy")
    for way in ("extractive", f"{LLAMA}, direct"):
        expect(page.get_by_role("table")).to_contain_text(way)
