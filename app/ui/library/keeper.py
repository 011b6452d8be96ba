"""Libraries that are open, and what goes on in them while pages come and go."""

from __future__ import annotations

import threading
from pathlib import Path

from app.ui.library.departures import Departures
from app.ui.library.uploads import Uploads
from app.ui.library.watching import Watching
from ingest.library import Library
from ingest.settings import IngestSettings


class Keeper:
    """One open library with its uploads, its removals and its watched folders."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.uploads = Uploads(library)
        self.departures = Departures(library)
        self.watching = Watching(library)
        self.watching.start()

    @property
    def is_busy(self) -> bool:
        """Whether documents are coming or going just now."""
        return self.uploads.running or self.departures.running or self.watching.is_busy

    def close(self) -> None:
        """End what goes on, then close the library."""
        self.watching.close()
        self.uploads.close()
        self.departures.close()
        self.library.close()


class Keepers:
    """The libraries of a server that are open, one keeper for each folder.

    Of more than ``most`` libraries, those that nobody has asked for longest are closed, but none in
    which something goes on. They are not in a cache of Streamlit: whoever reaches the page can have
    that cleared.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: dict[Path, Keeper] = {}  # the one asked for last at the end
        self._lock = threading.Lock()
        self._opening = threading.Lock()  # held for long: what is open is given meanwhile

    def __len__(self) -> int:
        return len(self._open)

    def get(self, folder: Path, settings: IngestSettings) -> Keeper:
        """The keeper of a library, which is made where there is none; with these settings.

        Raises CiteboundError where it cannot be opened.
        """
        if keeper := self._find(folder, settings):
            return keeper
        with self._opening:
            if keeper := self._find(folder, settings):  # somebody else has waited for it as well
                return keeper
            keeper = Keeper(Library.open(folder, settings=settings, create=True))
            with self._lock:
                closed = [self._open.pop(folder)] if folder in self._open else []
                self._open[folder] = keeper
                closed += self._take_spare()
        for one in closed:
            one.close()
        return keeper

    def _find(self, folder: Path, settings: IngestSettings) -> Keeper | None:
        with self._lock:
            keeper = self._open.get(folder)
            if keeper is None or keeper.library.settings != settings:
                return None
            self._open[folder] = self._open.pop(folder)
            return keeper

    def _take_spare(self) -> list[Keeper]:
        """Those to close, no longer among the open ones; never the newest."""
        idle = [folder for folder, one in list(self._open.items())[:-1] if not one.is_busy]
        return [self._open.pop(folder) for folder in idle[: max(0, len(self) - self._most)]]
