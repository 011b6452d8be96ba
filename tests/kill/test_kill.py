"""Whatever is killed, whenever: nothing half is ever seen, and the next run makes it whole.

Two kills in the test run; ``make kill`` does fifty (CITEBOUND_KILLS says how many).
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.catalog import Catalog
from ingest.errors import LibraryError
from ingest.library import Library
from tests.commands import (
    is_held,
    run_ingest,
    run_library,
    send,
    start_command,
    wait_until,
    write_random_pdfs,
)

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("CITEBOUND_KILLS") or 2)
DOCUMENTS = 12
QUESTIONS = ("Report old3", "Report new5", "furnace and bellows", "the harbour winch")
GOES = "007.pdf"

Command = tuple[str, tuple[str, ...]]
COMMANDS: dict[str, Command] = {  # the module and the words of each command that is killed
    "ingest": ("ingest.cli", ()),
    "ingest changed files": ("ingest.cli", ()),
    "forget": ("eval.cli", ("library", "forget", GOES, "--yes")),
    "rebuild": ("eval.cli", ("library", "rebuild")),
    "remove": ("eval.cli", ("library", "remove", GOES)),
}


@dataclass(frozen=True)
class Snapshot:
    """What a user can see of a library."""

    documents: list[tuple[str, int, int]]
    found: list[list[tuple[str, int, str]]]


@dataclass(frozen=True)
class Stage:
    """A folder of PDFs, and the libraries that each command begins and should end with."""

    folder: Path
    seconds: dict[str, float]  # how long each command writes
    expected: dict[str, Snapshot]

    @property
    def pdfs(self) -> Path:
        """What is ingested."""
        return self.folder / "pdfs"

    @property
    def library(self) -> Path:
        """What is written, and killed."""
        return self.folder / "library"

    def set(self, name: str) -> None:
        """Make PDFs and library as they are before a command."""
        shutil.rmtree(self.library, ignore_errors=True)
        shutil.rmtree(self.pdfs, ignore_errors=True)
        write_random_pdfs(self.pdfs, DOCUMENTS, seed="old")
        if name != "ingest":
            shutil.copytree(self.folder / "whole", self.library)
        if name == "ingest changed files":
            write_random_pdfs(self.pdfs, DOCUMENTS // 2, seed="new")

    def command(self, name: str) -> tuple[str, ...]:
        """Module and arguments of a command."""
        module, words = COMMANDS[name]
        words = words or (str(self.pdfs),)
        return (module, *words, "--library", str(self.library))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Each command is run once without being killed."""
    made = Stage(tmp_path_factory.mktemp("kill"), {}, {})
    made.set("ingest")
    assert run_ingest(made.pdfs, "--library", made.library).returncode == 0
    shutil.copytree(made.library, made.folder / "whole")
    for name in list(COMMANDS)[:KILLS]:
        made.set(name)
        made.seconds[name] = seconds_of_writing(made, name)
        made.expected[name] = snapshot(made.library)
    return made


def seconds_of_writing(stage: Stage, name: str) -> float:
    """Run a command to its end; how long it held the lock."""
    process = start_command(*stage.command(name))
    assert wait_until(lambda: is_held(stage.library), process)
    started = time.monotonic()
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return time.monotonic() - started


@pytest.mark.parametrize("number", range(KILLS))
def test_a_killed_command_is_finished_by_the_next_run(stage: Stage, number: int) -> None:
    name = list(COMMANDS)[number % len(COMMANDS)]
    stage.set(name)
    after = random.Random(number).uniform(0.0, 1.0) * stage.seconds[name]  # noqa: S311
    kill_while_writing(stage, name, after)
    nothing_half_is_visible(stage.library)
    again = run_again(stage, name)
    assert snapshot(stage.library) == stage.expected[name], f"{name} killed after {after:.2f} s"
    verified = run_library("verify", "--library", stage.library)
    assert verified.returncode == 0, f"{name} after {after:.2f} s: {verified.stdout} {again}"
    if name == "forget":
        assert not traces(stage.library)


def kill_while_writing(stage: Stage, name: str, after: float) -> None:
    """Start a command, and kill it and its workers so many seconds after it began to write."""
    process = start_command(*stage.command(name))
    wait_until(lambda: is_held(stage.library), process)
    time.sleep(after)
    if process.poll() is None:
        send(process, signal.SIGKILL)
    process.communicate()


def nothing_half_is_visible(folder: Path) -> None:
    """Every document that the catalog shows has all of its vectors, and searches show no other."""
    try:
        catalog = Catalog(folder)
    except LibraryError:
        return  # killed before there was a library
    catalog.close()
    with Library.open(folder) as library:
        stored = {key for part in library.current_vectors().everything() for key in part.ids}
        assert library.catalog.chunk_ids().keys() <= stored
        assert library.catalog.faults() == []
        shown = {document.name for document in library.documents()}
        for question in QUESTIONS:
            assert {passage.document for passage in library.search(question)} <= shown


def run_again(stage: Stage, name: str) -> str:
    """Run a killed command again to its end; what goes may be gone already."""
    process = start_command(*stage.command(name))
    output, errors = process.communicate(timeout=300)
    gone = name in ("forget", "remove") and f"No document '{GOES}'" in errors
    assert process.returncode == 0 or gone, errors
    return output + errors


def snapshot(folder: Path) -> Snapshot:
    """What a user can see of a library now."""
    with Library.open(folder) as library:
        return Snapshot(
            [(d.name, d.pages, d.chunks) for d in library.documents()],
            [
                [(p.document, p.page, p.text) for p in library.search(question, top=10)]
                for question in QUESTIONS
            ],
        )


def traces(folder: Path) -> list[Path]:
    """Files that hold the one word that only the forgotten document has."""
    word = f"old{int(GOES.partition('.')[0])} ".encode()
    return [path for path in folder.rglob("*") if path.is_file() and word in path.read_bytes()]
