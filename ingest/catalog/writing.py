"""What is written into the catalog: a document appears and goes in one transaction.

Exemplars are in no other store, so writing them needs no lock and moves no generation.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.catalog.reading import Reading
from ingest.errors import LibraryError
from ingest.records import ExemplarRecord, NewDocument, SourceFile

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

GENERATION = "generation"  # goes up with every change
DEPARTURES = "departures"  # goes up when a document goes: what was found may be found no more


class Writing(Reading):
    """Documents with all that belongs to them in, and out."""

    def set_fact(self, name: str, value: str | None) -> None:
        """Store a fact; None removes it."""
        with self.transaction():
            self._set_fact(name, value)

    def mark_unsettled(self, documents: Sequence[str]) -> None:
        """Note, before vectors are written or removed, that the stores may come to differ."""
        with self.transaction():
            self.run_many(
                "INSERT OR IGNORE INTO unsettled VALUES (?)", [(name,) for name in documents]
            )

    def settle(self, document: str) -> None:
        """Note that both stores agree about a document again; readers then look at both anew."""
        with self.transaction():
            self.run("DELETE FROM unsettled WHERE document = ?", document)
            self._count(GENERATION)

    def add(self, document: NewDocument) -> list[str]:
        """Add a document and its file; the document that the file held before goes.

        Returns the ids of documents that no file holds any more and that went for it.
        """
        with self.transaction():
            if not self.holds(document.id):
                self._insert_document(document)
            gone = self._remove_unheld(self._point_file(document.file, document.id))
            self.run("DELETE FROM unsettled WHERE document = ?", document.id)
            self._count(GENERATION)
        return gone

    def point_files(
        self, files: Sequence[tuple[SourceFile, str]], *, dropped: Sequence[Path] = ()
    ) -> list[str]:
        """Note which known documents files hold, and drop paths that are gone, all in one step.

        Returns the ids of documents that no file holds any more and that went for it. In one step,
        so that files which have swapped their contents lose nothing.
        """
        with self.transaction():
            left: set[str] = set()
            for file, document in files:
                left |= self._point_file(file, document)
            for path in dropped:
                left |= self._drop_file(path)
            gone = self._remove_unheld(left)
            self._count(GENERATION)
        return gone

    def remove(self, document: str) -> None:
        """Remove a document with all that belongs to it; its vectors are unsettled from then."""
        with self.transaction():
            self._remove(document)
            self._count(GENERATION)

    def add_exemplar(self, exemplar: ExemplarRecord) -> None:
        """Keep an exemplar; one that is there already stays as it is.

        Raises LibraryError if a document that it cites is not in the library: it might have been
        forgotten a moment ago.
        """
        with self.transaction():
            if not all(self.holds(passage.document) for passage in exemplar.passages):
                raise LibraryError(
                    "A document that the answer cites is no longer in the library; ask again."
                )
            if self.holds_exemplar(exemplar.id):
                return
            self.run(
                "INSERT INTO exemplars (id, question, answer, added) VALUES (?, ?, ?, ?)",
                exemplar.id, exemplar.question, exemplar.answer, exemplar.added,
            )  # fmt: skip
            self.run_many(
                "INSERT INTO exemplar_passages VALUES (?, ?, ?, ?)",
                [(exemplar.id, number, passage.document, passage.text)
                 for number, passage in enumerate(exemplar.passages, 1)],
            )  # fmt: skip

    def remove_exemplar(self, id: str) -> None:
        """Remove an exemplar, if it is there."""
        with self.transaction():
            self.run("DELETE FROM exemplars WHERE id = ?", id)

    def set_question_vector(self, exemplar: str, embedder: str, vector: bytes) -> None:
        """Store the vector of an exemplar's question with the embedder that has made it."""
        with self.transaction():
            self.run(
                "UPDATE exemplars SET embedder = ?, vector = ? WHERE id = ?",
                embedder, vector, exemplar,
            )  # fmt: skip

    # Inside a transaction

    def _set_fact(self, name: str, value: str | None) -> None:
        if value is None:
            self.run("DELETE FROM facts WHERE name = ?", name)
        else:
            self.run("INSERT OR REPLACE INTO facts VALUES (?, ?)", name, value)

    def _count(self, name: str) -> None:
        self._set_fact(name, str(int(self.fact(name) or 0) + 1))

    def _insert_document(self, new: NewDocument) -> None:
        self.run(
            "INSERT INTO documents (id, title, pages, chunks, bytes, reader, added)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            new.id, new.title, len(new.pages), len(new.chunks), new.file.size,
            new.reader, time.time(),
        )  # fmt: skip
        self.run_many(
            "INSERT INTO pages (document, number, label, text, method, places)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [(new.id, page.number, page.label, page.text, page.method, _as_json(page.places))
             for page in new.pages],
        )  # fmt: skip
        self.run_many(
            "INSERT INTO ledger (document, page, method, characters, chunks, tokens, left_out)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(new.id, line.page, line.method, line.characters, line.chunks, line.tokens,
              _as_json(line.left_out)) for line in new.ledger],
        )  # fmt: skip
        self.run_many(
            "INSERT INTO chunks (id, document, ordinal, first_page, last_page, page_break, start,"
            " end, tokens, title, trail, text, fingerprint)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(chunk.id, new.id, chunk.ordinal, chunk.first_page, chunk.last_page, chunk.page_break,
              chunk.start, chunk.end, chunk.tokens, new.title, chunk.trail, chunk.text,
              chunk.fingerprint)
             for chunk in new.chunks],
        )  # fmt: skip

    def _point_file(self, file: SourceFile, document: str) -> set[str]:
        """Returns the documents that the file held before and holds no more."""
        before = self._drop_file(file.path)
        self.run(
            "INSERT INTO files (path, name, document, size, modified) VALUES (?, ?, ?, ?, ?)",
            str(file.path), file.name, document, file.size, file.modified,
        )  # fmt: skip
        return before - {document}

    def _drop_file(self, path: Path) -> set[str]:
        rows = self.rows("SELECT document FROM files WHERE path = ?", str(path))
        self.run("DELETE FROM files WHERE path = ?", str(path))
        return {str(row[0]) for row in rows}

    def _remove_unheld(self, documents: set[str]) -> list[str]:
        held = "SELECT 1 FROM files WHERE document = ?"
        gone = [document for document in documents if not self.rows(held, document)]
        for document in gone:
            self._remove(document)
        return gone

    def _remove(self, document: str) -> None:
        self.run(
            "DELETE FROM exemplars WHERE id IN"
            " (SELECT exemplar FROM exemplar_passages WHERE document = ?)",
            document,
        )
        self.run("DELETE FROM chunks WHERE document = ?", document)  # so that the index follows
        self.run("DELETE FROM documents WHERE id = ?", document)
        self.run("INSERT OR IGNORE INTO unsettled VALUES (?)", document)
        self._count(DEPARTURES)


def _as_json(items: Sequence[DataclassInstance]) -> str:
    """Small dataclasses as lists of their fields."""
    return json.dumps([astuple(item) for item in items], ensure_ascii=False)
