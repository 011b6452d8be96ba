"""A library is written and read, and what is wrong with the user's own one is told."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.doctor import libraries
from app.doctor.libraries import check_own_library, check_own_search, check_tiny_library
from ingest.library import Library
from ingest.verify import verify_quickly
from tests.app.doctor.examining import TO_DO, found_by, row


@pytest.fixture
def own(facts: Library, tmp_path: Path) -> Path:
    """A copy of the library of facts, to be damaged."""
    copy = tmp_path / "own"
    shutil.copytree(facts.folder, copy, ignore=shutil.ignore_patterns("writer.*"))
    return copy


@pytest.fixture
def opened(own: Path) -> Iterator[Library]:
    """The copy, open."""
    with Library.open(own) as library:
        yield library


def test_a_document_is_written_found_and_removed() -> None:
    finding = found_by(check_tiny_library)
    assert finding.state == "ok", finding
    assert not Path(row(finding, "in")).exists()


def test_documents_that_cannot_be_read_in_time_fail_the_tiny_library(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CITEBOUND_SECONDS_PER_PAGE", "0.000001")
    assert found_by(check_tiny_library).state == "failed"


def test_a_whole_library_is_well_and_searched(own: Path) -> None:
    finding = found_by(check_own_library, library=own)
    assert finding.state == "ok"
    assert (row(finding, "documents"), row(finding, "pages")) == ("3", "8")
    assert row(finding, "source files") == "3 the same, 0 changed since, 0 gone"
    searched = found_by(check_own_search, library=own)
    assert searched.state == "ok"
    assert row(searched, "found first") == "apple.pdf, page 1"


def test_no_library_yet_is_a_note_and_one_that_was_named_a_failure(tmp_path: Path) -> None:
    finding = found_by(check_own_library)
    assert (finding.state, finding.to_do.partition(",")[0]) == (
        "note", "Take documents in: ingest FOLDER",
    )  # fmt: skip
    assert found_by(check_own_search).state == "ok"
    named = found_by(check_own_library, library=tmp_path / "nowhere")
    assert (named.state, named.to_do) == ("failed", TO_DO)
    assert "There is no library at" in named.found


def test_a_lost_vector_is_found_one_by_one_and_by_number(
    own: Path, opened: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.current_vectors().remove(opened.find_document("moss").id)
    finding = found_by(check_own_library, library=own)
    assert (finding.state, finding.to_do) == ("failed", libraries.REBUILD)
    assert "moss.pdf lacks 2 vectors" in finding.found
    monkeypatch.setattr(libraries, "WHOLE_UP_TO", 1)
    quick = found_by(check_own_library, library=own)
    assert quick.state == "failed"
    assert "there are 8 passages and 6 vectors" in quick.found
    assert row(quick, "compared").startswith("by number")


def test_a_damaged_catalog_and_damaged_vectors_fail_with_a_sentence(own: Path) -> None:
    (own / "vectors" / "chroma.sqlite3").write_bytes(b"no database " * 500)
    assert "citebound library rebuild" in found_by(check_own_library, library=own).found
    assert found_by(check_own_search, library=own).state == "failed"
    (own / "catalog.sqlite").write_bytes(b"no database " * 500)
    damaged = found_by(check_own_library, library=own)
    assert damaged.state == "failed"
    assert "it is damaged" in damaged.found


def test_who_is_writing_is_told(own: Path, opened: Library) -> None:
    with opened.writing():
        finding = found_by(check_own_library, library=own)
        opened.current_vectors().remove(opened.find_document("moss").id)
        assert verify_quickly(opened).problems == ()  # it may be half-way
    assert finding.state == "note"
    assert "It is being written to by process" in finding.found
    assert verify_quickly(opened).problems != ()


def test_an_empty_library_has_nothing_to_search(tmp_path: Path) -> None:
    Library.open(tmp_path / "empty", create=True).close()
    finding = found_by(check_own_search, library=tmp_path / "empty")
    assert (finding.state, "nothing to search" in finding.found) == ("ok", True)
