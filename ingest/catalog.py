"""The catalog of a library in SQLite: documents, pages, chunks, ledger and full-text index.

All SQL of the project is in this file. A document appears and goes in one transaction.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ingest.errors import LibraryError
from ingest.readers.content import Page
from ingest.records import (
    ChunkRecord,
    DocumentRecord,
    KnownFile,
    LedgerLine,
    NewDocument,
    SourceFile,
)

SCHEMA_VERSION = "1"
RANK = "bm25(chunk_index, 1.0, 1.0, 1.0)"  # weights of title, trail and text
FILE_NAME = "catalog.sqlite"
BUSY_SECONDS = 30.0
MAX_VARIABLES = 900  # below SQLite's limit of 999 in older builds

NAME = "(SELECT min(name) FROM files WHERE files.document = documents.id)"  # of a document

SCHEMA = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE documents (
    id TEXT PRIMARY KEY,          -- sha256 of the source file's bytes
    title TEXT NOT NULL,
    pages INTEGER NOT NULL,
    chunks INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    reader TEXT NOT NULL,         -- pdfium or pypdf
    added REAL NOT NULL           -- seconds since 1970
);
CREATE TABLE files (
    path TEXT PRIMARY KEY,        -- absolute
    name TEXT NOT NULL,           -- what users see: the path below the folder that was ingested
    document TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL     -- nanoseconds
);
CREATE INDEX files_by_document ON files(document);
CREATE TABLE pages (
    document TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    number INTEGER NOT NULL,      -- from 1
    label TEXT NOT NULL,          -- as printed
    text TEXT NOT NULL,
    PRIMARY KEY (document, number)
) WITHOUT ROWID;
CREATE TABLE ledger (
    document TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    page INTEGER NOT NULL,
    method TEXT NOT NULL,         -- how the text was had: text, none
    characters INTEGER NOT NULL,  -- that are not white space
    chunks INTEGER NOT NULL,      -- that begin on the page
    tokens INTEGER NOT NULL,      -- of those chunks, headers counted in
    PRIMARY KEY (document, page)
) WITHOUT ROWID;
CREATE TABLE chunks (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    first_page INTEGER NOT NULL,
    last_page INTEGER NOT NULL,
    page_break INTEGER NOT NULL,  -- where in the text the last page begins
    start INTEGER NOT NULL,       -- character span in the pages joined by a form feed
    end INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    title TEXT NOT NULL,
    trail TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX chunks_by_document ON chunks(document, ordinal);
CREATE VIRTUAL TABLE chunk_index USING fts5(
    title, trail, text, content='chunks', content_rowid='number',
    tokenize='porter unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE chunk_terms USING fts5vocab(chunk_index, 'row');
CREATE TRIGGER chunk_added AFTER INSERT ON chunks BEGIN
    INSERT INTO chunk_index(rowid, title, trail, text)
    VALUES (new.number, new.title, new.trail, new.text);
END;
CREATE TRIGGER chunk_removed AFTER DELETE ON chunks BEGIN
    INSERT INTO chunk_index(chunk_index, rowid, title, trail, text)
    VALUES ('delete', old.number, old.title, old.trail, old.text);
END;
CREATE TABLE unsettled (document TEXT PRIMARY KEY);  -- whose vectors may lack a catalog entry
"""


