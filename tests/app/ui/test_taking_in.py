"""Documents are taken in while the page is used; what cannot be is told with its reason."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.ui.chat.taking_in import TakingIn
from ingest.library import Library
from tests.pdfs import write_broken, write_pdf


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", create=True) as opened:
        yield opened


def wait(taking: TakingIn) -> None:
    deadline = time.monotonic() + 60
    while taking.is_running and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not taking.is_running


def test_each_upload_is_taken_in_or_named_with_the_reason(tmp_path: Path, library: Library) -> None:
    good = write_pdf(tmp_path / "heron.pdf", [["The grey heron waits in the reeds."]])
    bad = write_broken(tmp_path / "broken.pdf")
    taking = TakingIn()
    taking.take_uploads([(path.name, path.read_bytes()) for path in (bad, good)], library)
    assert taking.said.startswith(("Making ready to read · ", "Reading broken.pdf (1 of 2) · "))
    taking.take_sample(library)
    wait(taking)
    assert [document.name for document in library.documents()] == ["heron.pdf"]
    said = sorted(taking.failures)
    assert said[0] == "Other documents are being read; add yours when that is done."
    assert said[1].startswith("broken.pdf was not added: it is damaged")
    assert len(said) == 2


def test_a_library_that_another_writes_to_is_told(library: Library) -> None:
    with Library.open(library.folder) as other, other.writing():
        taking = TakingIn()
        taking.take_sample(library)
        wait(taking)
    (said,) = taking.failures
    assert "is being written" in said or "writes" in said
    assert library.is_empty()
