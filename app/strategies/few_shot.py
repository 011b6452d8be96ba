"""Show the model answers to other questions first (Brown et al., 2020).

Those that the user has kept come before the shipped ones, the most similar questions before others
(Liu et al., 2022).
"""

from __future__ import annotations

from collections.abc import Iterator

from app.desk import Desk
from app.events import Event
from app.exemplars import choose_exemplars
from app.strategies.strategy import Documents, Strategy

ROOM = 0.25  # of a prompt's, that kept answers may take: the rest is for this question's passages


def answer_after_exemplars(question: str, documents: Documents, desk: Desk) -> Iterator[Event]:
    """One search, one call.

    Exemplars stand in earlier turns with passages of their own; a sentence that repeats one of
    their facts is checked against the passages of this question, as every other is.
    """
    passages = yield from desk.find([question], documents)
    exemplars = choose_exemplars(
        question, desk.library, count=desk.settings.exemplars, room=int(ROOM * desk.room)
    )
    composed = yield from desk.compose(question, passages, exemplars=exemplars)
    yield from desk.answer(composed)


FEW_SHOT = Strategy(
    name="few-shot",
    summary="Show the model answers to other questions, kept ones first, then ask this one.",
    calls="1",
    tokens="1x and the exemplars",
    needs="a chat model",
    run=answer_after_exemplars,
)
