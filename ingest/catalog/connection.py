"""The SQLite file of a library: one connection for all threads, and its faults in one sentence."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from ingest.errors import LibraryError
from ingest.letter_pieces import letter_pieces
from ingest.naming import name_words, opening_words

BUSY_SECONDS = 30.0

FUNCTIONS: dict[str, Callable[[str], str]] = {  # what statements may call; two give JSON lists
    "name_words": lambda text: json.dumps(sorted(name_words(text))),
    "opening_words": lambda text: json.dumps(sorted(opening_words(text))),
    "letter_pieces": lambda text: " ".join(letter_pieces(text)),
    "casefold": str.casefold,  # SQLite's own lower() knows A to Z only
}

DAMAGED = "it is damaged; take it from a backup, or delete the library and ingest again"
ADVICE = {  # what SQLite says -> what it means for the user
    "disk is full": "the disk is full; free some space and run this again",
    "disk I/O error": "the disk is full, failing or gone; see to it and run this again",
    "readonly database": "it cannot be written to; look at its permissions",
    "unable to open": "it cannot be opened; look at its permissions and at the disk's free space",
    "is locked": "another process keeps it locked; run this again when that is done",
    "malformed": DAMAGED,
    "not a database": DAMAGED,
}


class Connection:
    """An SQLite file in WAL mode: readers of other processes never wait for the writer."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        with self._faults():
            self._connection = sqlite3.connect(
                path, timeout=BUSY_SECONDS, check_same_thread=False, isolation_level=None
            )
            for name, function in FUNCTIONS.items():
                self._connection.create_function(name, 1, function, deterministic=True)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute("PRAGMA foreign_keys = ON")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self._lock, self._faults():
            return self._connection.execute(query, values).fetchall()

    def run(self, statement: str, *values: object) -> None:
        """Run one statement; in a transaction if one is open."""
        with self._lock, self._faults():
            self._connection.execute(statement, values)

    def run_many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for each row of values."""
        with self._lock, self._faults():
            self._connection.executemany(statement, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside happen together or not at all."""
        with self._lock:
            self.run("BEGIN IMMEDIATE")
            yield from self._until_committed()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads inside see the same state, whatever other processes write meanwhile."""
        with self._lock:
            self.run("BEGIN")
            yield from self._until_committed()

    def _until_committed(self) -> Iterator[None]:
        try:
            yield
            with self._faults():
                self._connection.commit()
        except BaseException:
            self._connection.rollback()
            raise

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """What the disk or another process does to the file becomes one sentence for the user."""
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise  # a mistake of ours, not of the disk
        except sqlite3.DatabaseError as error:
            advice = [advice for said, advice in ADVICE.items() if said in str(error)]
            meaning = advice[0] if advice else "look at the disk and run this again"
            raise LibraryError(f"The catalog {self.path} failed ({error}): {meaning}.") from error


def full_text_version() -> str:
    """SQLite's version. Raises LibraryError where it was built without full-text search."""
    with closing(sqlite3.connect(":memory:")) as probe:
        try:
            probe.execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
        except sqlite3.OperationalError as error:
            raise LibraryError(
                f"SQLite {sqlite3.sqlite_version} was built without full-text search ({error}); "
                "use a Python whose SQLite has FTS5."
            ) from error
    return sqlite3.sqlite_version


def marks(values: Sequence[object]) -> str:
    """The question marks that bind these values."""
    return ", ".join("?" * len(values))
