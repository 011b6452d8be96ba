"""Without a language model: quote the sentences that answer best."""

from __future__ import annotations

from collections.abc import Iterator

from app.desk import Desk
from app.events import Composed, Event
from app.models.extractive import ExtractiveModel
from app.strategies.strategy import Documents, Strategy


def answer_by_quoting(question: str, documents: Documents, desk: Desk) -> Iterator[Event]:
    """One search, no call."""
    passages = yield from desk.find([question], documents)
    yield Composed(question, passages, (), {}, 0)
    yield from ExtractiveModel(desk.library).quote(question, passages)


QUOTE = Strategy(
    name="quote",
    summary="Quote the sentences that answer best; no language model takes part.",
    calls="0",
    tokens="none",
    needs="no model",
    run=answer_by_quoting,
)
