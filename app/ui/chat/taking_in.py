"""Documents on their way into the library; it goes on whatever the page does meanwhile."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from app import sample
from ingest.errors import CiteboundError
from ingest.library import Library
from ingest.pipeline import Summary, ingest_folder
from ingest.upload import ingest_upload

logger = logging.getLogger(__name__)


class TakingIn:
    """What is being read, how far it is, and what could not be added and why."""

    def __init__(self) -> None:
        self.failures: tuple[str, ...] = ()
        self._lock = threading.Lock()
        self._running = False
        self._what = ""
        self._started = 0.0

    @property
    def is_running(self) -> bool:
        """Whether documents are on their way."""
        return self._running

    @property
    def said(self) -> str:
        """What is being done, in words."""
        return f"{self._what} · {time.monotonic() - self._started:.0f} s"

    def take_sample(self, library: Library) -> None:
        """Take the sample handbook in."""
        self._start(lambda: self._read_sample(library))

    def take_uploads(self, files: Sequence[tuple[str, bytes]], library: Library) -> None:
        """Take uploaded files in, each a name and what it holds."""
        self._start(lambda: self._read_uploads(files, library))

    def _start(self, work: Callable[[], None]) -> None:
        with self._lock:
            if self._running:
                self._fail("Other documents are being read; add yours when that is done.")
                return
            self._running, self.failures = True, ()
            self._what, self._started = "Making ready to read", time.monotonic()
        threading.Thread(target=self._run, args=(work,), daemon=True).start()

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except CiteboundError as error:
            self._fail(str(error))
        except Exception as error:
            logger.exception("taking documents in failed")
            self._fail(f"Reading failed in an unforeseen way ({type(error).__name__}: {error}).")
        finally:
            self._running = False

    def _read_sample(self, library: Library) -> None:
        self._what = "Reading the sample handbook"
        self._note(ingest_folder(sample.FOLDER, library))

    def _read_uploads(self, files: Sequence[tuple[str, bytes]], library: Library) -> None:
        for number, (name, data) in enumerate(files):
            self._what = f"Reading {name} ({number + 1} of {len(files)})"
            try:
                self._note(ingest_upload(name, data, library), name)
            except CiteboundError as error:
                self._fail(f"{name} was not added: {error}")

    def _note(self, summary: Summary, name: str = "") -> None:
        for failure in summary.failures:
            self._fail(f"{name or failure.path.name} was not added: {failure.reason}.")

    def _fail(self, said: str) -> None:
        self.failures = (*self.failures, said)
