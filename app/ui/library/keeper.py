"""A library that is open, and what goes on in it while pages come and go."""

from __future__ import annotations

from app.ui.library.departures import Departures
from app.ui.library.uploads import Uploads
from app.ui.library.watching import Watching
from ingest.library import Library


class Keeper:
    """One open library with its uploads, its removals and its watched folders."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.uploads = Uploads(library)
        self.departures = Departures(library)
        self.watching = Watching(library)
        self.watching.start()

    def close(self) -> None:
        """End what goes on, then close the library."""
        self.watching.close()
        self.uploads.close()
        self.departures.close()
        self.library.close()
