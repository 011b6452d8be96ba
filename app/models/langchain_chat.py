"""Messages to and from LangChain's chat models, and what their streams hold."""

from __future__ import annotations

import json
from collections.abc import Generator, Sequence
from typing import Any

from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)
from langchain_core.runnables import Runnable

from app.events import Message, Role, Thought, Token
from app.models.model import Usage

FINISHED = ("done_reason", "finish_reason")  # Ollama's and OpenAI's names for why a text ended


def stream_chat(
    client: Runnable[LanguageModelInput, AIMessage],
    messages: Sequence[BaseMessage],
    arguments: dict[str, Any],
) -> Generator[Token | Thought, None, AIMessageChunk]:
    """What a chat model writes, and at the end its whole message.

    ``arguments`` are the options as the client takes them. Raises whatever the client raises.
    """
    whole = AIMessageChunk(content="")
    for chunk in client.stream(list(messages), **arguments):
        if not isinstance(chunk, AIMessageChunk):
            continue
        whole = whole + chunk
        if thought := chunk.additional_kwargs.get("reasoning_content"):
            yield Thought(str(thought))
        if chunk.text:
            yield Token(chunk.text)
    return whole


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


def from_langchain(message: BaseMessage) -> Message:
    """LangChain's message as ours; what tools it calls is written out in its text."""
    if isinstance(message, AIMessage):
        calls = [
            f"-> {call['name']}({json.dumps(call['args'], ensure_ascii=False)})"
            for call in message.tool_calls
        ]
        return Message("assistant", "\n".join([text for text in (message.text, *calls) if text]))
    roles: dict[type[BaseMessage], Role] = {SystemMessage: "system", ToolMessage: "tool"}
    return Message(roles.get(type(message), "user"), message.text)
