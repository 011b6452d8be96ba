"""What goes on in a library goes on in threads: uploads, removals, watched folders."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.ui.library.departures import Departures
from app.ui.library.keeper import Keeper
from app.ui.library.uploads import Uploads
from app.ui.library.watching import Watching
from ingest.errors import CiteboundError
from ingest.library import Library
from ingest.pipeline import ingest_folder
from ingest.upload import Upload
from tests.pdfs import write_broken, write_pdf

SECONDS = 60.0
SECRET = "Kittiwake-7731"  # noqa: S105


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", create=True) as opened:
        yield opened


def wait_until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@contextmanager
def somebody_writing(library: Library) -> Iterator[None]:
    """Another thread holds the library for as long as the block lasts."""
    held, done = threading.Event(), threading.Event()

    def write() -> None:
        with library.writing():
            held.set()
            done.wait(SECONDS)

    thread = threading.Thread(target=write)
    thread.start()
    held.wait(SECONDS)
    try:
        yield
    finally:
        done.set()
        thread.join()


def upload(path: Path) -> Upload:
    return Upload(path.name, path.read_bytes())


def test_uploads_are_taken_in_and_those_that_cannot_be_say_why(
    tmp_path: Path, library: Library
) -> None:
    uploads = Uploads(library)
    uploads.add([
        upload(write_pdf(tmp_path / "heron.pdf", [["The heron waits."]])),
        upload(write_broken(tmp_path / "broken.pdf")),
        upload(write_pdf(tmp_path / "locked.pdf", [["Hidden."]], password=SECRET)),
        Upload("song.mp3", b"la"),
    ], largest_mb=200)  # fmt: skip
    wait_until(lambda: not uploads.running)
    heron, broken, locked, song = uploads.sent
    assert (heron.state, heron.pages, heron.upload) == ("added", 1, None)
    assert broken.state == song.state == "failed"
    assert "damaged" in broken.reason and "of a kind" in song.reason
    assert locked.state == "locked" and locked.upload
    uploads.unlock(SECRET)
    wait_until(lambda: not uploads.running)
    assert [(one.state, one.upload) for one in uploads.sent[2:3]] == [("added", None)]
    assert SECRET not in repr(vars(uploads))
    uploads.clear()
    assert uploads.sent == []


def test_uploads_wait_for_another_writer_and_can_be_cancelled_meanwhile(
    tmp_path: Path, library: Library
) -> None:
    uploads = Uploads(library)
    sent = [upload(write_pdf(tmp_path / "heron.pdf", [["The heron waits."]]))]
    with somebody_writing(library):
        uploads.add(sent, largest_mb=200)
        wait_until(lambda: uploads.waiting_for)
        uploads.cancel()
        wait_until(lambda: not uploads.running)
    assert uploads.counts() == {"cancelled": 1}
    uploads.add(sent, largest_mb=200)
    wait_until(lambda: not uploads.running)
    assert uploads.counts() == {"cancelled": 1, "added": 1}


def test_a_departure_waits_for_another_writer_and_proves_what_is_gone(
    tmp_path: Path, library: Library
) -> None:
    for bird in ("heron", "puffin", "otter"):
        write_pdf(tmp_path / "docs" / f"{bird}.pdf", [[f"The {bird} hides in a deep burrow."]])
    ingest_folder(tmp_path / "docs", library)
    heron, otter, puffin = library.documents()
    departures = Departures(library)
    with somebody_writing(library):
        departures.begin("remove", [heron, otter])
        wait_until(lambda: departures.last and departures.last.waiting_for)
        assert departures.running
        assert not departures.begin("remove", [puffin])
        departures.clear()
    wait_until(lambda: not departures.running)
    assert library.documents() == [puffin]
    assert departures.begin("forget", [puffin])
    wait_until(lambda: not departures.running)
    last = departures.last
    assert last and last.state == "done" and last.forgotten
    assert last.forgotten.places_before > 0 and last.forgotten.places_after == 0


@pytest.mark.slow
def test_the_page_is_searched_while_documents_are_forgotten(
    tmp_path: Path, library: Library
) -> None:
    for number in range(6):
        write_pdf(tmp_path / "docs" / f"{number}.pdf", [[f"The heron of pond {number} waits."]])
    ingest_folder(tmp_path / "docs", library)
    departures = Departures(library)
    for record in library.documents()[:3]:
        departures.begin("forget", [record])
        while departures.running:
            assert library.search("Where does the heron wait?")
        assert departures.last and departures.last.error == ""
    assert len(library.search("Where does the heron wait?")) == 3


def test_watched_folders_go_on_when_the_library_is_opened_again(tmp_path: Path) -> None:
    birds = tmp_path / "birds"
    write_pdf(birds / "heron.pdf", [["The heron waits."]])
    keeper = Keeper(Library.open(tmp_path / "library", create=True))
    keeper.watching.add(birds, prune=False)
    with pytest.raises(CiteboundError, match="being watched already"):
        keeper.watching.add(birds, prune=True)
    wait_until(lambda: keeper.library.documents())
    keeper.close()
    write_pdf(birds / "otter.pdf", [["The otter swims."]])
    keeper = Keeper(Library.open(tmp_path / "library"))
    wait_until(lambda: len(keeper.library.documents()) == 2)
    wait_until(lambda: keeper.watching.seen(birds).summary)
    keeper.watching.pause(birds, paused=True)
    assert [folder.paused for folder in keeper.watching.folders()] == [True]
    keeper.watching.stop(birds)
    assert keeper.watching.folders() == []
    assert len(keeper.library.documents()) == 2
    keeper.close()


def test_a_folder_that_is_watched_once_more_is_read_once_more(
    tmp_path: Path, library: Library
) -> None:
    write_pdf(tmp_path / "birds" / "heron.pdf", [["The heron waits."]])
    watching = Watching(library)
    for _ in range(2):
        watching.add(tmp_path / "birds", prune=False)
        wait_until(lambda: watching.seen(tmp_path / "birds").summary)
        (heron,) = library.documents()
        watching.stop(tmp_path / "birds")
        with library.writing(wait=SECONDS):
            library.remove(heron.id)
    watching.close()


def test_a_watched_folder_that_is_gone_says_so(tmp_path: Path, library: Library) -> None:
    birds = tmp_path / "birds"
    birds.mkdir()
    watching = Watching(library)
    watching.add(birds, prune=False)
    wait_until(lambda: watching.seen(birds).looked)
    birds.rmdir()
    watching.pause(birds, paused=False)  # looks at once
    wait_until(lambda: "does not exist" in watching.seen(birds).error)
    watching.close()