class Catalog:
    """The SQLite file of one library; safe to use from several threads and processes."""

    def __init__(self, folder: Path, *, create: bool) -> None:
        self.path = folder / FILE_NAME
        if not create and not self.path.exists():
            raise LibraryError(f"There is no library at {folder}; make one with: ingest FOLDER")
        self._lock = threading.RLock()
        try:
            self._connection = sqlite3.connect(
                self.path, timeout=BUSY_SECONDS, check_same_thread=False, isolation_level=None
            )
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._check_schema(create=create)
        except sqlite3.DatabaseError as error:
            raise LibraryError(f"The catalog {self.path} cannot be opened: {error}.") from error

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    # Facts about the library

    def fact(self, name: str) -> str | None:
        """One stored fact, or None."""
        rows = self._rows("SELECT value FROM facts WHERE name = ?", name)
        return str(rows[0][0]) if rows else None

    def set_fact(self, name: str, value: str) -> None:
        """Store a fact."""
        with self._transaction():
            self._run("INSERT OR REPLACE INTO facts VALUES (?, ?)", name, value)

    def generation(self) -> int:
        """How often the library has changed; goes up with every change."""
        return int(self.fact("generation") or 0)

    # Writing

    def mark_unsettled(self, document: str) -> None:
        """Note, before its vectors are written or removed, that the stores may come to differ."""
        with self._transaction():
            self._run("INSERT OR IGNORE INTO unsettled VALUES (?)", document)

    def settle(self, document: str) -> None:
        """Note that both stores agree about a document again."""
        with self._transaction():
            self._run("DELETE FROM unsettled WHERE document = ?", document)

    def unsettled(self) -> list[str]:
        """Documents about which the stores may differ after a crash."""
        return [str(row[0]) for row in self._rows("SELECT document FROM unsettled")]

    def add(self, document: NewDocument) -> list[str]:
        """Add a document and its file; the document that the file held before goes.

        Returns the ids of documents that no file holds any more and that went for it.
        """
        with self._transaction():
            if not self.holds(document.id):
                self._insert_document(document)
            gone = self._remove_unheld(self._point_file(document.file, document.id))
            self._run("DELETE FROM unsettled WHERE document = ?", document.id)
            self._next_generation()
        return gone

    def point_files(
        self, files: Sequence[tuple[SourceFile, str]], *, dropped: Sequence[Path] = ()
    ) -> list[str]:
        """Note which known documents files hold, and drop paths that are gone, all in one step.

        Returns the ids of documents that no file holds any more and that went for it. In one step,
        so that files which have swapped their contents lose nothing.
        """
        with self._transaction():
            left: set[str] = set()
            for file, document in files:
                left |= self._point_file(file, document)
            for path in dropped:
                left |= self._drop_file(path)
            gone = self._remove_unheld(left)
            self._next_generation()
        return gone

    def remove(self, document: str) -> None:
        """Remove a document with all that belongs to it; its vectors are unsettled from then."""
        with self._transaction():
            self._remove(document)
            self._next_generation()

    # Reading

    def holds(self, document: str) -> bool:
        """Whether a document is in the library."""
        return bool(self._rows("SELECT 1 FROM documents WHERE id = ?", document))

    def files(self) -> dict[Path, KnownFile]:
        """All known files by path."""
        rows = self._rows("SELECT path, document, size, modified FROM files")
        return {Path(path): KnownFile(document, size, modified)
                for path, document, size, modified in rows}  # fmt: skip

    def documents(self) -> list[DocumentRecord]:
        """All documents, by name."""
        paths: dict[str, list[Path]] = {}
        for path, document in self._rows("SELECT path, document FROM files ORDER BY path"):
            paths.setdefault(document, []).append(Path(path))
        rows = self._rows(
            f"SELECT id, {NAME} AS name, title, pages, chunks, bytes, reader, added FROM documents"
            " ORDER BY name, id"
        )
        return [
            DocumentRecord(
                id=row[0], name=row[1], title=row[2], pages=row[3], chunks=row[4], bytes=row[5],
                reader=row[6], added=row[7], paths=tuple(paths.get(row[0], ())),
            )
            for row in rows
        ]  # fmt: skip

    def paths(self, document: str) -> tuple[Path, ...]:
        """The files that hold a document."""
        rows = self._rows("SELECT path FROM files WHERE document = ? ORDER BY path", document)
        return tuple(Path(row[0]) for row in rows)

    def page(self, document: str, number: int) -> Page | None:
        """One page of a document, or None."""
        rows = self._rows(
            "SELECT number, label, text FROM pages WHERE document = ? AND number = ?",
            document, number,
        )  # fmt: skip
        return Page(*rows[0]) if rows else None

    def ledger(self, document: str) -> list[LedgerLine]:
        """What became of each page of a document."""
        rows = self._rows(
            "SELECT page, method, characters, chunks, tokens FROM ledger WHERE document = ?"
            " ORDER BY page",
            document,
        )
        return [LedgerLine(*row) for row in rows]

    def chunks(self, ids: Sequence[str]) -> dict[str, ChunkRecord]:
        """The chunks of these ids that the catalog holds, by id."""
        found: dict[str, ChunkRecord] = {}
        for start in range(0, len(ids), MAX_VARIABLES):
            part = ids[start : start + MAX_VARIABLES]
            rows = self._rows(
                f"SELECT chunks.id, chunks.document, {NAME}, documents.title, trail,"
                " first_page, last_page, first.label, last.label, page_break, start, end,"
                " chunks.text FROM chunks"
                " JOIN documents ON documents.id = chunks.document"
                " JOIN pages AS first"
                " ON first.document = chunks.document AND first.number = first_page"
                " JOIN pages AS last ON last.document = chunks.document AND last.number = last_page"
                f" WHERE chunks.id IN ({_marks(part)})",
                *part,
            )
            found.update((row[0], ChunkRecord(*row)) for row in rows)
        return found

    def match(
        self, expression: str, *, top: int, documents: Sequence[str] | None
    ) -> list[tuple[str, float]]:
        """Full-text search: chunk ids with their BM25 score, best first (higher is better).

        ``expression`` is in FTS5's query language.
        """
        condition = f"AND document IN ({_marks(documents)})" if documents is not None else ""
        rows = self._rows(
            f"SELECT chunks.id, {RANK} FROM chunk_index"
            " JOIN chunks ON chunks.number = chunk_index.rowid"
            f" WHERE chunk_index MATCH ? {condition}"
            f" ORDER BY {RANK}, chunks.number LIMIT ?",
            expression, *(documents or ()), top,
        )  # fmt: skip
        return [(str(key), -float(rank)) for key, rank in rows]  # FTS5's BM25 is below zero

    def chunks_with(self, stems: Sequence[str]) -> dict[str, int]:
        """In how many chunks each stem of the full-text index occurs; absent where in none."""
        rows = self._rows(
            f"SELECT term, doc FROM chunk_terms WHERE term IN ({_marks(stems)})", *stems
        )
        return {str(term): int(count) for term, count in rows}

    def totals(self) -> tuple[int, int, int]:
        """Documents, pages and chunks of the library."""
        query = "SELECT count(*), coalesce(sum(pages), 0), coalesce(sum(chunks), 0) FROM documents"
        documents, pages, chunks = self._rows(query)[0]
        return documents, pages, chunks

    # Inside

    def _check_schema(self, *, create: bool) -> None:
        tables = self._rows("SELECT name FROM sqlite_master WHERE name = 'facts'")
        if not tables and create:
            with self._transaction():
                for statement in _statements(SCHEMA):
                    self._run(statement)
                self._run("INSERT INTO facts VALUES ('schema', ?)", SCHEMA_VERSION)
        version = self.fact("schema")
        if version != SCHEMA_VERSION:
            raise LibraryError(
                f"The library at {self.path.parent} has format {version} and this program reads "
                f"format {SCHEMA_VERSION}; ingest its folder into a new library."
            )

    def _insert_document(self, new: NewDocument) -> None:
        self._run(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?)",
            new.id, new.title, len(new.pages), len(new.chunks), new.file.size,
            new.reader, time.time(),
        )  # fmt: skip
        self._connection.executemany(
            "INSERT INTO pages VALUES (?, ?, ?, ?)",
            [(new.id, page.number, page.label, page.text) for page in new.pages],
        )
        self._connection.executemany(
            "INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?)",
            [(new.id, line.page, line.method, line.characters, line.chunks, line.tokens)
             for line in new.ledger],
        )  # fmt: skip
        self._connection.executemany(
            "INSERT INTO chunks (id, document, ordinal, first_page, last_page, page_break, start,"
            " end, tokens, title, trail, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(chunk.id, new.id, chunk.ordinal, chunk.first_page, chunk.last_page, chunk.page_break,
              chunk.start, chunk.end, chunk.tokens, new.title, chunk.trail, chunk.text)
             for chunk in new.chunks],
        )  # fmt: skip

    def _point_file(self, file: SourceFile, document: str) -> set[str]:
        """Returns the documents that the file held before and holds no more."""
        before = self._drop_file(file.path)
        self._run(
            "INSERT INTO files VALUES (?, ?, ?, ?, ?)",
            str(file.path), file.name, document, file.size, file.modified,
        )  # fmt: skip
        return before - {document}

    def _drop_file(self, path: Path) -> set[str]:
        rows = self._rows("SELECT document FROM files WHERE path = ?", str(path))
        self._run("DELETE FROM files WHERE path = ?", str(path))
        return {str(row[0]) for row in rows}

    def _remove_unheld(self, documents: set[str]) -> list[str]:
        held = "SELECT 1 FROM files WHERE document = ?"
        gone = [document for document in documents if not self._rows(held, document)]
        for document in gone:
            self._remove(document)
        return gone

    def _remove(self, document: str) -> None:
        self._run("DELETE FROM chunks WHERE document = ?", document)  # so that the index follows
        self._run("DELETE FROM documents WHERE id = ?", document)
        self._run("INSERT OR IGNORE INTO unsettled VALUES (?)", document)

    def _next_generation(self) -> None:
        following = str(self.generation() + 1)
        self._run("INSERT OR REPLACE INTO facts VALUES ('generation', ?)", following)

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def _run(self, statement: str, *values: object) -> None:
        self._connection.execute(statement, values)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._run("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.rollback()
                raise
            self._connection.commit()


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, so that they can run inside one transaction."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
