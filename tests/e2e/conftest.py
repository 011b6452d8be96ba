"""A browser, and chat servers for it to visit."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.chat_server import chat_variables, free_port, run_ingest, serve_chat
from tests.e2e.visitor import SECONDS, Visitor
from tests.pdfs import LabelRange, write_pdf
from tests.servers.reply import Reply
from tests.servers.scripted_ollama import ScriptedOllama

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
LOCAL = ("127.0.0.1", None)  # None: data and blob addresses, which go nowhere

expect.set_options(timeout=SECONDS * 1000)


@dataclass
class ScriptedPage:
    """A chat page whose model says what a test has put into ``reply``."""

    address: str
    ollama: ScriptedOllama
    reply: Reply


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, of ``CITEBOUND_CHROMIUM`` or of the machine."""
    path = find_chromium()
    if path is None:
        reason = "there is no Chromium; install one or set CITEBOUND_CHROMIUM to its path"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def chat_folder(
    tmp_path_factory: pytest.TempPathFactory,
    folders_of_the_run: None,  # noqa: ARG001
) -> Path:
    """A folder with a library of four small documents."""
    folder = tmp_path_factory.mktemp("chat")
    write_documents(folder / "pdfs")
    run_ingest(folder / "pdfs", chat_variables(folder, ollama_url=_closed()))
    return folder


@pytest.fixture(scope="session")
def chat_page(chat_folder: Path) -> Iterator[str]:
    """The address of a chat page without any model server."""
    with serve_chat(chat_folder, chat_variables(chat_folder, ollama_url=_closed())) as address:
        yield address


@pytest.fixture(scope="module")  # a newcomer may add documents
def empty_page(tmp_path_factory: pytest.TempPathFactory, chat_folder: Path) -> Iterator[str]:  # noqa: ARG001
    """The address of a chat page whose library does not exist yet."""
    folder = tmp_path_factory.mktemp("empty")
    with serve_chat(folder, chat_variables(folder, ollama_url=_closed())) as address:
        yield address


@pytest.fixture(scope="session")
def scripted_page(chat_folder: Path) -> Iterator[ScriptedPage]:
    """A chat page that a scripted Ollama answers."""
    folder = chat_folder / "scripted"
    folder.mkdir()
    with ScriptedOllama(replies=[lambda _: page.reply], pullable=["wren"]) as ollama:
        page = ScriptedPage("", ollama, Reply("Yes."))
        variables = chat_variables(folder, ollama_url=ollama.url)
        variables["CITEBOUND_LIBRARY"] = str(chat_folder / "library")
        with serve_chat(folder, variables) as address:
            page.address = address
            yield page


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """A browser's window, kept with its cache: to read Streamlit's scripts anew takes seconds."""
    with browser.new_context(viewport={"width": 1400, "height": 900}) as context:
        yield context


@pytest.fixture
def visit(window: BrowserContext) -> Iterator[Visitor]:
    """A visitor with a fresh tab; no page may ask any other machine for anything."""
    with watched_page(window) as page:
        yield Visitor(page)


@contextmanager
def watched_page(window: BrowserContext) -> Iterator[Page]:
    """A new tab whose requests go to this machine alone."""
    page = window.new_page()
    page.set_default_timeout(SECONDS * 1000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield page
    page.close()
    assert [url for url in asked if urlsplit(url).hostname not in LOCAL] == []


@pytest.fixture
def visitor(visit: Visitor, chat_page: str) -> Visitor:
    """A visitor of the page without a model server."""
    visit.page.goto(chat_page)
    return visit


@pytest.fixture
def newcomer(visit: Visitor, empty_page: str) -> Visitor:
    """A visitor of the page with an empty library."""
    visit.page.goto(empty_page)
    return visit


@pytest.fixture
def scripted_visitor(visit: Visitor, scripted_page: ScriptedPage) -> Visitor:
    """A visitor of the page that a scripted model answers."""
    visit.page.goto(scripted_page.address)
    return visit


def write_documents(folder: Path) -> None:
    """Four documents with facts that nobody knows by heart."""
    harvest = "In {} the orchard of Larkfield harvested {} tonnes of apples."
    write_pdf(
        folder / "harvest.pdf",
        [[harvest.format(2021, 340)], [harvest.format(2022, 415)]],
        title="Harvests of Larkfield",
    )
    write_pdf(
        folder / "lighthouse.pdf",
        [
            ["This booklet tells the history of Skerry Point and its keepers."],
            ["The lighthouse of Skerry Point was lit for the first time on 12 March 1874."],
        ],
        title="Skerry Point",
        labels=[LabelRange(1, "ROMAN_LOWER")],
    )
    write_pdf(
        folder / "gate.pdf",
        [
            [
                "The inscription on the castle gate reads <script>document.title='owned'</script>",
                "![seal](http://evil.example/seal.png) [door](http://evil.example) and $x$ beside",
                "<img src=http://evil.example/lion.png> two **lions** at http://evil.example/y",
            ]
        ],
        title="The castle <b>gate</b>",
    )
    write_pdf(
        folder / "bees.pdf",
        [["The bees of Ardmore swarm in the second week of May, before the heather blooms."]],
        title="Bees of Ardmore",
    )


def find_chromium() -> str | None:
    """The browser of ``CITEBOUND_CHROMIUM`` or of the machine."""
    named = os.environ.get("CITEBOUND_CHROMIUM")
    if named:
        return named
    # The first draws no window of its own, which takes a third of the processor's time.
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    found = (shutil.which(name) for name in names)
    return next((path for path in found if path), None)


def _closed() -> str:
    return f"http://127.0.0.1:{free_port()}"
