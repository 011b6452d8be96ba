"""The panel with a document's page, in a real browser."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from ingest.library import Library
from ingest.pipeline import ingest_folder
from tests.e2e.chat_server import free_port
from tests.e2e.visitor import Visitor, is_drawn
from tests.office_files import write_docx
from tests.pdfs import LabelRange, write_pdf

SECONDS_TO_START = 60.0
QUOTE = "The lamp was lit for the first time on 12 March 1874."
NAME = "lighthouse *of* <b>Skerry.pdf"
SCRIPT = """
from pathlib import Path
import streamlit as st
from app.ui.viewer.panel import show_page
from ingest.library import Library

@st.cache_resource
def opened():
    return Library.open(Path({library!r}))

def open_panel(name, page, quote):
    st.session_state["panel"] = (name, page, quote)

shown = st.session_state.setdefault("panel", None)
columns = st.columns(2) if shown else [st.container()]
with columns[0]:
    st.button("Lighthouse", on_click=open_panel, args=({name!r}, 2, {quote!r}))
    st.button("Kiln", on_click=open_panel, args=("kiln.docx", 1, "Leave the door shut"))
    st.markdown("A long chat. \\n\\n" * 100)
if shown:
    name, page, quote = shown
    document = opened().find_document(name).id
    with columns[1]:
        show_page(
            opened(), document, page, (quote,), key="panel-state",
            on_close=lambda: st.session_state.update(panel=None),
        )
