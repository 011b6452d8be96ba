"""Libraries stay open while the page is served: one keeper for each, the idle ones closed first."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from app.ui.library.departures import Departure
from app.ui.library.keeper import Keeper, Keepers
from app.ui.opened import load_library
from ingest.settings import IngestSettings

SETTINGS = IngestSettings()


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the libraries that were closed, in order."""
    names: list[str] = []

    def close(keeper: Keeper) -> None:
        names.append(keeper.library.folder.name)
        keeper.library.close()

    monkeypatch.setattr(Keeper, "close", close)
    yield names


def test_what_a_visitor_has_cleared_closes_no_library(closed: list[str]) -> None:
    library = load_library()
    st.cache_resource.clear()  # as anybody's browser can ask for
    assert load_library() is library
    assert closed == []


def test_the_library_that_nobody_asked_for_longest_is_closed(
    tmp_path: Path, closed: list[str]
) -> None:
    keepers = Keepers(2)
    first = keepers.get(tmp_path / "first", SETTINGS)
    keepers.get(tmp_path / "second", SETTINGS)
    assert keepers.get(tmp_path / "first", SETTINGS) is first
    keepers.get(tmp_path / "third", SETTINGS)
    assert closed == ["second"]
    assert len(keepers) == 2


def test_a_library_in_which_something_goes_on_is_not_closed(
    tmp_path: Path, closed: list[str]
) -> None:
    keepers = Keepers(1)
    leaving = Departure("remove", ())
    keepers.get(tmp_path / "busy", SETTINGS).departures.last = leaving
    keepers.get(tmp_path / "second", SETTINGS)
    assert closed == []
    leaving.state = "done"
    keepers.get(tmp_path / "third", SETTINGS)
    assert closed == ["busy", "second"]


def test_with_other_settings_a_library_is_opened_anew(tmp_path: Path, closed: list[str]) -> None:
    keepers = Keepers(2)
    first = keepers.get(tmp_path / "library", SETTINGS)
    other = SETTINGS.model_copy(update={"reranker": "none"})
    assert keepers.get(tmp_path / "library", other) is not first
    assert closed == ["library"]
    assert len(keepers) == 1


def test_visitors_at_the_same_time_get_the_same_keeper(tmp_path: Path, closed: list[str]) -> None:
    keepers = Keepers(2)
    found: list[Keeper] = []
    threads = [
        threading.Thread(target=lambda: found.append(keepers.get(tmp_path / "library", SETTINGS)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(map(id, found))) == 1
    assert closed == []
