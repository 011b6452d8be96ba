"""Folders that a library is kept in step with while the pages are served."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.errors import CiteboundError, IngestStopped, LibraryBusy
from ingest.library import Library
from ingest.pipeline import Failure, Summary
from ingest.watch import (
    FolderWatch,
    WatchedFolder,
    check_watchable,
    set_watched_folders,
    watched_folders,
)

LOOK_SECONDS = 5.0  # between two looks

logger = logging.getLogger(__name__)


@dataclass
class Seen:
    """What has come of the looks at one folder; ``looked`` is when, in seconds since 1970."""

    looked: float | None = None
    busy: bool = False
    waiting_for: str | None = None
    error: str = ""
    changed: float | None = None  # when it was last taken in with something new in it
    summary: Summary | None = None  # of that time
    failures: list[Failure] = field(default_factory=list)  # that stand now

    def note(self, summary: Summary) -> None:
        """Take down what a look that had something to do has done."""
        self.failures = list(summary.failures)
        if summary.changed or self.summary is None:
            self.summary, self.changed = summary, time.time()


class Watching:
    """Looks at a library's folders in a thread of its own, which begins with the first of them."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._lock = threading.Lock()
        self._watches: dict[WatchedFolder, FolderWatch] = {}
        self._seen: dict[Path, Seen] = {}
        self._wake = threading.Event()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def folders(self) -> list[WatchedFolder]:
        """The folders, in the order in which they were named."""
        return watched_folders(self.library.catalog)

    @property
    def is_busy(self) -> bool:
        """Whether a folder is being looked at just now."""
        return any(one.busy for one in list(self._seen.values()))

    def seen(self, path: Path) -> Seen:
        """What has come of the looks at a folder."""
        return self._seen.setdefault(path, Seen())

    def add(self, folder: Path, *, prune: bool) -> None:
        """Keep in step with one more folder. Raises CiteboundError where that cannot be."""
        found = check_watchable(folder, self.library)
        with self._lock:
            folders = self.folders()
            if any(one.path == found for one in folders):
                raise CiteboundError(f"The folder {found} is being watched already.")
            set_watched_folders(self.library.catalog, [*folders, WatchedFolder(found, prune)])
        self.start()

    def pause(self, path: Path, *, paused: bool) -> None:
        """Look at a folder no more, or again."""
        with self._lock:
            set_watched_folders(
                self.library.catalog,
                [replace(one, paused=paused) if one.path == path else one
                 for one in self.folders()],
            )  # fmt: skip
        self.start()

    def stop(self, path: Path) -> None:
        """Keep in step with a folder no more; its documents stay."""
        with self._lock:
            kept = [one for one in self.folders() if one.path != path]
            set_watched_folders(self.library.catalog, kept)
            self._let_go(kept)
            self._seen.pop(path, None)

    def start(self) -> None:
        """Begin to look, now, if there is a folder to look at."""
        self._wake.set()
        if self.folders() and self._thread is None:
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Look no more, and wait for the end."""
        self._closed.set()
        self._wake.set()
        if self._thread:
            self._thread.join()

    def _run(self) -> None:
        while not self._closed.is_set():
            self._wake.clear()
            try:
                for folder, watch in self._due():
                    if self._is_wanted(folder):
                        self._look(folder, watch)
            except CiteboundError:
                logger.exception("the watched folders cannot be read")
            self._wake.wait(LOOK_SECONDS)

    def _due(self) -> list[tuple[WatchedFolder, FolderWatch]]:
        """The folders that are to be looked at."""
        with self._lock:
            folders = self.folders()
            self._let_go(folders)
            for one in folders:
                if one not in self._watches and not one.paused:
                    self._watches[one] = FolderWatch(one.path, self.library, prune=one.prune)
            return [(one, self._watches[one]) for one in folders if not one.paused]

    def _let_go(self, watched: Sequence[WatchedFolder]) -> None:
        """Forget what was seen of folders that are watched no more: named again, all is new."""
        paths = {one.path for one in watched}
        self._watches = {one: watch for one, watch in self._watches.items() if one.path in paths}

    def _look(self, folder: WatchedFolder, watch: FolderWatch) -> None:
        seen = self.seen(folder.path)
        seen.busy = True
        try:
            summary = watch.look(stopped=lambda: not self._is_wanted(folder))
            seen.error, seen.waiting_for = "", None
            if summary is not None:
                seen.note(summary)
        except LibraryBusy as busy:
            seen.waiting_for = busy.holder
        except IngestStopped:
            with self._lock:  # it is looked at anew where it is wanted again
                self._watches.pop(folder, None)
        except CiteboundError as error:
            seen.error = str(error)
        except Exception as error:
            logger.exception("a watched folder failed")
            seen.error = f"It failed in an unforeseen way ({type(error).__name__}: {error})."
        finally:
            seen.busy, seen.looked = False, time.time()

    def _is_wanted(self, folder: WatchedFolder) -> bool:
        return not self._closed.is_set() and folder in self.folders()
