"""Let the model reason before it answers (Wei et al., 2022)."""

from __future__ import annotations

from collections.abc import Iterator

from app.desk import Desk
from app.events import Event
from app.strategies.strategy import Documents, Strategy
from app.thought import REASONING


def answer_after_reasoning(question: str, documents: Documents, desk: Desk) -> Iterator[Event]:
    """One search, one call; the reasoning streams as thought and is never evidence."""
    passages = yield from desk.find([question], documents)
    composed = yield from desk.compose(question, passages, addition="reason")
    yield from desk.answer(composed, REASONING)


CHAIN_OF_THOUGHT = Strategy(
    name="chain-of-thought",
    summary="Let the model reason step by step before it answers; the reasoning is shown apart.",
    calls="1",
    tokens="1x and the reasoning",
    needs="a chat model",
    run=answer_after_reasoning,
)
