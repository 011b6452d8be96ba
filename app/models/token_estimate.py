"""About how many tokens messages are, where the model's own tokenizer cannot be asked."""

from __future__ import annotations

from collections.abc import Sequence

from app.events import Message

CHARACTERS_PER_TOKEN = (
    3.0  # below the usual 4 of English, so that the estimate errs on the safe side
)

LATIN_END = "\u024f"
MESSAGE_TOKENS = 8  # what a chat template puts around a message


def estimate_tokens(messages: Sequence[Message]) -> int:
    """About how many tokens messages are, on the safe side.

    Digits, and characters of scripts other than Latin, can be a token each.
    """
    text = "".join(message.text for message in messages)
    dense = sum(character.isdigit() or character > LATIN_END for character in text)
    return int((len(text) - dense) / CHARACTERS_PER_TOKEN) + dense + MESSAGE_TOKENS * len(messages)
