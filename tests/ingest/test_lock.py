"""One process writes at a time; a second waits, and is told for whom."""

import json
import signal
import threading
import time
from pathlib import Path

import pytest

from ingest.errors import LibraryError
from ingest.lock import HOLDER_FILE, current_holder, held_lock
from tests.commands import is_held, run_ingest, send, start_command, wait_until, write_random_pdfs
from tests.pdfs import write_pdf


def test_the_holder_is_noted_while_the_lock_is_held(tmp_path: Path) -> None:
    with held_lock(tmp_path):
        noted = json.loads((tmp_path / HOLDER_FILE).read_text())
        assert noted.keys() == {"process", "host", "since", "command"}
        assert str(noted["process"]) in (current_holder(tmp_path) or "")
    assert current_holder(tmp_path) is None
    assert not (tmp_path / HOLDER_FILE).exists()


def test_who_does_not_wait_is_told_the_holder(tmp_path: Path) -> None:
    with (
        held_lock(tmp_path),
        pytest.raises(LibraryError, match=r"written to by process \d+ on .* since \d{4}-"),
        held_lock(tmp_path),
    ):
        pass


def test_who_waits_is_told_at_once_and_goes_on_when_it_is_free(tmp_path: Path) -> None:
    told: list[str] = []
    with held_lock(tmp_path):
        waiting = threading.Thread(target=lambda: _hold(tmp_path, told))
        waiting.start()
        while not told:
            time.sleep(0.01)
        assert "process" in told[0]
    waiting.join(timeout=10)
    assert told[1:] == ["held"]


def _hold(folder: Path, told: list[str]) -> None:
    with held_lock(folder, wait=10, on_wait=told.append):
        told.append("held")


def test_who_has_waited_long_enough_leaves(tmp_path: Path) -> None:
    with (
        held_lock(tmp_path),
        pytest.raises(LibraryError, match=r"even after 0\.5 s by process"),
        held_lock(tmp_path, wait=0.5),
    ):
        pass


@pytest.mark.parametrize("note", ["", "{", "[]", '{"process": 1}'])
def test_a_note_that_a_killed_process_left_does_no_harm(tmp_path: Path, note: str) -> None:
    (tmp_path / HOLDER_FILE).write_text(note)
    assert current_holder(tmp_path) is None
    with held_lock(tmp_path):
        assert "process" in (current_holder(tmp_path) or "")
        (tmp_path / HOLDER_FILE).write_text(note)
        assert current_holder(tmp_path) == "another process"


@pytest.mark.slow
def test_a_second_ingest_waits_for_the_first_and_says_so(tmp_path: Path) -> None:
    library = tmp_path / "library"
    write_random_pdfs(tmp_path / "many", 30, seed="first")
    write_pdf(tmp_path / "one" / "one.pdf", [["One more page."]])
    first = start_command("ingest.cli", tmp_path / "many", "--library", library)
    assert wait_until(lambda: is_held(library), first)
    refused = run_ingest(tmp_path / "one", "--library", library, "--wait", "0")
    assert refused.returncode == 1
    assert f"is being written to by process {first.pid} on " in refused.stderr
    second = run_ingest(tmp_path / "one", "--library", library, "--wait", "100")
    assert second.returncode == 0
    assert second.stderr.startswith("Waiting: the library is being written to by process ")
    assert "1 added" in second.stdout
    first.communicate(timeout=60)
    assert first.returncode == 0


def test_a_killed_ingest_keeps_nobody_waiting(tmp_path: Path) -> None:
    library = tmp_path / "library"
    write_random_pdfs(tmp_path / "many", 10, seed="killed")
    first = start_command("ingest.cli", tmp_path / "many", "--library", library)
    assert wait_until(lambda: is_held(library), first)
    send(first, signal.SIGKILL)
    first.communicate()
    assert is_held(library)
    assert run_ingest(tmp_path / "many", "--library", library, "--wait", "0").returncode == 0
