"""Documents are read in worker processes, each with limits on its memory and on time per page.

A page that takes too long, too much memory or its process down costs itself: the document is read
again without it. A document that loses too many pages, or fails outside its pages, is given up.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing import resource_tracker
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.popen_spawn_posix import Popen
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from ingest.errors import EmbedderError, IngestStopped, UnreadableDocument
from ingest.graphs import usable_cores
from ingest.prepare import PrepareOrder, prepare_document
from ingest.readers.content import OUTSIDE_PAGES
from ingest.records import NewDocument

MAX_WORKERS = 4  # reading is many times faster than embedding; more would only take its cores
READ_AHEAD = 4  # documents for each worker, so that memory stays flat
WALL_TIME = 10  # times the processor's time that a page may take
LOOK_SECONDS = 0.2  # between two looks at whether the reading is still wanted
MOST_LOST_PAGES = 3  # a document that loses more is given up: each costs a process

Outcome = NewDocument | UnreadableDocument


@dataclass(frozen=True)
class Limits:
    """What one page may take: seconds of the processor, and bytes of its process's memory."""

    seconds_per_page: float
    memory: int


def never() -> bool:
    """Whether to stop, where nobody asks for it."""
    return False


def prepare_all(
    orders: Sequence[PrepareOrder], limits: Limits, stopped: Callable[[], bool] = never
) -> Iterator[tuple[PrepareOrder, Outcome]]:
    """Prepare documents in worker processes, in order.

    Raises IngestStopped soon after ``stopped`` says so, and ends the workers.
    """
    if not orders:
        return
    workers = max(1, min(MAX_WORKERS, usable_cores(), len(orders)))
    with tempfile.TemporaryDirectory() as places, started_pool(workers, limits) as pool:
        running: deque[_Attempt] = deque()
        remaining = iter(orders)
        while True:
            for order in islice(remaining, READ_AHEAD * workers - len(running)):
                running.append(_Attempt(pool, order, limits, Path(places), stopped))
            if not running:
                return
            first = running.popleft()
            yield first.order, first.outcome()


def limit_memory(bytes_allowed: int) -> None:
    """Let this process have no more memory than that."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = bytes_allowed if hard == resource.RLIM_INFINITY else min(bytes_allowed, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def prepare_watched(order: PrepareOrder, place: Path, seconds: float) -> NewDocument:
    """Prepare one document, and write down at each page which it is.

    A page that takes longer than that many seconds ends the process: the signal's default action
    needs nothing of Python, which may be busy inside a library. What is done for all pages at once
    may take as long as they.
    """
    last_page = 1
    with place.open("wb", buffering=0) as written:

        def on_page(number: int) -> None:
            nonlocal last_page
            last_page = max(last_page, number)
            os.pwrite(written.fileno(), number.to_bytes(8), 0)
            _end_process_after(seconds if number != OUTSIDE_PAGES else seconds * last_page)

        on_page(OUTSIDE_PAGES)
        try:
            return prepare_document(order, on_page)
        finally:
            _end_process_after(0)


def _end_process_after(seconds: float) -> None:
    """Set both alarms anew; 0 means never.

    One counts the processor's time, so that a busy machine refuses no page; the other ends what
    waits for something that never comes.
    """
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds * WALL_TIME)


class _BareProcess(SpawnProcess):
    """A process that does not run the main script again: that may be a page, or a user's program.

    Spawned processes import the module ``__main__`` of their parent, if it has a file.
    """

    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Popen:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            return SpawnProcess._Popen(process_obj)
        finally:
            sys.modules["__main__"] = main


class _BareSpawn(SpawnContext):
    """Starts bare processes, and can end all of them."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[_BareProcess] = []

    def Process(  # type: ignore[override]
        self, *arguments: object, **named: object
    ) -> _BareProcess:
        process = _BareProcess(*arguments, **named)  # type: ignore[arg-type]
        self.started.append(process)
        return process

    def end_all(self) -> None:
        for process in self.started:
            if process.is_alive():
                process.kill()
                process.join()


class _Attempt:
    """One document in the hands of a worker, and again without a page that it died of."""

    def __init__(
        self,
        pool: ProcessPool,
        order: PrepareOrder,
        limits: Limits,
        places: Path,
        stopped: Callable[[], bool],
    ) -> None:
        self.pool = pool
        self.order = order
        self.limits = limits
        self.place = places / order.document_id
        self.stopped = stopped
        self.future = self._start()

    def outcome(self) -> Outcome:
        """The document, or why there is none."""
        while True:
            self._wait()
            try:
                return self.future.result()
            except UnreadableDocument as error:
                return error
            except EmbedderError:
                raise  # no document is to blame
            except MemoryError:
                reason = f"it takes over {self.limits.memory / 2**30:.1f} GB of memory to read"
            except ProcessExpired as error:
                reason = self._cause_of_death(error.exitcode)
            except Exception as error:  # noqa: BLE001 - whatever a hostile file brings out
                return UnreadableDocument(
                    f"reading it failed ({type(error).__name__}: {error})"[:300]
                )
            page = int.from_bytes(self.place.read_bytes())
            if page == OUTSIDE_PAGES or len(self.order.skipped) >= MOST_LOST_PAGES:
                where = f"page {page}: " if page else ""
                return UnreadableDocument(f"it is too large or damaged ({where}{reason})")
            self.order = replace(self.order, skipped={**self.order.skipped, page: reason})
            self.future = self._start()

    def _wait(self) -> None:
        while not wait([self.future], LOOK_SECONDS).done:
            if self.stopped():
                raise IngestStopped("Stopped; what was done is kept.")

    def _start(self) -> ProcessFuture[NewDocument]:
        task: Callable[..., NewDocument] = prepare_watched
        arguments = [self.order, self.place, self.limits.seconds_per_page]
        return self.pool.schedule(task, arguments)

    def _cause_of_death(self, exit_code: int) -> str:
        if -exit_code in (signal.SIGPROF, signal.SIGALRM):
            return f"it takes over {self.limits.seconds_per_page:g} s to read"
        return "reading it ends its process: it is damaged, or takes too much memory"


@contextmanager
def started_pool(workers: int, limits: Limits | None = None) -> Iterator[ProcessPool]:
    """A pool whose workers have been started, with nothing of our memory; they end with the block.

    ``limits`` are on the memory of each (None: as ours).
    """
    context = _BareSpawn()  # a fork would copy the model's threads' locks
    pool = ProcessPool(
        workers,
        initializer=limit_memory if limits else None,
        initargs=[limits.memory] if limits else [],
        context=context,
    )
    try:
        with _interrupts_held():
            pool.active  # noqa: B018 - looking at it starts its threads and workers
        yield pool
    finally:
        context.end_all()  # one that starts while the pool takes its locks away would complain
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """What asks the process to stop waits until the block is left: a worker is started whole.

    Threads and processes that are started inside never get Ctrl-C: it is for this one alone. That
    it is blocked here is not enough, since a thread of some library may take it.
    """
    resource_tracker.ensure_running()  # starting it later would let the signal through again
    asked: list[int] = []
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    handlers = {}
    if threading.current_thread() is threading.main_thread():  # no other is ever interrupted
        for number in (signal.SIGINT, signal.SIGTERM):
            handlers[number] = signal.signal(number, lambda number, _: asked.append(number))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if asked:
            signal.raise_signal(asked[0])
