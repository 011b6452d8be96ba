"""What the chain needs of a language model, and how a model fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.events import Message, Thought, Token
from ingest.errors import CiteboundError


class ModelError(CiteboundError):
    """A model that cannot be reached, is missing, or fails; says what to do about it."""


class NoAnswerError(ModelError):
    """A model that was reached and said nothing."""


class NoRoomError(ModelError):
    """A prompt that does not fit into a model's window."""


@dataclass(frozen=True)
class Sampling:
    """How a model picks its words; None leaves an option to the server.

    ``answer_tokens`` is how many tokens it may write; ``stop`` are texts that end what it writes.
    """

    answer_tokens: int
    temperature: float = 0.0
    seed: int | None = 0
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    repeat_penalty: float | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True)
class Usage:
    """What the server counted in one call, and the options that it was called with.

    ``cut_off`` is whether the text ended because its tokens were used up.
    """

    prompt_tokens: int | None
    answer_tokens: int | None
    options: dict[str, object]
    cut_off: bool


class LanguageModel(Protocol):
    """Something that reads messages and writes text; ``context_tokens`` is its window.

    ``digest`` tells its weights from others of the same name, where the server says.
    """

    name: str
    digest: str | None
    context_tokens: int

    def stream(
        self, messages: Sequence[Message], sampling: Sampling
    ) -> Iterator[Token | Thought | Usage]:
        """What the model writes, in pieces, and at the end what was counted. Raises ModelError."""
