"""About how many tokens messages are, where the model's own tokenizer cannot be asked."""

from __future__ import annotations

import math
from collections.abc import Sequence

from app.events import Message

CHARACTERS_PER_TOKEN = (
    3.0  # below the usual 4 of English, so that the estimate errs on the safe side
)

LATIN_END = "\u024f"
MESSAGE_TOKENS = 8  # what a chat template puts around a message
TELLING_TOKENS = 200  # of a prompt so long that its count says something of the next one's
MARGIN = 1.1  # on top of what was counted: the next prompt is another text
LEAST_CORRECTION = 0.6  # a server that counts less may leave out what it has cached


def estimate_tokens(messages: Sequence[Message]) -> int:
    """About how many tokens messages are, on the safe side.

    Digits, and characters of scripts other than Latin, can be a token each.
    """
    text = "".join(message.text for message in messages)
    dense = sum(character.isdigit() or character > LATIN_END for character in text)
    return int((len(text) - dense) / CHARACTERS_PER_TOKEN) + dense + MESSAGE_TOKENS * len(messages)


class CorrectedEstimate:
    """An estimate that takes the server's counts into account, the highest of them most."""

    def __init__(self) -> None:
        self._highest: float | None = None

    def count(self, messages: Sequence[Message]) -> int:
        """About how many tokens messages are."""
        correction = 1.0 if self._highest is None else self._highest * MARGIN
        return math.ceil(estimate_tokens(messages) * max(LEAST_CORRECTION, correction))

    def learn(self, messages: Sequence[Message], counted: int) -> None:
        """Take into account that a server counted so many tokens in these messages."""
        estimated = estimate_tokens(messages)
        if estimated >= TELLING_TOKENS:
            self._highest = max(self._highest or 0.0, counted / estimated)
