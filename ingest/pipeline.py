"""discover -> prepare -> commit: the files of a folder into a library.

Worker processes read and cut documents; this process embeds them, in order, while a thread of it
stores those embedded before. So reading and storing hide behind embedding, and there is one writer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from ingest.discover import Discovery, discover
from ingest.embedder import Vectors
from ingest.errors import IngestStopped, UnreadableDocument
from ingest.library import EMBED_TOGETHER, Library
from ingest.passwords import each_once, environment_passwords
from ingest.prepare import PrepareOrder
from ingest.records import NewDocument, SourceFile
from ingest.workers import Limits, Outcome, never, prepare_all


@dataclass(frozen=True)
class Failure:
    """A file that could not be taken in, and why."""

    path: Path
    reason: str


@dataclass
class Summary:
    """What an ingest did; ``pages`` and ``chunks`` count what it added."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicate: int = 0
    moved: int = 0
    removed: int = 0
    pages: int = 0
    chunks: int = 0
    seconds: float = 0.0
    failures: list[Failure] = field(default_factory=list)
    taken_in: list[str] = field(default_factory=list)  # ids of the documents added or updated
    removed_paths: list[Path] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether the library is another than before."""
        return any((self.added, self.updated, self.duplicate, self.moved, self.removed))


@dataclass(frozen=True)
class Progress:
    """How far an ingest is; ``pages`` are those embedded so far."""

    files: int
    total_files: int
    pages: float
    seconds: float

    @property
    def pages_per_second(self) -> float:
        """Speed so far."""
        return self.pages / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Time left if the files to come are like those done; None while none is done."""
        if not self.files:
            return None
        return self.seconds / self.files * (self.total_files - self.files)


def ingest_folder(
    folder: Path,
    library: Library,
    *,
    prune: bool = False,
    on_progress: Callable[[Progress], None] = lambda _: None,
    wait: float = 0.0,
    on_wait: Callable[[str], None] = lambda _: None,
    passwords: Sequence[str] = (),
    stopped: Callable[[], bool] = never,
) -> Summary:
    """Take every document below a folder into the library; those that cannot be read are reported.

    With ``prune`` the documents of files that are gone from the folder are removed. Where another
    process writes to the library, ``on_wait`` is told who, and it is waited for up to ``wait``
    seconds. Raises CiteboundError if the folder is none, LibraryError if the library cannot be
    written, IngestStopped soon after ``stopped`` says so. ``passwords`` are tried on each encrypted
    file, with those of the environment.
    """
    passwords = each_once((*passwords, *environment_passwords()))
    started = time.monotonic()
    with library.writing(wait=wait, on_wait=on_wait):
        known = library.catalog.files()
        found = discover(folder, known)
        summary = Summary(unchanged=len(found.unchanged))
        summary.failures += [Failure(path, reason) for path, reason in found.failures]
        orders = [order_for(library, file, digest, passwords) for file, digest in found.to_read]
        _point_known(library, found, summary)
        commit = Commit(
            library, summary, set(known), len(orders), started, on_progress, stopped=stopped
        )
        commit.run(orders)
        _point_copies(library, found, summary, commit.unreadable)
        if prune and found.gone:
            library.point_files([], dropped=found.gone)
            summary.removed = len(found.gone)
            summary.removed_paths = list(found.gone)
    summary.seconds = time.monotonic() - started
    return summary


