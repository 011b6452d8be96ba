"""What can go wrong while documents are read, stored and searched.

CiteboundError             one sentence for the user: what is wrong, where, what to do
├── UnreadableDocument     a source file that gives no text (the reason is named)
├── LibraryError           a library that is missing, locked, damaged or of another embedder
│   └── LibraryBusy        somebody else writes to the library just now
├── IngestStopped          an ingest that was asked to end; what it had stored is kept
├── EmbedderError          an embedding model that cannot be found, converted or run
├── RerankerError          a cross-encoder that cannot be found, converted or run
└── SettingsError          a settings file or variable that is not valid
"""

from __future__ import annotations


class CiteboundError(Exception):
    """An error whose text is meant for the user; only command lines and pages print it."""


class UnreadableDocument(CiteboundError):
    """A source file that gives no text; ``str(error)`` is the reason, without the path."""


class LibraryError(CiteboundError):
    """A library that cannot be opened or written as asked."""


class LibraryBusy(LibraryError):
    """Somebody else writes to the library; ``holder`` says who, in words."""

    def __init__(self, message: str, holder: str) -> None:
        super().__init__(message)
        self.holder = holder


class IngestStopped(CiteboundError):
    """An ingest that was asked to end before it was done."""


class EmbedderError(CiteboundError):
    """An embedding model that cannot be found, converted or run."""


class RerankerError(CiteboundError):
    """A cross-encoder that cannot be found, converted or run."""


class SettingsError(CiteboundError):
    """A settings file or an environment variable that is not valid."""
