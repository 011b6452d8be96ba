"""Files that are sent while others are read: unlocked, cancelled and sent again at any moment."""

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from app.ui.library import uploads as uploads_module
from app.ui.library.uploads import Uploads
from ingest.errors import IngestStopped
from ingest.library import Library
from ingest.upload import Upload, UploadOutcome, ingest_uploads
from tests.app.ui.library.test_threads import SECONDS, SECRET, upload, wait_until
from tests.pdfs import write_pdf


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", create=True) as opened:
        yield opened


class SlowReading:
    """Takes the first file of a lot in, then waits until it may go on or shall stop."""

    def __init__(self) -> None:
        self.is_half = threading.Event()
        self.go_on = threading.Event()

    def __call__(
        self,
        files: Sequence[Upload],
        library: Library,
        *,
        passwords: Sequence[str],
        on_outcome: Callable[[Upload, UploadOutcome], None],
        stopped: Callable[[], bool],
        **_: object,
    ) -> None:
        ingest_uploads(files[:1], library, passwords=passwords, on_outcome=on_outcome)
        self.is_half.set()
        assert self.go_on.wait(SECONDS)
        if stopped():
            raise IngestStopped("Stopped.")
        ingest_uploads(files[1:], library, passwords=passwords, on_outcome=on_outcome)


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> SlowReading:
    slow = SlowReading()
    monkeypatch.setattr(uploads_module, "ingest_uploads", slow)
    return slow


def states(uploads: Uploads) -> list[tuple[str, str, str]]:
    return [(one.name, one.state, one.reason) for one in uploads.sent]


def test_a_password_counts_that_is_given_while_other_files_are_being_read(
    tmp_path: Path, library: Library, reading: SlowReading
) -> None:
    uploads = Uploads(library)
    uploads.add([
        upload(write_pdf(tmp_path / "locked.pdf", [["Hidden."]], password=SECRET)),
        upload(write_pdf(tmp_path / "heron.pdf", [["The heron waits."]])),
    ], largest_mb=200)  # fmt: skip
    assert reading.is_half.wait(SECONDS)
    assert uploads.counts() == {"locked": 1, "waiting": 1}
    uploads.unlock(SECRET)
    reading.go_on.set()
    wait_until(lambda: not uploads.running)
    assert states(uploads) == [("locked.pdf", "added", ""), ("heron.pdf", "added", "")]
    assert SECRET not in repr(vars(uploads))


def test_a_cancel_takes_what_waits_then_and_nothing_that_is_sent_later(
    tmp_path: Path, library: Library, reading: SlowReading
) -> None:
    heron, otter, puffin = (
        upload(write_pdf(tmp_path / f"{bird}.pdf", [[f"The {bird} waits."]]))
        for bird in ("heron", "otter", "puffin")
    )
    uploads = Uploads(library)
    uploads.add([heron, otter], largest_mb=200)
    assert reading.is_half.wait(SECONDS)
    uploads.cancel()
    uploads.add([puffin], largest_mb=200)
    assert uploads.running
    reading.go_on.set()
    wait_until(lambda: not uploads.running)
    assert [one.state for one in uploads.sent] == ["added", "cancelled", "added"]
    assert sorted(one.name for one in library.documents()) == ["heron.pdf", "puffin.pdf"]


def test_files_that_need_a_password_can_outlive_the_clearing_of_the_list(
    tmp_path: Path, library: Library
) -> None:
    uploads = Uploads(library)
    locked = upload(write_pdf(tmp_path / "locked.pdf", [["Hidden."]], password=SECRET))
    uploads.add([locked, Upload("song.mp3", b"la")], largest_mb=200)
    wait_until(lambda: not uploads.running)
    uploads.clear(keep_locked=True)
    assert [one.name for one in uploads.sent] == ["locked.pdf"]
    uploads.clear()
    assert uploads.sent == []