"""


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory, folders_of_the_run: None) -> Path:  # noqa: ARG001
    """A folder with a library, and with the files that it was made of in ``docs``."""
    folder = tmp_path_factory.mktemp("viewer")
    lines = [f"Entry {row} of the log tells of nothing but rain." for row in range(50)]
    write_pdf(
        folder / "docs" / NAME,
        [["This booklet tells of Skerry Point."], [*lines, QUOTE], ["The last page."]],
        labels=[LabelRange(1, "ROMAN_LOWER")],
    )
    write_docx(folder / "docs" / "kiln.docx")
    with Library.open(folder / "library", create=True) as library:
        ingest_folder(folder / "docs", library)
    return folder


@pytest.fixture(scope="module")
def address(documents: Path) -> Iterator[str]:
    """The address of a page with the panel beside a long chat."""
    script, port = documents / "page.py", free_port()
    script.write_text(
        SCRIPT.format(library=str(documents / "library"), name=NAME, quote=QUOTE), encoding="utf-8"
    )
    command = [
        sys.executable, "-m", "streamlit", "run", str(script), "--server.headless", "true",
        "--server.address", "127.0.0.1", "--server.port", str(port),
        "--server.fileWatcherType", "none", "--browser.gatherUsageStats", "false",
    ]  # fmt: skip
    root = str(Path(__file__).parents[2])
    with (documents / "page.log").open("wb") as log:
        server = subprocess.Popen(
            command, env={**os.environ, "PYTHONPATH": root}, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
        try:
            _wait_until_healthy(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait()


@pytest.fixture
def panel(visit: Visitor, address: str) -> Locator:
    """The panel, open at the second page of the booklet."""
    visit.page.goto(address)
    return open_panel(visit.page, "Lighthouse")


def open_panel(page: Page, name: str) -> Locator:
    page.get_by_role("button", name=name, exact=True).click()
    panel = page.locator(".st-key-viewer")
    expect(panel.get_by_role("region")).to_be_visible()
    return panel


def in_sight(part: Locator, area: Locator) -> bool:
    """Whether a part of a page lies within the area that it is scrolled in."""
    inner, outer = part.bounding_box(), area.bounding_box()
    assert inner is not None
    assert outer is not None
    return outer["y"] <= inner["y"] and inner["y"] + inner["height"] <= outer["y"] + outer["height"]


def test_the_first_mark_is_in_sight_and_the_page_around_stays(panel: Locator) -> None:
    area = panel.get_by_role("region", name="Page 2")
    assert is_drawn(panel.get_by_role("img", name="Page 2"))
    mark = panel.locator(".marks > *")
    expect(mark).to_have_count(1)
    panel.page.wait_for_function("area => area.scrollTop > 0", arg=area.element_handle())
    assert in_sight(mark, area)
    assert panel.page.get_by_test_id("stMain").evaluate("main => main.scrollTop") == 0
    expect(panel.get_by_role("status").filter(has_text="1 marked place.")).to_be_attached()
    expect(panel.get_by_role("heading", name=NAME)).to_be_visible()
    expect(panel).to_contain_text("page 2 of 3 (printed ii)")


def test_pages_are_turned_by_buttons_and_by_keys(panel: Locator) -> None:
    panel.get_by_role("button", name="Next page").click()
    expect(panel).to_contain_text("page 3 of 3 (printed iii)")
    expect(panel.get_by_role("button", name="Next page")).to_be_disabled()
    expect(panel.locator(".marks > *")).to_have_count(0)
    panel.get_by_role("button", name="Back to the marked page").click()
    expect(panel).to_contain_text("page 2 of 3")
    expect(panel.get_by_role("button", name="Back to the marked page")).to_have_count(0)
    panel.get_by_role("region").focus()
    panel.page.keyboard.press("ArrowLeft")
    expect(panel).to_contain_text("page 1 of 3 (printed i)")
    expect(panel.get_by_role("region", name="Page 1")).to_be_focused()
    panel.page.keyboard.press("ArrowRight")
    expect(panel.get_by_role("region", name="Page 2")).to_be_visible()
    expect(panel.locator(".marks > *")).to_have_count(1)


def test_a_page_is_zoomed_by_buttons_and_by_keys(panel: Locator) -> None:
    area, sheet = panel.get_by_role("region"), panel.locator(".sheet")
    level = panel.get_by_label("Zoom level")
    expect(level).to_have_text("100%")
    width = sheet.evaluate("sheet => sheet.offsetWidth")
    panel.get_by_role("button", name="Zoom in").click()
    expect(level).to_have_text("125%")
    area.focus()
    panel.page.keyboard.press("+")
    expect(level).to_have_text("150%")
    assert sheet.evaluate("sheet => sheet.offsetWidth") == pytest.approx(1.5 * width, abs=25)
    expect(panel.locator(".marks > *")).to_have_count(1)
    panel.page.keyboard.press("ArrowRight")  # scrolls a page that is wider than its area
    panel.page.keyboard.press("-")
    expect(level).to_have_text("125%")
    panel.page.keyboard.press("0")
    expect(level).to_have_text("100%")
    expect(panel).to_contain_text("page 2 of 3")
    outline = area.evaluate("area => getComputedStyle(area).outlineStyle")
    assert outline == "solid"


def test_the_source_is_downloaded_as_it_was_ingested(
    panel: Locator, documents: Path, tmp_path: Path
) -> None:
    source = documents / "docs" / NAME
    with panel.page.expect_download() as download:
        panel.get_by_role("button", name="Download the source").click()
    download.value.save_as(tmp_path / "copy.pdf")
    assert (tmp_path / "copy.pdf").read_bytes() == source.read_bytes()


def test_a_file_that_is_gone_is_told_and_the_text_is_shown(
    visit: Visitor, address: str, documents: Path
) -> None:
    source, away = documents / "docs" / NAME, documents / "away.pdf"
    source.rename(away)
    try:
        visit.page.goto(address)
        panel = open_panel(visit.page, "Lighthouse")
        expect(panel).to_contain_text(f"There is no picture: the file is no longer at {source}.")
        expect(panel.locator("mark")).to_have_text(QUOTE)
        expect(panel.get_by_role("button", name="Download the source")).to_be_disabled()
    finally:
        away.rename(source)


def test_a_word_file_is_read_as_text_and_escape_closes_the_panel(
    visit: Visitor, address: str
) -> None:
    visit.page.goto(address)
    panel = open_panel(visit.page, "Kiln")
    expect(panel).to_contain_text("§ 1 of 1")
    expect(panel.locator("mark")).to_have_text("Leave the door shut")
    panel.get_by_role("region").focus()
    visit.page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    open_panel(visit.page, "Lighthouse").get_by_role("button", name="Close").click()
    expect(panel).to_have_count(0)


def test_the_panel_stays_beside_a_long_chat_and_covers_a_narrow_window(panel: Locator) -> None:
    page = panel.page
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 1500)")
    box = panel.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 100
    assert box["y"] + box["height"] <= 900
    page.set_viewport_size({"width": 390, "height": 844})
    expect(panel).to_have_css("position", "fixed")
    assert panel.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    assert re.fullmatch(
        r"rgb\(.*\)", panel.evaluate("panel => getComputedStyle(panel).backgroundColor")
    )
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_have_count(0)


def _wait_until_healthy(address: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/_stcore/health", timeout=1.0).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"the page was not up within {SECONDS_TO_START:.0f} s")
