"""What is read from the catalog."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.catalog.connection import marks
from ingest.catalog.overview import Overview
from ingest.readers.content import LeftOut, Page, Place, Rectangle
from ingest.records import (
    ChunkRecord,
    CitedPassage,
    DocumentRecord,
    ExemplarRecord,
    KnownFile,
    LedgerLine,
    SourceFile,
)

RANK = "bm25(chunk_index, 1.0, 1.0, 1.0)"  # weights of title, trail and text
NAME = "(SELECT min(name) FROM files WHERE files.document = documents.id)"  # of a document
MAX_VARIABLES = 900  # below SQLite's limit of 999 in older builds


class Reading(Overview):
    """Documents, files, pages, ledger and chunks as records."""

    def fact(self, name: str) -> str | None:
        """One stored fact about the library, or None."""
        rows = self.rows("SELECT value FROM facts WHERE name = ?", name)
        return str(rows[0][0]) if rows else None

    def facts(self, *names: str) -> dict[str, str]:
        """Those of these facts that are stored, all of the same moment."""
        return dict(
            self.rows(f"SELECT name, value FROM facts WHERE name IN ({marks(names)})", *names)
        )

    def unsettled(self) -> list[str]:
        """Documents about which the stores may differ after a crash."""
        return [str(row[0]) for row in self.rows("SELECT document FROM unsettled")]

    def holds(self, document: str) -> bool:
        """Whether a document is in the library."""
        return bool(self.rows("SELECT 1 FROM documents WHERE id = ?", document))

    def files(self) -> dict[Path, KnownFile]:
        """All known files by path."""
        rows = self.rows("SELECT path, document, size, modified FROM files")
        return {Path(path): KnownFile(*record) for path, *record in rows}

    def source_files(self, document: str) -> list[SourceFile]:
        """The files that hold a document, as they were when they were looked at."""
        rows = self.rows(
            "SELECT path, name, size, modified FROM files WHERE document = ? ORDER BY path",
            document,
        )
        return [SourceFile(Path(path), *record) for path, *record in rows]

    def documents(self) -> list[DocumentRecord]:
        """All documents, by name."""
        return self._documents("", "")

    def document(self, document: str) -> DocumentRecord | None:
        """The document of this id, or None."""
        found = self._documents("WHERE document = ?", "WHERE id = ?", document)
        return found[0] if found else None

    def _documents(self, of_file: str, of_document: str, *values: object) -> list[DocumentRecord]:
        paths: dict[str, list[Path]] = {}
        for path, document in self.rows(
            f"SELECT path, document FROM files {of_file} ORDER BY path", *values
        ):
            paths.setdefault(document, []).append(Path(path))
        rows = self.rows(
            f"SELECT id, {NAME} AS name, title, pages, chunks, bytes, reader, added FROM documents"
            f" {of_document} ORDER BY name, id",
            *values,
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
        return tuple(file.path for file in self.source_files(document))

    def page(self, document: str, number: int) -> Page | None:
        """One page of a document, or None."""
        return next(self._pages("AND number = ?", document, number), None)

    def pages(self, document: str) -> tuple[Page, ...]:
        """All pages of a document, in order."""
        return tuple(self._pages("ORDER BY number", document))

    def _pages(self, ending: str, *values: object) -> Iterator[Page]:
        rows = self.rows(
            "SELECT number, label, text, pages.method, coalesce(left_out, '[]'), places FROM pages"
            " LEFT JOIN ledger ON ledger.document = pages.document AND ledger.page = number"
            f" WHERE pages.document = ? {ending}",
            *values,
        )
        for number, label, text, method, left_out, places in rows:
            yield Page(number, label, text, method, _left_out(left_out), _places(places))

    def ledger(self, document: str) -> list[LedgerLine]:
        """What became of each page of a document."""
        rows = self.rows(
            "SELECT page, method, characters, chunks, tokens, left_out FROM ledger"
            " WHERE document = ? ORDER BY page",
            document,
        )
        return [
            LedgerLine(page, method, characters, chunks, tokens, _left_out(left_out))
            for page, method, characters, chunks, tokens, left_out in rows
        ]

    def trails(self, document: str) -> list[tuple[int, str]]:
        """The page (from 1) and the heading trail of each chunk of a document, in order."""
        return self.rows(
            "SELECT first_page, trail FROM chunks WHERE document = ? ORDER BY ordinal", document
        )

    def chunks(self, ids: Sequence[str]) -> dict[str, ChunkRecord]:
        """The chunks of these ids that the catalog holds, by id."""
        found: dict[str, ChunkRecord] = {}
        for part in _parts(ids):
            rows = self.rows(
                f"SELECT chunks.id, chunks.document, {NAME}, documents.title, trail,"
                " first_page, last_page, first.label, last.label, page_break, start, end,"
                " chunks.text FROM chunks"
                " JOIN documents ON documents.id = chunks.document"
                " JOIN pages AS first"
                " ON first.document = chunks.document AND first.number = first_page"
                " JOIN pages AS last ON last.document = chunks.document AND last.number = last_page"
                f" WHERE chunks.id IN ({marks(part)})",
                *part,
            )
            found.update((row[0], ChunkRecord(*row)) for row in rows)
        return found

    def chunks_around(self, ids: Sequence[str], reach: int) -> dict[str, list[ChunkRecord]]:
        """For each of these ids the chunk and up to ``reach`` on each side of it, in order."""
        near = {
            id: [
                str(found)
                for (found,) in self.rows(
                    "SELECT near.id FROM chunks JOIN chunks AS near"
                    " ON near.document = chunks.document"
                    " AND near.ordinal BETWEEN chunks.ordinal - ? AND chunks.ordinal + ?"
                    " WHERE chunks.id = ? ORDER BY near.ordinal",
                    reach,
                    reach,
                    id,
                )
            ]
            for id in ids
        }
        records = self.chunks(list({one for group in near.values() for one in group}))
        return {id: [records[one] for one in group if one in records] for id, group in near.items()}

    def named_by(self, words: Sequence[str]) -> list[tuple[str, str, bool]]:
        """Which of these words name which documents, and whether by a name or a first page."""
        query = "SELECT word, document, of_name FROM document_words WHERE word IN"
        return [
            (word, document, bool(of_name))
            for part in _parts(words)
            for word, document, of_name in self.rows(f"{query} ({marks(part)})", *part)
        ]

    def openings(self, most: int) -> list[set[str]]:
        """The words of the first pages of up to so many documents."""
        rows = self.rows(
            "SELECT document, word FROM document_words WHERE of_name = 0 AND document IN"
            " (SELECT id FROM documents ORDER BY id LIMIT ?)",
            most,
        )
        found: dict[str, set[str]] = {}
        for document, word in rows:
            found.setdefault(document, set()).add(word)
        return list(found.values())

    def document_chunk_ids(self, document: str) -> list[str]:
        """The ids of a document's chunks, in its order."""
        rows = self.rows("SELECT id FROM chunks WHERE document = ? ORDER BY ordinal", document)
        return [id for (id,) in rows]

    def chunk_ids(self) -> dict[str, str]:
        """The id of every chunk with its document's."""
        return dict(self.rows("SELECT id, document FROM chunks"))

    def chunks_embedded_as(self, fingerprints: Sequence[str]) -> dict[str, str]:
        """For each fingerprint that the catalog knows, the id of a chunk that has it."""
        found: dict[str, str] = {}
        for start in range(0, len(fingerprints), MAX_VARIABLES):
            part = fingerprints[start : start + MAX_VARIABLES]
            query = f"SELECT fingerprint, id FROM chunks WHERE fingerprint IN ({marks(part)})"
            found.update(self.rows(query, *part))
        return found

    def match(
        self, expression: str, pieces: str, *, top: int, documents: Sequence[str] | None
    ) -> list[tuple[str, float]]:
        """Full-text search: chunk ids with their BM25 score, best first (higher is better).

        ``expression`` is in FTS5's query language, and so is ``pieces``, for the index of scripts
        that the first one does not cut; empty: not asked. What both find has the sum.
        """
        scores: dict[str, float] = {}
        for index, asked, rank in (
            ("chunk_index", expression, RANK),
            ("piece_index", pieces, "bm25(piece_index)"),
        ):
            for key, score in self._match(index, asked, rank, top, documents) if asked else ():
                scores[key] = scores.get(key, 0.0) + score
        return sorted(scores.items(), key=lambda found: -found[1])[:top]

    def _match(
        self, index: str, expression: str, rank: str, top: int, documents: Sequence[str] | None
    ) -> Iterator[tuple[str, float]]:
        # The sign keeps SQLite from asking the index once for each of these chunks.
        inside = (
            f"AND +rowid IN (SELECT number FROM chunks WHERE document IN ({marks(documents)}))"
            if documents is not None
            else ""
        )
        rows = self.rows(
            f"SELECT chunks.id, best.score FROM (SELECT rowid AS number, {rank} AS score"
            f" FROM {index} WHERE {index} MATCH ? {inside} ORDER BY score, number LIMIT ?) AS best"
            " JOIN chunks ON chunks.number = best.number ORDER BY best.score, best.number",
            expression, *(documents or ()), top,
        )  # fmt: skip
        return ((str(key), -float(score)) for key, score in rows)  # FTS5's BM25 is below zero

    def chunks_with(self, stems: Sequence[str]) -> dict[str, int]:
        """In how many chunks each stem of the full-text index occurs; absent where in none."""
        query = "SELECT term, doc FROM chunk_terms WHERE term IN"
        return {
            str(term): int(count)
            for part in _parts(stems)
            for term, count in self.rows(f"{query} ({marks(part)})", *part)
        }

    def exemplars(self) -> list[ExemplarRecord]:
        """All exemplars, the oldest first."""
        passages: dict[str, list[CitedPassage]] = {}
        with self.snapshot():
            for exemplar, document, text in self.rows(
                "SELECT exemplar, document, text FROM exemplar_passages ORDER BY exemplar, number"
            ):
                passages.setdefault(exemplar, []).append(CitedPassage(document, text))
            rows = self.rows("SELECT id, question, answer, added FROM exemplars ORDER BY added, id")
        return [
            ExemplarRecord(id, question, answer, tuple(passages[id]), added)
            for id, question, answer, added in rows
        ]

    def holds_exemplar(self, id: str) -> bool:
        """Whether there is an exemplar of this id."""
        return bool(self.rows("SELECT 1 FROM exemplars WHERE id = ?", id))

    def question_vectors(self, embedder: str) -> dict[str, bytes]:
        """The vectors of the exemplars' questions that this embedder has made, by exemplar."""
        return dict(self.rows("SELECT id, vector FROM exemplars WHERE embedder = ?", embedder))

    def totals(self) -> tuple[int, int, int]:
        """Documents, pages and chunks of the library."""
        query = "SELECT count(*), coalesce(sum(pages), 0), coalesce(sum(chunks), 0) FROM documents"
        documents, pages, chunks = self.rows(query)[0]
        return documents, pages, chunks


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Values, as many at once as a statement takes."""
    for start in range(0, len(values), MAX_VARIABLES):
        yield values[start : start + MAX_VARIABLES]


def _left_out(stored: str) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(*pair) for pair in json.loads(stored))


def _places(stored: str) -> tuple[Place, ...]:
    return tuple(
        Place(start, end, Rectangle(*corners)) for start, end, corners in json.loads(stored)
    )