def read_again(
    files: Sequence[tuple[SourceFile, str]],
    library: Library,
    *,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Summary:
    """Take files with known content (file, its hash) into the library. Needs ``writing``."""
    started = time.monotonic()
    summary = Summary()
    passwords = environment_passwords()
    orders = [order_for(library, file, digest, passwords) for file, digest in files]
    Commit(library, summary, set(), len(orders), started, on_progress).run(orders)
    summary.seconds = time.monotonic() - started
    return summary


class Commit:
    """Takes prepared documents in order, embeds some together, and stores them behind that."""

    def __init__(
        self,
        library: Library,
        summary: Summary,
        known_paths: set[Path],
        total_files: int,
        started: float,
        on_progress: Callable[[Progress], None],
        *,
        on_outcome: Callable[[str, Outcome], None] = lambda *_: None,
        stopped: Callable[[], bool] = never,
    ) -> None:
        """``on_outcome`` is told of each document, by its id, once it is stored or given up."""
        self.library = library
        self.summary = summary
        self.known_paths = known_paths
        self.total_files = total_files
        self.started = started
        self.on_progress = on_progress
        self.on_outcome = on_outcome
        self.stopped = stopped
        self.files_done = 0
        self.pages_done = 0.0
        self.unreadable: dict[str, str] = {}  # document id to reason

    def run(self, orders: list[PrepareOrder]) -> None:
        """Prepare, embed and commit all; failures go into the summary.

        Raises IngestStopped soon after ``stopped`` says so; what is stored by then stays.
        """
        settings = self.library.settings
        limits = Limits(settings.seconds_per_page, settings.worker_memory_mb * 2**20)
        waiting: list[NewDocument] = []
        storing: Future[None] | None = None
        with ThreadPoolExecutor(max_workers=1) as store:
            for order, outcome in prepare_all(orders, limits, self.stopped):
                if isinstance(outcome, UnreadableDocument):
                    self._note_unreadable(order, outcome)
                    continue
                waiting.append(outcome)
                if sum(len(document.chunks) for document in waiting) >= EMBED_TOGETHER:
                    storing = self._embed_and_store(waiting, store, storing)
                    waiting = []
            if waiting:
                storing = self._embed_and_store(waiting, store, storing)
            if storing:
                storing.result()

    def _embed_and_store(
        self,
        documents: list[NewDocument],
        store: ThreadPoolExecutor,
        storing: Future[None] | None,
    ) -> Future[None]:
        """Embed while those before are stored, then have these stored; at most one lot waits."""
        pages = sum(len(document.pages) for document in documents)
        chunks = sum(len(document.chunks) for document in documents)

        def embedded(count: int) -> None:
            if self.stopped():
                raise IngestStopped("Stopped; what was done is kept.")
            self.pages_done += pages * count / chunks
            self._report()

        vectors = self.library.embed(documents, on_embedded=embedded)
        if storing:
            storing.result()
        return store.submit(self._store, documents, vectors)

    def _store(self, documents: list[NewDocument], vectors: Vectors) -> None:
        self.library.store(documents, vectors)
        for document in documents:
            self.summary.taken_in.append(document.id)
            if document.file.path in self.known_paths:
                self.summary.updated += 1
            else:
                self.summary.added += 1
            self.summary.pages += len(document.pages)
            self.summary.chunks += len(document.chunks)
            self.on_outcome(document.id, document)
        self.files_done += len(documents)
        self._report()

    def _note_unreadable(self, order: PrepareOrder, error: UnreadableDocument) -> None:
        reason = str(error)
        self.on_outcome(order.document_id, error)
        self.summary.failures.append(Failure(order.file.path, reason))
        self.unreadable[order.document_id] = reason
        self.files_done += 1
        self._report()

    def _report(self) -> None:
        seconds = time.monotonic() - self.started
        progress = Progress(self.files_done, self.total_files, self.pages_done, seconds)
        self.on_progress(progress)


def order_for(
    library: Library, file: SourceFile, digest: str, passwords: Sequence[str]
) -> PrepareOrder:
    """What a worker is asked to do with a file whose content has this hash."""
    settings = library.settings
    return PrepareOrder(
        file,
        digest,
        library.embedder_folder,
        settings.chunk_tokens,
        passwords=tuple(passwords),
        ocr=settings.ocr,
    )


def _point_known(library: Library, found: Discovery, summary: Summary) -> None:
    """Files whose content the library holds already: touched, moved or copied ones."""
    moved = [(file, digest) for file, _, digest in found.moved]
    files = [*found.touched, *found.copies, *moved]
    if files:
        library.point_files(files, dropped=[old_path for _, old_path, _ in found.moved])
    summary.unchanged += len(found.touched)
    summary.moved = len(moved)
    summary.duplicate = len(found.copies)


def _point_copies(
    library: Library, found: Discovery, summary: Summary, unreadable: Mapping[str, str]
) -> None:
    """Files that hold the same as one that was new in this run."""
    readable = [pair for pair in found.copies_to_come if pair[1] not in unreadable]
    if readable:
        library.point_files(readable)
    summary.duplicate += len(readable)
    for file, digest in found.copies_to_come:
        if digest in unreadable:
            summary.failures.append(Failure(file.path, unreadable[digest]))
