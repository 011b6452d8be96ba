"""Find passages, show them to the model, let it answer."""

from __future__ import annotations

from collections.abc import Iterator

from app.desk import Desk
from app.events import Event
from app.strategies.strategy import Documents, Strategy


def answer_directly(question: str, documents: Documents, desk: Desk) -> Iterator[Event]:
    """One search, one call."""
    passages = yield from desk.find([question], documents)
    composed = yield from desk.compose(question, passages)
    yield from desk.answer(composed)


DIRECT = Strategy(
    name="direct",
    summary="Find passages, show them to the model, let it answer.",
    calls="1",
    tokens="1x",
    needs="a chat model",
    run=answer_directly,
)
