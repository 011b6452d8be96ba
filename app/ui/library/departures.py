"""Documents on their way out of a library; that goes on whatever the page does meanwhile."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.errors import CiteboundError, LibraryBusy
from ingest.forget import Forgotten, forget
from ingest.library import Library
from ingest.records import DocumentRecord

Kind = Literal["remove", "forget"]
State = Literal["running", "done", "failed"]

WAIT_SECONDS = 1.0  # for another writer, before it is looked whether this is still wanted

logger = logging.getLogger(__name__)


@dataclass
class Departure:
    """One removal or one forgetting of some documents; ``forgotten`` is what the latter proved."""

    kind: Kind
    documents: tuple[DocumentRecord, ...]
    state: State = "running"
    error: str = ""
    waiting_for: str | None = None
    forgotten: Forgotten | None = None


class Departures:
    """What goes from one library, or went last: one departure at a time, in a thread."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.last: Departure | None = None
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether something is going."""
        last = self.last
        return last is not None and last.state == "running"

    def begin(self, kind: Kind, documents: Sequence[DocumentRecord]) -> bool:
        """Have these documents go; False, and they stay, where others are still going."""
        with self._lock:
            if self.running:
                return False
            self.last = departure = Departure(kind, tuple(documents))
            self._thread = threading.Thread(target=self._run, args=(departure,), daemon=True)
            self._thread.start()
            return True

    def clear(self) -> None:
        """Tell no more of what has ended."""
        with self._lock:
            if not self.running:
                self.last = None

    def close(self) -> None:
        """Wait for the end of what has begun; what waits for another writer does not begin."""
        self._stop.set()
        if thread := self._thread:
            thread.join()

    def _run(self, departure: Departure) -> None:
        try:
            while not self._try(departure) and not self._stop.is_set():
                pass
            departure.state = "done"
        except CiteboundError as error:
            departure.error = str(error)
            departure.state = "failed"
        except Exception as error:
            logger.exception("a removal failed")
            departure.error = f"It failed in an unforeseen way ({type(error).__name__}: {error})."
            departure.state = "failed"

    def _try(self, departure: Departure) -> bool:
        """Whether it is done; not while somebody else writes."""
        try:
            with self.library.writing(wait=WAIT_SECONDS):
                departure.waiting_for = None
                held = [
                    one for one in departure.documents if self.library.catalog.holds(one.id)
                ]  # another process may have been faster
                if departure.kind == "forget" and held:
                    departure.forgotten = forget(self.library, held)
                elif departure.kind == "remove":
                    for document in held:
                        self.library.remove(document.id)
        except LibraryBusy as busy:
            departure.waiting_for = busy.holder
            return False
        return True
