"""Uploads on their way into a library; they go on whatever the page does meanwhile."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from ingest.errors import CiteboundError, IngestStopped, LibraryBusy
from ingest.library import Library
from ingest.pipeline import Progress
from ingest.upload import Upload, UploadOutcome, fault_of, ingest_uploads

State = Literal["waiting", "added", "known", "failed", "locked", "cancelled"]

WAIT_SECONDS = 1.0  # for another writer, before it is looked whether the uploads are still wanted

logger = logging.getLogger(__name__)


@dataclass
class Sent:
    """One file that was sent, and what became of it; its bytes are let go when that is known."""

    name: str
    upload: Upload | None = field(repr=False)
    state: State = "waiting"
    reason: str = ""
    pages: int = 0
    chunks: int = 0

    def end(self, state: State, reason: str = "") -> None:
        """Note what became of it; one that needs a password keeps its bytes."""
        self.state, self.reason = state, reason
        if state != "locked":
            self.upload = None


class Uploads:
    """The files that were sent to one library, the newest last; one thread takes them in."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.sent: list[Sent] = []
        self.waiting_for: str | None = None  # who else writes to the library
        self.pages = 0.0  # embedded so far, of the files that are being taken in
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether files are being taken in."""
        return self._thread is not None

    def add(self, uploads: Sequence[Upload], *, largest_mb: int) -> None:
        """Take files in; of those that cannot be, note why."""
        new = [Sent(upload.name, upload) for upload in uploads]
        for one, upload in zip(new, uploads, strict=True):
            if fault := fault_of(upload.name, len(upload.data), largest_mb=largest_mb):
                one.end("failed", fault)
        with self._lock:
            self.sent += new
        self._go_on(())

    def unlock(self, password: str) -> None:
        """Try the files that need a password once more with this one, which is not kept."""
        with self._lock:
            for one in self.sent:
                if one.state == "locked":
                    one.state, one.reason = "waiting", ""
        self._go_on((password,))

    def cancel(self) -> None:
        """Take no more in; what is in the library by now stays."""
        self._stop.set()

    def clear(self) -> None:
        """Forget the files of which it is known what became of them."""
        with self._lock:
            self.sent = [one for one in self.sent if one.state == "waiting"]

    def close(self) -> None:
        """Cancel, and wait for the end."""
        self.cancel()
        if thread := self._thread:
            thread.join()

    def counts(self) -> dict[State, int]:
        """How many files are in which state."""
        found: dict[State, int] = {}
        for one in list(self.sent):
            found[one.state] = found.get(one.state, 0) + 1
        return found

    def _go_on(self, passwords: Sequence[str]) -> None:
        with self._lock:
            if self._thread is None and self._waiting():
                self._stop.clear()
                self._thread = threading.Thread(target=self._run, args=(passwords,), daemon=True)
                self._thread.start()

    def _waiting(self) -> list[Sent]:
        return [one for one in self.sent if one.state == "waiting"]

    def _run(self, passwords: Sequence[str]) -> None:
        while True:
            with self._lock:
                waiting = self._waiting()
                if not waiting:
                    self._thread = None
                    return
            error = self._take_in(waiting, passwords)
            for one in waiting:
                if one.state == "waiting":
                    one.end("cancelled" if self._stop.is_set() else "failed", error)

    def _take_in(self, waiting: Sequence[Sent], passwords: Sequence[str]) -> str:
        """Take these in; why those that are still waiting afterwards could not be."""
        by_upload = {id(one.upload): one for one in waiting}
        while not self._stop.is_set():
            try:
                ingest_uploads(
                    [one.upload for one in waiting if one.upload],
                    self.library,
                    passwords=passwords,
                    wait=WAIT_SECONDS,
                    on_outcome=lambda upload, outcome: _note(by_upload[id(upload)], outcome),
                    on_progress=self._note_progress,
                    stopped=self._stop.is_set,
                )
                return ""
            except LibraryBusy as busy:
                self.waiting_for = busy.holder
            except IngestStopped:
                return ""
            except CiteboundError as error:
                return str(error).removesuffix(".")
            except Exception as error:
                logger.exception("an upload failed")
                return f"it failed in an unforeseen way ({type(error).__name__}: {error})"
        return ""

    def _note_progress(self, progress: Progress) -> None:
        self.waiting_for, self.pages = None, progress.pages


def _note(sent: Sent, outcome: UploadOutcome) -> None:
    if outcome.needs_password:
        sent.end("locked", outcome.reason)
    elif outcome.reason:
        sent.end("failed", outcome.reason)
    elif outcome.is_known:
        sent.end("known")
    else:
        sent.pages, sent.chunks = outcome.pages, outcome.chunks
        sent.end("added")
