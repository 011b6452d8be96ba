"""discover -> prepare -> commit: the files of a folder, or one upload, into a library.

Worker processes read and cut documents; this process embeds and commits them, one at a time and in
order, so that reading hides behind embedding and there is one writer.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import resource_tracker
from pathlib import Path, PurePath

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from ingest.discover import Discovery, discover
from ingest.embedder import usable_cores
from ingest.errors import EmbedderError, LibraryError, UnreadableDocument
from ingest.library import EMBED_TOGETHER, Library
from ingest.passwords import each_once, environment_passwords
from ingest.prepare import PrepareOrder, prepare_document
from ingest.readers.source import ENDINGS
from ingest.records import NewDocument, SourceFile

MAX_WORKERS = 4  # reading is many times faster than embedding; more would only take its cores
READ_AHEAD = 2  # documents for each worker, so that memory stays flat
LONGEST_NAME = 200


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
) -> Summary:
    """Take every document below a folder into the library; those that cannot be read are reported.

    With ``prune`` the documents of files that are gone from the folder are removed. Where another
    process writes to the library, ``on_wait`` is told who, and it is waited for up to ``wait``
    seconds. Raises CiteboundError if the folder is none, LibraryError if the library cannot be
    written. ``passwords`` are tried on each encrypted file, with those of the environment.
    """
    passwords = each_once((*passwords, *environment_passwords()))
    started = time.monotonic()
    with library.writing(wait=wait, on_wait=on_wait):
        known = library.catalog.files()
        found = discover(folder, known)
        summary = Summary(unchanged=len(found.unchanged))
        summary.failures += [Failure(path, reason) for path, reason in found.failures]
        orders = [_order(library, file, digest, passwords) for file, digest in found.to_read]
        _point_known(library, found, summary)
        commit = _Commit(library, summary, set(known), len(orders), started, on_progress)
        commit.run(orders)
        _point_copies(library, found, summary, commit.unreadable)
        if prune and found.gone:
            library.point_files([], dropped=found.gone)
            summary.removed = len(found.gone)
            summary.removed_paths = list(found.gone)
    summary.seconds = time.monotonic() - started
    return summary


def ingest_upload(
    name: str, data: bytes, library: Library, *, passwords: Sequence[str] = ()
) -> Summary:
    """Take one uploaded file into the library, which keeps a copy of it.

    ``name`` is shown, and its ending says how to read the file; it is never used as a path.
    """
    started = time.monotonic()
    digest = hashlib.sha256(data).hexdigest()
    path = library.sources_folder / f"{digest}{_ending(name)}"
    summary = Summary()
    passwords = each_once((*passwords, *environment_passwords()))
    with library.writing():
        if library.catalog.holds(digest):
            summary.unchanged = 1
            return summary
        try:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        except OSError as error:
            raise LibraryError(f"The upload cannot be kept in {path.parent} ({error}).") from error
        status = path.stat()
        shown = PurePath(name.replace("\\", "/")).name[-LONGEST_NAME:] or "upload.pdf"
        file = SourceFile(path, shown, status.st_size, status.st_mtime_ns)
        try:
            order = _order(library, file, digest, passwords)
            _Commit(library, summary, set(), 1, started, lambda _: None).run([order])
        finally:
            if not library.catalog.holds(digest):
                path.unlink()
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
    orders = [_order(library, file, digest, passwords) for file, digest in files]
    _Commit(library, summary, set(), len(orders), started, on_progress).run(orders)
    summary.seconds = time.monotonic() - started
    return summary


class _Commit:
    """Takes prepared documents in order, embeds some together, and commits each."""

    def __init__(
        self,
        library: Library,
        summary: Summary,
        known_paths: set[Path],
        total_files: int,
        started: float,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self.library = library
        self.summary = summary
        self.known_paths = known_paths
        self.total_files = total_files
        self.started = started
        self.on_progress = on_progress
        self.files_done = 0
        self.pages_done = 0.0
        self.waiting: list[NewDocument] = []
        self.unreadable: dict[str, str] = {}  # document id to reason

    def run(self, orders: list[PrepareOrder]) -> None:
        """Prepare, embed and commit all; failures go into the summary."""
        for order, outcome in _prepare_all(orders, self.library.settings.seconds_per_document):
            if isinstance(outcome, UnreadableDocument):
                self.summary.failures.append(Failure(order.file.path, str(outcome)))
                self.unreadable[order.document_id] = str(outcome)
                self.files_done += 1
                self._report()
                continue
            self.waiting.append(outcome)
            if sum(len(document.chunks) for document in self.waiting) >= EMBED_TOGETHER:
                self._flush()
        if self.waiting:
            self._flush()

    def _flush(self) -> None:
        pages = sum(len(document.pages) for document in self.waiting)
        chunks = sum(len(document.chunks) for document in self.waiting)

        def embedded(count: int) -> None:
            self.pages_done += pages * count / chunks
            self._report()

        self.library.add(self.waiting, on_embedded=embedded)
        for document in self.waiting:
            self.summary.taken_in.append(document.id)
            if document.file.path in self.known_paths:
                self.summary.updated += 1
            else:
                self.summary.added += 1
        self.summary.pages += pages
        self.summary.chunks += chunks
        self.files_done += len(self.waiting)
        self.waiting = []
        self._report()

    def _report(self) -> None:
        seconds = time.monotonic() - self.started
        progress = Progress(self.files_done, self.total_files, self.pages_done, seconds)
        self.on_progress(progress)


def _ending(name: str) -> str:
    """The ending of a name if it is of a kind that can be read, else that of a PDF."""
    ending = PurePath(name).suffix.lower()
    return ending if ending in ENDINGS else ENDINGS[0]


def _order(
    library: Library, file: SourceFile, digest: str, passwords: Sequence[str]
) -> PrepareOrder:
    settings = library.settings
    return PrepareOrder(
        file,
        digest,
        library.embedder_folder,
        settings.chunk_tokens,
        passwords=tuple(passwords),
        ocr=settings.ocr,
    )


def _prepare_all(
    orders: Sequence[PrepareOrder], seconds: float
) -> Iterator[tuple[PrepareOrder, NewDocument | UnreadableDocument]]:
    """Prepare documents in worker processes, in order; a worker that dies costs its document."""
    if not orders:
        return
    workers = max(1, min(MAX_WORKERS, usable_cores(), len(orders)))
    context = multiprocessing.get_context("spawn")  # a fork would copy the model's threads' locks
    with _interrupts_held():
        pool = ProcessPool(max_workers=workers, context=context)
        pool.active  # noqa: B018 - looking at it starts its threads and workers
    running: deque[tuple[PrepareOrder, ProcessFuture[NewDocument]]] = deque()
    remaining = iter(orders)
    try:
        while True:
            for order in islice(remaining, READ_AHEAD * workers - len(running)):
                running.append((order, pool.schedule(prepare_document, [order], timeout=seconds)))
            if not running:
                return
            first, future = running.popleft()
            yield first, _outcome(future, seconds)
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Threads and processes that are started inside never get Ctrl-C: it is for this one alone."""
    resource_tracker.ensure_running()  # starting it later would let the signal through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _outcome(
    future: ProcessFuture[NewDocument], seconds: float
) -> NewDocument | UnreadableDocument:
    try:
        return future.result()
    except UnreadableDocument as error:
        return error
    except EmbedderError:
        raise  # no document is to blame
    except FutureTimeout:
        return UnreadableDocument(f"reading it took over {seconds:.0f} s and was given up")
    except ProcessExpired:
        return UnreadableDocument("reading it made its worker process crash")
    except MemoryError:
        return UnreadableDocument("reading it took too much memory")
    except Exception as error:  # noqa: BLE001 - whatever a hostile file brings out costs that file
        return UnreadableDocument(f"reading it failed ({type(error).__name__}: {error})"[:300])


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
