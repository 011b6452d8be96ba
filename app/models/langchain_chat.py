"""Messages to and from LangChain's chat models, and what their streams hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    HumanMessage,
    SystemMessage,
)

from app.events import Message, Thought, Token
from app.models.model import Usage

FINISHED = ("done_reason", "finish_reason")  # Ollama's and OpenAI's names for why a text ended


def stream_chat(
    client: BaseChatModel,
    messages: Sequence[Message],
    options: dict[str, object],
    arguments: dict[str, Any],
) -> Iterator[Token | Thought | Usage]:
    """What a chat model writes; Usage comes last, and only where the server ended its text.

    ``arguments`` are how the client takes ``options``. Raises whatever the client raises.
    """
    whole = AIMessageChunk(content="")
    for chunk in client.stream(to_langchain(messages), **arguments):
        if not isinstance(chunk, AIMessageChunk):
            continue
        whole = whole + chunk
        if thought := chunk.additional_kwargs.get("reasoning_content"):
            yield Thought(str(thought))
        if chunk.text:
            yield Token(chunk.text)
    if usage := usage_of(whole, options):
        yield usage


def usage_of(message: AIMessage, options: dict[str, object]) -> Usage | None:
    """What the server counted for a message; None where it did not end it."""
    reasons = [message.response_metadata.get(name) for name in FINISHED]
    if not any(reasons):
        return None
    counted = message.usage_metadata
    return Usage(
        counted["input_tokens"] if counted else None,
        counted["output_tokens"] if counted else None,
        options,
        cut_off="length" in reasons,
    )


def to_langchain(messages: Sequence[Message]) -> list[BaseMessage]:
    """Our messages as LangChain's."""
    kinds = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}
    return [kinds[message.role](content=message.text) for message in messages]
