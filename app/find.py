"""The passages that may hold the answer."""

from __future__ import annotations

from collections.abc import Iterator

from app.events import Event, Found, Understood
from ingest.library import Library


class Find:
    """The chain's second step."""

    def __init__(self, library: Library, *, passages: int) -> None:
        self.library = library
        self.passages = passages

    def run(self, events: Iterator[Event]) -> Iterator[Event]:
        """Understood -> Found."""
        for event in events:
            yield event
            if isinstance(event, Understood):
                documents = event.ask.documents
                found = self.library.search(event.question, top=self.passages, documents=documents)
                yield Found(tuple(found))
