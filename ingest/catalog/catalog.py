"""The catalog: opened, looked after, and replaced by another as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.catalog.conversations import Conversations
from ingest.catalog.schema import (
    ADDITIONS,
    CONVERSATIONS,
    COPIED,
    EXEMPLARS,
    FILL_PIECES,
    NAMES,
    PIECES,
    SCHEMA,
    SCHEMA_VERSION,
    TABLES,
    UPGRADES,
    statements,
)
from ingest.catalog.writing import DEPARTURES, GENERATION, Writing
from ingest.errors import LibraryError

FILE_NAME = "catalog.sqlite"
VECTORS = "vectors"  # the fact that names the folder of the vectors
WATCHED = "watched"  # the fact that names folders which the library is kept in step with
SCRUBBING = "scrubbing"  # the fact that something forgotten may still lie on the disk
SUGGESTIONS = "suggestions"  # the fact that holds questions made of the content, and its state
FIRST_VECTORS = "vectors"  # the folder, until a rebuild or a forget has made another


@dataclass(frozen=True)
class CatalogState:
    """How often the library has changed, how often something went, and where its vectors lie."""

    generation: int
    departures: int
    vectors: str


def check_exists(folder: Path) -> None:
    """Raise LibraryError where no library is in a folder."""
    if not (folder / FILE_NAME).exists():
        raise no_library(folder)


def no_library(folder: Path) -> LibraryError:
    """The error for a folder that holds no library."""
    return LibraryError(f"There is no library at {folder}; make one with: ingest FOLDER")


class Catalog(Writing, Conversations):
    """The SQLite file of one library; safe to use from several threads and processes."""

    def __init__(self, folder: Path, *, create: bool = False, upgrade: bool = False) -> None:
        """Open the catalog of a library's folder.

        A format that only lacks tables gets them. Raises LibraryError if there is no catalog (and
        ``create`` is not asked), or if it is of another format (and ``upgrade`` is not asked or
        knows no way from it).
        """
        if not create:
            check_exists(folder)
        super().__init__(folder / FILE_NAME)
        if create and not self._has_tables():
            self._create()
        self._upgrade(UPGRADES if upgrade else ADDITIONS)
        self._check_version()

    def state(self) -> CatalogState:
        """What readers look at before each search."""
        found = self.facts(GENERATION, DEPARTURES, VECTORS)
        return CatalogState(
            generation=int(found.get(GENERATION, 0)),
            departures=int(found.get(DEPARTURES, 0)),
            vectors=found.get(VECTORS, FIRST_VECTORS),
        )

    def generation(self) -> int:
        """How often the library has changed; goes up with every change."""
        return self.state().generation

    def suggestions(self) -> str | None:
        """What was kept for the library as it is; None where that was another state of it."""
        found = self.facts(SUGGESTIONS, GENERATION)
        generation, _, kept = found.get(SUGGESTIONS, "").partition(" ")
        return kept if kept and generation == found.get(GENERATION, "0") else None

    def keep_suggestions(self, kept: str, generation: int) -> None:
        """Keep what was made of the library's content, unless that has changed since.

        It may have been made of a document that was forgotten a moment ago.
        """
        with self.transaction():
            if self.generation() == generation:
                self._set_fact(SUGGESTIONS, f"{generation} {kept}")

    # Upkeep

    def faults(self) -> list[str]:
        """What is wrong inside the file, in words; a check of every page and of the index."""
        found = [str(row[0]) for row in self.rows("PRAGMA integrity_check(5)") if row[0] != "ok"]
        try:
            self.run("INSERT INTO chunk_index(chunk_index, rank) VALUES ('integrity-check', 1)")
        except LibraryError as error:
            found.append(f"the full-text index does not agree with the passages ({error})")
        for table in ("pages", "chunks"):
            rows = self.rows(
                f"SELECT title, {table}, (SELECT count(*) FROM {table}"
                " WHERE document = documents.id) AS held"
                f" FROM documents WHERE held <> {table}"
            )
            found += [f"{title!r} has {held} of its {n} {table}" for title, n, held in rows]
        return found

    def use_vectors(self, folder: str) -> None:
        """Point readers to another folder of vectors."""
        with self.transaction():
            self._set_fact(VECTORS, folder)
            self._count(GENERATION)
            self._count(DEPARTURES)

    def begin_forgetting(
        self,
        documents: Sequence[str],
        *,
        exemplars: Sequence[str] = (),
        exchanges: Sequence[str] = (),
        titles: Sequence[str] = (),
    ) -> None:
        """Remove documents and note, in the same step, that their traces are still to go.

        ``exemplars`` and ``exchanges`` are those to remove besides the ones that have to do with
        the documents, ``titles`` the conversations that lose the title that they were given.
        """
        with self.transaction():
            for exemplar in exemplars:
                self.run("DELETE FROM exemplars WHERE id = ?", exemplar)
            for document in documents:
                self._remove(document)
            self._forget_exchanges(documents, exchanges, titles)
            self._set_fact(SUGGESTIONS, None)
            self._set_fact(SCRUBBING, "yes")
            self._count(GENERATION)

    def scrub(self) -> None:
        """Write the file anew from what it holds, so that nothing of what went is left in it.

        Raises LibraryError if another process keeps reading an older state of it.
        """
        self.run("PRAGMA secure_delete = ON")
        self.run("INSERT INTO chunk_index(chunk_index) VALUES ('rebuild')")
        self.run("INSERT INTO piece_index(piece_index) VALUES ('delete-all')")
        self._run_script(FILL_PIECES)
        self.run("VACUUM")
        busy, *_ = self.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0]
        if busy:
            raise LibraryError(
                f"Another process keeps reading {self.path}; run this again when it has ended."
            )

    def replace_with(self, folder: Path, vectors: str) -> None:
        """Take over all content and facts of the catalog in ``folder``, in one step.

        ``vectors`` is the folder of its vectors. The times at which documents were added stay, and
        so do exemplars, conversations, watched folders and the note that something is to be
        scrubbed.
        """
        self.run("ATTACH ? AS other", str(folder / FILE_NAME))
        try:
            with self.transaction():
                self._take_over(vectors)
        finally:
            self.run("DETACH other")

    def _take_over(self, vectors: str) -> None:
        own = self.facts(GENERATION, DEPARTURES, SCRUBBING, WATCHED)
        self.run("CREATE TEMP TABLE kept AS SELECT id, added FROM main.documents")
        for table in TABLES:
            self.run(f"DROP TABLE main.{table}")
        self._run_script(SCHEMA + PIECES + NAMES)
        for table in COPIED:
            self.run(f"INSERT INTO main.{table} SELECT * FROM other.{table}")
        self.run("INSERT INTO main.facts SELECT * FROM other.facts")
        self.run(
            "UPDATE main.documents SET added ="
            " coalesce((SELECT added FROM kept WHERE kept.id = documents.id), added)"
        )
        self.run("DROP TABLE kept")
        for name, value in (own | {VECTORS: vectors}).items():
            self._set_fact(name, value)
        self._count(GENERATION)
        self._count(DEPARTURES)

    # Opening

    def _has_tables(self) -> bool:
        return bool(self.rows("SELECT name FROM sqlite_master WHERE name = 'facts'"))

    def _create(self) -> None:
        with self.transaction():
            if not self._has_tables():  # another process may have been faster
                self._run_script(SCHEMA + PIECES + NAMES + EXEMPLARS + CONVERSATIONS)
                self._set_fact("schema", SCHEMA_VERSION)

    def _upgrade(self, scripts: Mapping[str, str]) -> None:
        if not self._has_tables() or self.fact("schema") not in scripts:
            return  # without a transaction: who only reads waits for no writer
        with self.transaction():
            while (script := scripts.get(self.fact("schema") or "")) is not None:
                self._run_script(script)

    def _check_version(self) -> None:
        if not self._has_tables():  # an empty file, or one that is being made just now
            raise no_library(self.path.parent)
        version = self.fact("schema")
        if version == SCHEMA_VERSION:
            return
        known = version in UPGRADES
        way_out = "make it anew with: citebound library rebuild" if known else (
            "ingest its folder into a new library"
        )  # fmt: skip
        raise LibraryError(
            f"The library at {self.path.parent} has format {version} and this program reads "
            f"format {SCHEMA_VERSION}; {way_out}"
        )

    def _run_script(self, script: str) -> None:
        for statement in statements(script):
            self.run(statement)
