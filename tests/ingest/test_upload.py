"""Uploads: what becomes of each is told, and nothing of those that cannot be read stays."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.errors import IngestStopped, LibraryBusy
from ingest.library import Library
from ingest.upload import (
    LARGEST_MB,
    Upload,
    UploadOutcome,
    fault_of,
    ingest_uploads,
)
from tests.pdfs import write_broken, write_pdf

SECRET = "Kittiwake-7731"  # noqa: S105


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", create=True) as opened:
        yield opened


def upload(path: Path) -> Upload:
    return Upload(path.name, path.read_bytes())


def test_what_becomes_of_each_upload_is_told(tmp_path: Path, library: Library) -> None:
    heron = upload(write_pdf(tmp_path / "heron.pdf", [["The heron waits."], ["It waits long."]]))
    sent = [
        heron,
        Upload("copy.pdf", heron.data),
        upload(write_broken(tmp_path / "broken.pdf")),
        upload(write_pdf(tmp_path / "locked.pdf", [["Hidden."]], password=SECRET)),
    ]
    told: dict[str, UploadOutcome] = {}
    ingest_uploads(sent, library, on_outcome=lambda one, came: told.update({one.name: came}))
    assert told["heron.pdf"] == UploadOutcome(pages=2, chunks=2)
    assert told["copy.pdf"].is_known
    assert "damaged" in told["broken.pdf"].reason
    assert not told["broken.pdf"].needs_password
    assert told["locked.pdf"].needs_password
    assert [document.name for document in library.documents()] == ["heron.pdf"]
    assert len(list(library.sources_folder.iterdir())) == 1
    ingest_uploads(sent[3:], library, passwords=["wrong"], on_outcome=lambda one, came: told.update(
        {one.name: came}))  # fmt: skip
    assert told["locked.pdf"].needs_password
    ingest_uploads(sent[3:], library, passwords=[SECRET])
    assert len(library.documents()) == 2


def test_uploads_that_are_stopped_leave_nothing(tmp_path: Path, library: Library) -> None:
    sent = [upload(write_pdf(tmp_path / f"{n}.pdf", [[f"Report {n}."]])) for n in range(3)]
    with pytest.raises(IngestStopped):
        ingest_uploads(sent, library, stopped=lambda: True)
    assert library.documents() == []
    assert list(library.sources_folder.iterdir()) == []


def test_uploads_wait_for_another_writer_and_name_it(tmp_path: Path, library: Library) -> None:
    sent = [upload(write_pdf(tmp_path / "a.pdf", [["A."]]))]
    held, done = threading.Event(), threading.Event()

    def write() -> None:
        with library.writing():
            held.set()
            done.wait(20)

    thread = threading.Thread(target=write)
    thread.start()
    held.wait(20)
    with pytest.raises(LibraryBusy, match="being written to") as caught:
        ingest_uploads(sent, library, wait=0.1)
    assert "process" in caught.value.holder
    done.set()
    thread.join()
    assert ingest_uploads(sent, library).added == 1


@pytest.mark.parametrize(
    ("name", "size", "fault"),
    [("a.pdf", 10, None), ("b.DOCX", 10, None), ("song.mp3", 10, "of a kind"),
     ("x", 1, "of a kind"), ("a.pdf", LARGEST_MB * 2**20 + 1, "over 200 MB")],
)  # fmt: skip
def test_kind_and_size_are_looked_at_first(name: str, size: int, fault: str | None) -> None:
    said = fault_of(name, size)
    assert (said is None) if fault is None else (fault in str(said))
