"""Search with a passage that the model imagines beside the question (Gao et al., 2022: HyDE)."""

from __future__ import annotations

from collections.abc import Iterator

from app.desk import Desk
from app.events import Event
from app.strategies.strategy import Documents, Strategy


def answer_by_imagined_passage(question: str, documents: Documents, desk: Desk) -> Iterator[Event]:
    """A call that imagines, two searches, a call that answers; what was imagined is no evidence."""
    imagined = yield from desk.ask("imagine", question=question)
    passages = yield from desk.find([question, imagined], documents)
    composed = yield from desk.compose(question, passages)
    yield from desk.answer(composed)


HYDE = Strategy(
    name="hyde",
    summary="Imagine a passage that would answer, and search with it beside the question.",
    calls="2",
    tokens="1x and a short passage",
    needs="a chat model",
    run=answer_by_imagined_passage,
)
