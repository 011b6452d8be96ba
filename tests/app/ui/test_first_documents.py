"""The first page takes documents in as the Library page does."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from ingest.library import Library
from tests.app.ui.chat_page import click, run
from tests.app.ui.library.test_threads import somebody_writing, wait_until
from tests.conftest import ROOT


def progress(page: AppTest) -> str:
    """What is said of the documents that are on their way; empty when none is."""
    return "".join(shown.proto.text for shown in run(page).get("progress"))


def test_the_sample_waits_for_another_writer_and_can_be_cancelled(
    empty_library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITEBOUND_LIBRARY", str(empty_library.folder))
    monkeypatch.setenv("CITEBOUND_MODEL", "extractive")
    page = run(AppTest.from_file(str(ROOT / "eval" / "ui" / "main.py")))  # it knows all pages
    with somebody_writing(empty_library):
        click(page, "Try it with the sample handbook")
        wait_until(lambda: "the library is being written to by process" in progress(page))
        click(page, "Cancel")
        wait_until(lambda: not progress(page))
    assert [said.value for said in page.info] == ["Cancelled: 5 files not added."]
    assert empty_library.is_empty()
