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
    """What was asked to go from one library, the newest last; a thread for each sees to it."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.asked: list[Departure] = []
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def running(self) -> bool:
        """Whether something is going."""
        return any(one.state == "running" for one in self.asked)

    def begin(self, kind: Kind, documents: Sequence[DocumentRecord]) -> None:
        """Have these documents go; what ended before is told no more."""
        self.clear()
        departure = Departure(kind, tuple(documents))
        self.asked.append(departure)
        thread = threading.Thread(target=self._run, args=(departure,), daemon=True)
        self._threads = [*(one for one in self._threads if one.is_alive()), thread]
        thread.start()

    def clear(self) -> None:
        """Tell no more of those that have ended."""
        self.asked = [one for one in self.asked if one.state == "running"]

    def close(self) -> None:
        """Wait for the end of what has begun; what waits for another writer does not begin."""
        self._stop.set()
        for thread in self._threads:
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
