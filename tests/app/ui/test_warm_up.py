"""What the first answer needs is loaded ahead of it; what cannot be is left for the page to say."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import pytest

from app.reading import shipped_reader
from app.ui.opened import load_library
from app.ui.warm_up import warm_up
from ingest.errors import CiteboundError


def run_warm_up() -> None:
    """Run it as at the start of a server, to its end."""
    warm_up.cache_clear()
    warm_up().drawn.set()
    assert warm_up().imported.wait(60)
    for thread in threading.enumerate():
        if thread.name == "warm-up":
            thread.join(60)
            assert not thread.is_alive()


def test_library_embedder_and_reader_are_there_when_the_first_question_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped_reader.cache_clear()
    monkeypatch.setenv("CITEBOUND_LIBRARY", str(tmp_path / "library"))
    run_warm_up()
    assert {"embedder", "_searcher"} <= vars(load_library()).keys()
    assert "_model" in vars(shipped_reader())


def test_a_library_that_cannot_be_opened_is_left_to_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("CITEBOUND_LIBRARY", str(tmp_path / "file"))
    with caplog.at_level(logging.WARNING):
        run_warm_up()
    assert [record for record in caplog.records if record.name.startswith("app")] == []
    with pytest.raises(CiteboundError):
        load_library()
