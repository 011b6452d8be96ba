"""One writer at a time: a lock on the library's folder, and a note beside it of who holds it.

The system frees the lock when its holder ends, however it ends; a note that a killed process left
behind means nothing and is written over.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import takewhile
from pathlib import Path

import filelock

from ingest.errors import LibraryBusy, LibraryError

LOCK_FILE = "writer.lock"
HOLDER_FILE = "writer.json"
LONGEST_COMMAND = 200
POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Holder:
    """Who is writing to a library; ``since`` is in seconds since 1970."""

    process: int
    host: str
    since: float
    command: str

    def __str__(self) -> str:
        since = datetime.fromtimestamp(self.since).strftime("%Y-%m-%d %H:%M:%S")
        return f"process {self.process} on {self.host} since {since}: {self.command}"


@contextmanager
def held_lock(
    folder: Path, *, wait: float = 0.0, on_wait: Callable[[str], None] = lambda _: None
) -> Iterator[None]:
    """Hold the writer's lock of a library.

    Where another process holds it, ``on_wait`` is told who, and the lock is waited for up to
    ``wait`` seconds. Raises LibraryBusy naming the holder if it is not free by then.
    """
    lock = filelock.FileLock(folder / LOCK_FILE)
    try:
        _acquire(lock, folder, wait, on_wait)
        _write_holder(folder)
    except OSError as error:
        lock.release()
        raise LibraryError(
            f"The library at {folder} cannot be written to ({error}); look at its permissions and "
            "at the disk's free space."
        ) from error
    try:
        yield
    finally:
        (folder / HOLDER_FILE).unlink(missing_ok=True)
        lock.release()


def current_holder(folder: Path) -> str | None:
    """Who is writing to a library, in words; None if nobody is."""
    lock = filelock.FileLock(folder / LOCK_FILE)
    if not (folder / LOCK_FILE).exists():
        return None
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        return _noted_holder(folder)
    except OSError:  # a folder that is only read has no writer
        return None
    lock.release()
    return None


def _acquire(
    lock: filelock.BaseFileLock, folder: Path, wait: float, on_wait: Callable[[str], None]
) -> None:
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        holder = _noted_holder(folder)
        if wait > 0:
            on_wait(holder)
            try:
                lock.acquire(timeout=wait, poll_interval=POLL_SECONDS)
            except filelock.Timeout:
                holder = _noted_holder(folder)
            else:
                return
        waited = f" even after {wait:g} s" if wait > 0 else ""
        raise LibraryBusy(
            f"The library at {folder} is being written to{waited} by {holder}; run this again when "
            "it is done, or give it longer with --wait SECONDS.",
            holder,
        ) from None


def _write_holder(folder: Path) -> None:
    holder = Holder(os.getpid(), socket.gethostname(), time.time(), _command())
    (folder / HOLDER_FILE).write_text(json.dumps(asdict(holder)), encoding="utf-8")


def _command() -> str:
    """What was called, without its options: one may be a password, which is never stored."""
    words = takewhile(lambda word: not word.startswith("-"), sys.argv[1:])
    return " ".join([Path(sys.argv[0]).name, *words])[:LONGEST_COMMAND]


def _noted_holder(folder: Path) -> str:
    try:
        return str(Holder(**json.loads((folder / HOLDER_FILE).read_text(encoding="utf-8"))))
    except (OSError, ValueError, TypeError):  # not written yet, or half
        return "another process"
