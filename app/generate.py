"""The model writes: its text streams on as tokens."""

from __future__ import annotations

from collections.abc import Iterator

from app.events import Composed, Event, Token
from app.models.model import AnswerModel
from prompts.refusal import REFUSAL


class Generate:
    """The chain's fourth step."""

    def __init__(self, model: AnswerModel) -> None:
        self.model = model

    def run(self, events: Iterator[Event]) -> Iterator[Event]:
        """Composed -> Token, then Usage where the model counts.

        With no passage at all there is nothing to answer from: the refusal needs no model.
        """
        for event in events:
            yield event
            if isinstance(event, Composed):
                if event.passages:
                    yield from self.model.stream(event)
                else:
                    yield Token(REFUSAL)
