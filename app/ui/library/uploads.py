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
        self._passwords: tuple[str, ...] = ()  # that were given since the thread began
        self._lock = threading.Lock()
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
            self._go_on()

    def unlock(self, password: str) -> None:
        """Try the files that need a password once more with this one; it is not kept after that."""
        with self._lock:
            for one in self.sent:
                if one.state == "locked":
                    one.state, one.reason = "waiting", ""
            if self._waiting():
                self._passwords += (password,)
                self._go_on()

    def cancel(self) -> None:
        """Take no file in that waits now; what is in the library by now stays."""
        with self._lock:
            for one in self._waiting():
                one.end("cancelled")

    def clear(self, *, keep_locked: bool = False) -> None:
        """Forget the files of which it is known what became of them."""
        kept = ("waiting", "locked") if keep_locked else ("waiting",)
        with self._lock:
            self.sent = [one for one in self.sent if one.state in kept]

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

    def _waiting(self) -> list[Sent]:
        return [one for one in self.sent if one.state == "waiting"]

    def _go_on(self) -> None:
        """Have a thread take in what waits. Needs the lock."""
        if self._thread is None and self._waiting():
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            with self._lock:
                waiting = [(one, one.upload) for one in self._waiting() if one.upload]
                passwords = self._passwords
                if not waiting:
                    self._thread, self._passwords = None, ()
                    self.waiting_for, self.pages = None, 0.0
                    return
            self._take_in(waiting, passwords)

    def _take_in(self, waiting: Sequence[tuple[Sent, Upload]], passwords: Sequence[str]) -> None:
        """Take these in, as far as they can be; while somebody else writes they go on waiting."""
        left = {id(upload): one for one, upload in waiting}  # nothing is known of these yet

        def note(upload: Upload, outcome: UploadOutcome) -> None:
            with self._lock:
                _note(left.pop(id(upload)), outcome)

        try:
            ingest_uploads(
                [upload for _, upload in waiting],
                self.library,
                passwords=passwords,
                wait=WAIT_SECONDS,
                on_outcome=note,
                on_progress=self._note_progress,
                stopped=lambda: any(one.state == "cancelled" for one, _ in waiting),
            )
            return
        except LibraryBusy as busy:
            self.waiting_for = busy.holder
            return
        except IngestStopped:
            return
        except CiteboundError as error:
            reason = str(error).removesuffix(".")
        except Exception as error:
            logger.exception("an upload failed")
            reason = f"it failed in an unforeseen way ({type(error).__name__}: {error})"
        with self._lock:
            for one in left.values():
                if one.state == "waiting":
                    one.end("failed", reason)

    def _note_progress(self, progress: Progress) -> None:
        self.waiting_for, self.pages = None, progress.pages


def _note(sent: Sent, outcome: UploadOutcome) -> None:
    if outcome.is_known:
        sent.end("known")
    elif not outcome.reason:
        sent.pages, sent.chunks = outcome.pages, outcome.chunks
        sent.end("added")  # even if it was cancelled a moment ago
    elif sent.state != "cancelled":
        sent.end("locked" if outcome.needs_password else "failed", outcome.reason)
