"""How long the page takes to answer a click, as the browser sees it.

    python -m benchmarks.clicks --times 20

Serves the handbook, asks one question of the built-in answerer, and then clicks what a reader
clicks. A time goes from the click to the frame in which its result stands on the page.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright

from app import sample
from benchmarks.people_at_once import QUESTIONS
from ingest.settings import cache_folder
from tests.e2e.chat_server import chat_variables, free_port, run_ingest, serve_chat
from tests.e2e.conftest import QUIET, find_chromium
from tests.e2e.visitor import Visitor

CLICK = """([element, selector, text]) => new Promise((done) => {
  const began = performance.now()
  const shown = () => [...document.querySelectorAll(selector)].some(
    (one) => one.innerText.includes(text) && one.checkVisibility())
  const look = () => shown() ? done(performance.now() - began) : requestAnimationFrame(look)
  element.click()
  requestAnimationFrame(look)
})"""
PAUSE = 700  # milliseconds between two clicks: what follows the last one has ended
HEADING = "[data-testid=stHeading]"


def clicked(target: Locator, selector: str, text: str = "") -> float:
    """Milliseconds from a click until an element of ``selector`` with ``text`` is shown."""
    target.page.wait_for_timeout(PAUSE)
    return float(target.page.evaluate(CLICK, [target.element_handle(), selector, text]))


def one_round(page: Page) -> Iterator[tuple[str, float]]:
    """The clicks of one round, each with its milliseconds; it ends where it began."""
    panel = page.locator(".st-key-viewer")
    note = page.locator(".answer .note").first
    yield "a footnote opens its page", clicked(note, ".st-key-viewer [data-testid=stMarkdown]")
    forward = panel.get_by_role("button", name="Next page")
    before = page.locator(".st-key-viewer").inner_text()
    number = int(before.partition("page ")[2].split()[0])
    label = f"page {number + 1} of"
    yield "the next page", clicked(forward, ".st-key-viewer", label)
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_have_count(0)
    link = page.get_by_test_id("stSidebarNavLink")
    yield "the Library page", clicked(link.filter(has_text="Library"), HEADING, "Library")
    yield "the Doctor page", clicked(link.filter(has_text="Doctor"), HEADING, "Doctor")
    messages = "[data-testid=stChatMessage]"
    yield "back to the chat", clicked(link.filter(has_text="Chat"), messages, QUESTIONS[0])
    anew = page.get_by_role("button", name="New conversation")
    yield "a new conversation", clicked(anew, HEADING, "What would you like to know?")
    kept = page.locator(".st-key-history button").first
    yield "a kept conversation", clicked(kept, messages, QUESTIONS[0])


def main() -> None:
    """Print a row for each kind of click."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    options = parser.parse_args()
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        os.environ.setdefault("CITEBOUND_CACHE", str(cache_folder()))
        variables = chat_variables(folder, ollama_url=f"http://127.0.0.1:{free_port()}")
        run_ingest(sample.FOLDER, variables)
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(QUIET))
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        with serve_chat(folder, variables) as address:
            page.goto(address)
            Visitor(page).ask_and_wait(QUESTIONS[0])
            for _ in range(options.times):
                for what, milliseconds in one_round(page):
                    found.setdefault(what, []).append(milliseconds)
        browser.close()
    print("| click | n | p50 | p95 |\n|---|---|---|---|")
    for what, times in found.items():
        middle, high = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        print(f"| {what} | {len(times)} | {middle:.0f} ms | {high:.0f} ms |")


if __name__ == "__main__":
    main()
