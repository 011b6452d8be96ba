"""Pictures of each page, as they stand in docs/screenshots.

    python -m benchmarks.screenshots [NAME ...]

Serves the handbook with a scripted Ollama and looks at every page in a real browser: on a wide
screen, a laptop and a phone, light and dark.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from app import sample
from ingest.settings import cache_folder
from tests.e2e.chat_server import chat_variables, console_script, run_ingest, serve_chat
from tests.e2e.conftest import QUIET, find_chromium
from tests.e2e.visitor import Visitor, choose
from tests.servers.reply import Reply
from tests.servers.scripted_ollama import ScriptedOllama

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
WIDE, LAPTOP, PHONE = (1440, 900), (1200, 750), (390, 844)
SECONDS_TO_SETTLE = 2.5
QUESTIONS = ("What is the difference between LoRA and QLoRA?", "What is quantization?")
SAID = (
    "LoRA keeps the frozen model in 16 bits, and QLoRA keeps it in 4 bits [1]. "
    "QLoRA was published by Dettmers and others in 2023 [1]. It was invented on a ship [1]."
)


class Photographer:
    """Opens a page in a window of a size and a scheme, and keeps pictures of it."""

    def __init__(self, browser: Browser, address: str, wanted: list[str]) -> None:
        self._browser = browser
        self._address = address
        self._wanted = wanted

    def take(
        self,
        name: str,
        path: str = "",
        look: Callable[[Page], object] = lambda _: None,
        *,
        size: tuple[int, int] = WIDE,
        dark: bool = False,
    ) -> None:
        """A picture called ``name`` of a page, after ``look`` has done something there."""
        if self._wanted and name not in self._wanted:
            return
        width, height = size
        with self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
        ) as window:
            page = window.new_page()
            page.goto(f"{self._address}/{path}")
            look(page)
            page.wait_for_timeout(SECONDS_TO_SETTLE * 1000)
            page.screenshot(path=FOLDER / f"{name}.png")
        print(name)


def see_suggestions(page: Page) -> None:
    """Questions that the documents answer."""
    expect(page.locator("[class*=st-key-suggestion-]").first).to_be_visible(timeout=60_000)


def ask(page: Page) -> Locator:
    """Two questions; the last answer."""
    visitor = Visitor(page)
    for question in QUESTIONS:
        answer = visitor.ask_and_wait(question)
    return answer


def ask_and_open(page: Page) -> None:
    """A page beside the answer that it proves."""
    visitor = Visitor(page)
    visitor.open_footnote(visitor.ask_and_wait(QUESTIONS[0]))


def ask_a_model(page: Page) -> None:
    """An answer of a model, of which a sentence is not proved."""
    choose(page, "Model", "ollama:llama3.2:latest")
    Visitor(page).ask_and_wait(QUESTIONS[0])


def ask_and_explain(page: Page) -> None:
    """How an answer came about."""
    answer = Visitor(page).ask_and_wait(QUESTIONS[0])
    answer.get_by_text("How this answer came about").click()


def open_document(page: Page) -> None:
    """A document with its chunks."""
    grid = page.get_by_test_id("stDataFrame")
    expect(grid.locator("canvas").first).to_be_visible()
    grid.click(position={"x": 70, "y": 55})


def open_run(page: Page) -> None:
    """The report of a run."""
    page.locator("[class*=st-key-open-] button").first.click()


def try_preview(page: Page) -> None:
    """A prompt with what it makes of a question."""
    expect(page.locator(".st-key-preview")).to_be_visible()


def check_up(page: Page) -> None:
    """The doctor's findings."""
    page.get_by_role("button", name="Check").first.click()
    page.wait_for_timeout(25_000)


@contextmanager
def served(folder: Path, *, empty: bool) -> Iterator[str]:
    """A page with the handbook, or with nothing; its address."""
    reply = Reply(SAID)
    with ScriptedOllama(replies=[reply], pullable=["wren"]) as ollama:
        variables = {
            **chat_variables(folder, ollama_url=ollama.url),
            "CITEBOUND_MODEL": "extractive",
        }
        if not empty:
            shutil.copytree(sample.FOLDER, folder / "papers")  # its path is seen on a picture
            run_ingest(folder / "papers", variables)
            measure(folder, variables)
        with serve_chat(folder, variables) as address:
            yield address


def measure(folder: Path, variables: Mapping[str, str]) -> None:
    """A run, so that there is one to look at."""
    cases = folder / "home" / "cases" / "handbook.jsonl"
    cases.parent.mkdir(parents=True, exist_ok=True)
    for words in (
        ("cases", "generate", "-n", "40", "-o", str(cases)),
        ("run", str(cases), "--output", str(cases.parent / "runs" / "handbook")),
    ):
        command = [console_script("citebound"), "eval", *words]
        subprocess.run(command, env=dict(variables), check=True, capture_output=True)


def main() -> None:
    """Take them all, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    wanted = parser.parse_args().names
    os.environ.setdefault("CITEBOUND_CACHE", str(cache_folder()))
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(QUIET))
        first, second = Path(name) / "empty", Path(name) / "handbook"
        first.mkdir()
        second.mkdir()
        with served(first, empty=True) as address:
            take = Photographer(browser, address, wanted).take
            take("first-run", size=LAPTOP)
        with served(second, empty=False) as address:
            take = Photographer(browser, address, wanted).take
            take("welcome", look=see_suggestions, size=LAPTOP)
            take("chat-page", look=ask_and_open)
            take("chat-dark", look=ask, dark=True)
            take("not-proved", look=ask_a_model)
            take("receipt", look=ask_and_explain)
            take("chat-phone", look=ask, size=PHONE)
            take("chat-phone-page", look=ask_and_open, size=PHONE, dark=True)
            take("library", "library")
            take("document", "library", open_document)
            take("models", "models")
            take("prompts", "prompts", try_preview)
            take("eval", "eval", open_run)
            take("handbook", "handbook?chapter=2-vocabulary&section=answering-from-documents")
            take("doctor", "doctor", check_up)
        browser.close()


if __name__ == "__main__":
    main()
