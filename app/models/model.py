"""What the chain needs of a model, and how a model fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from app.events import Composed, Event
from ingest.errors import CiteboundError


class ModelError(CiteboundError):
    """A model that cannot be reached, is missing, or fails; says what to do about it."""


class NoAnswerError(ModelError):
    """A model that was reached and said nothing."""


class AnswerModel(Protocol):
    """Something that answers a composed prompt.

    ``can_write`` is whether it reads messages (a language model) or only quotes passages.
    """

    name: str
    can_write: bool
    context_tokens: int

    def stream(self, prompt: Composed) -> Iterator[Event]:
        """Token events, then Usage where the model counts. Raises ModelError."""

    def complete(self, system: str, user: str) -> str:
        """A short text for a short prompt. Raises ModelError."""
