"""Uploads: what becomes of each is told, and nothing of those that cannot be read stays."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.errors import IngestStopped, LibraryBusy
from ingest.library import Library
from ingest.upload import (
    Upload,
    UploadOutcome,
    fault_of,
    ingest_upload,
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


@pytest.mark.parametrize("name", ["notes.txt", "A.PDF", "../../etc/x.md"])
def test_what_can_be_read_may_be_uploaded(name: str) -> None:
    assert fault_of(name, 200 * 2**20, largest_mb=200) is None


@pytest.mark.parametrize("name", ["run.sh", "pdf", ".pdf", "x.pdf.exe", "x.pdf ", ""])
def test_other_kinds_are_refused(name: str) -> None:
    assert "of a kind that cannot be read" in (fault_of(name, 1, largest_mb=200) or "")


def test_a_file_over_the_limit_is_refused() -> None:
    assert "it has over 2 MB" in (fault_of("notes.txt", 2 * 2**20 + 1, largest_mb=2) or "")


def test_a_name_that_looks_like_a_path_writes_nothing_outside_the_library(tmp_path: Path) -> None:
    before = set(tmp_path.rglob("*"))
    with Library.open(tmp_path / "library", create=True) as library:
        ingest_upload("../../outside/evil.txt", b"The kiln of Rowan is hot.", library)
        (document,) = library.documents()
    assert document.name == "evil.txt"
    made = {path for path in tmp_path.rglob("*") if path not in before}
    assert all(path.is_relative_to(tmp_path / "library") for path in made)
    assert not list(tmp_path.parent.rglob("evil.txt"))
