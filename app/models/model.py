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


class CutPromptError(ModelError):
    """A server that read less of a prompt than was sent; what it said is not to be used."""


@dataclass(frozen=True)
class Sampling:
    """How a model picks its words; None leaves an option to the server.

    ``answer_tokens`` is how many tokens it may write; ``stop`` are texts that end what it writes.
    ``schema`` is a JSON schema, as text, that what it writes is to follow: a server that can holds
    it to that, others are asked without.
    """

    answer_tokens: int
    temperature: float = 0.0
    seed: int | None = 0
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    repeat_penalty: float | None = None
    stop: tuple[str, ...] = ()
    schema: str = ""


@dataclass(frozen=True)
class Usage:
    """What the server counted in one call, and the options that it was called with.

    ``cut_off`` is whether the text ended because its tokens were used up; ``prompt_cut`` whether
    the server read less of the prompt than was sent.
    """

    prompt_tokens: int | None
    answer_tokens: int | None
    options: dict[str, object]
    cut_off: bool
    prompt_cut: bool = False


class LanguageModel(Protocol):
    """Something that reads messages and writes text."""

    @property
    def name(self) -> str:
        """What it is called, as ``KIND:NAME``."""

    @property
    def digest(self) -> str | None:
        """What tells its weights from others of the same name, where that is known."""

    @property
    def context_tokens(self) -> int:
        """Its window: tokens that prompt and answer may have together."""

    @property
    def is_base(self) -> bool:
        """Whether it is known to have no chat template, so that it only continues text."""

    def count(self, messages: Sequence[Message]) -> int:
        """How many tokens messages are, by the model's own tokenizer where it can be had."""

    def stream(
        self, messages: Sequence[Message], sampling: Sampling
    ) -> Iterator[Token | Thought | Usage]:
        """What the model writes, in pieces, and at the end what was counted.

        A single message of the role ``text`` is continued as it stands, without a chat template.
        Raises ModelError.
        """
