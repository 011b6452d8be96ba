"""A watched folder is ingested when it has changed and stands still; no accident empties it."""

import shutil
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.errors import CiteboundError, LibraryBusy
from ingest.library import Library
from ingest.rebuild import rebuild
from ingest.settings import IngestSettings, load_settings
from ingest.watch import (
    MOST_LOOKS_AT_MOVING,
    FolderWatch,
    WatchedFolder,
    check_watchable,
    set_watched_folders,
    watched_folders,
)
from tests.commands import count_documents, send, start_command, wait_until
from tests.pdfs import write_broken, write_pdf


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", create=True) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_pdf(tmp_path / "birds" / "heron.pdf", [["The heron waits."]])
    return tmp_path / "birds"


def test_a_folder_is_ingested_again_only_when_it_has_changed(
    folder: Path, library: Library
) -> None:
    watch = FolderWatch(folder, library)
    first = watch.look()
    assert first and first.added == 1
    assert watch.look() is None
    write_pdf(folder / "otter.pdf", [["The otter swims."]])
    assert watch.look() is None  # it may be just being copied
    second = watch.look()
    assert second and second.added == 1
    (folder / "heron.pdf").unlink()
    assert watch.look() is None
    assert watch.look()
    assert len(library.documents()) == 2


def test_a_file_that_cannot_be_read_is_not_tried_at_every_look(
    folder: Path, library: Library
) -> None:
    write_broken(folder / "broken.pdf")
    watch = FolderWatch(folder, library)
    summary = watch.look()
    assert summary and len(summary.failures) == 1
    assert watch.look() is None


def test_a_folder_in_which_something_always_changes_is_ingested_all_the_same(
    folder: Path, library: Library
) -> None:
    watch = FolderWatch(folder, library)
    watch.look()
    looks = 0
    while not watch.look():
        looks += 1
        (folder / "log.txt").write_text("line\n" * looks)
        assert looks <= MOST_LOOKS_AT_MOVING + 2
    assert looks > MOST_LOOKS_AT_MOVING


def test_prune_removes_what_is_gone_but_not_all_of_it(folder: Path, library: Library) -> None:
    write_pdf(folder / "otter.pdf", [["The otter swims."]])
    watch = FolderWatch(folder, library, prune=True)
    watch.look()
    (folder / "heron.pdf").unlink()
    assert watch.look() is None
    summary = watch.look()
    assert summary and summary.removed == 1
    (folder / "otter.pdf").unlink()
    assert watch.look() is None
    with pytest.raises(CiteboundError, match="nothing was removed"):
        watch.look()
    shutil.rmtree(folder)
    with pytest.raises(CiteboundError, match="does not exist"):
        watch.look()
    assert [document.name for document in library.documents()] == ["otter.pdf"]


def test_a_look_while_somebody_writes_is_made_up_for(folder: Path, library: Library) -> None:
    watch = FolderWatch(folder, library)
    held, done = threading.Event(), threading.Event()

    def write() -> None:
        with library.writing():
            held.set()
            done.wait(20)

    thread = threading.Thread(target=write)
    thread.start()
    held.wait(20)
    with pytest.raises(LibraryBusy):
        watch.look()
    done.set()
    thread.join()
    summary = watch.look()
    assert summary and summary.added == 1


def test_watched_folders_are_kept_by_the_library_through_a_rebuild(
    tmp_path: Path, folder: Path
) -> None:
    wanted = [WatchedFolder(folder, prune=True), WatchedFolder(tmp_path / "ö", paused=True)]
    with Library.open(tmp_path / "library", create=True) as library:
        FolderWatch(folder, library).look()
        set_watched_folders(library.catalog, wanted)
    rebuild(tmp_path / "library", load_settings(IngestSettings))
    with Library.open(tmp_path / "library") as library:
        assert watched_folders(library.catalog) == wanted
        set_watched_folders(library.catalog, [])
        assert watched_folders(library.catalog) == []


def test_folders_that_cannot_be_watched_are_refused(
    tmp_path: Path, folder: Path, library: Library
) -> None:
    assert check_watchable(folder, library) == folder.resolve()
    for refused, reason in (
        (Path("birds"), "not a whole path"),
        (tmp_path / "none", "does not exist"),
        (tmp_path, "own files"),
        (library.folder, "own files"),
    ):
        with pytest.raises(CiteboundError, match=reason):
            check_watchable(refused, library)


def test_the_command_goes_on_until_ctrl_c(tmp_path: Path, folder: Path) -> None:
    library = tmp_path / "watched"
    process = start_command("ingest.cli", folder, "--library", library, "--watch")
    assert wait_until(lambda: count_documents(library) == 1, process)
    write_pdf(folder / "otter.pdf", [["The otter swims."]])
    assert wait_until(lambda: count_documents(library) == 2, process)
    send(process, signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert output.count("Documents: 1 added") >= 1
    assert "stop it with Ctrl-C" in errors
