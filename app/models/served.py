"""A language model behind a server, whichever protocol it speaks.

``ollama_server`` and ``openai_server`` say how a call goes over the wire. What is common to all is
here: connections that are tried again, a limit to calls at once, and failures in one sentence.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar, cast

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.messages.utils import message_chunk_to_message
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool

from app.events import Message, Thought, Token
from app.models.explain import explain, is_down, status_of, unfinished
from app.models.langchain_chat import from_langchain, stream_chat, to_langchain, usage_of
from app.models.model import ModelError, Sampling, Usage

Piece = TypeVar("Piece")

REFUSED = (400, 422, 501)  # statuses of servers that do not know what is asked for
SECONDS_BETWEEN_TRIES = (0.25, 0.5, 1.0)  # for a server that is only just starting


class ModelServer(Protocol):
    """How one kind of server is spoken to; its methods raise whatever its client raises.

    ``client`` is LangChain's for chats. ``context_tokens`` is the model's window there, ``digest``
    the hash of its weights if known; ``is_base``: it is known to have no chat template,
    ``can_use_tools``: it is not known to lack them.
    """

    address: str
    start_hint: str
    context_tokens: int
    digest: str | None
    is_base: bool
    can_use_tools: bool

    @property
    def client(self) -> BaseChatModel: ...

    def options(self, sampling: Sampling, messages: Sequence[Message]) -> dict[str, object]:
        """What is sent with messages for a sampling, by the server's own names."""

    def arguments(self, options: dict[str, object]) -> dict[str, Any]:
        """How ``client`` takes the options."""

    def complete(
        self, text: str, options: dict[str, object]
    ) -> Generator[Token, None, Usage | None]:
        """Continue a text as it stands; what was counted, None where the server did not end it."""

    def count(self, messages: Sequence[Message]) -> int:
        """How many tokens messages are, exactly where the server says so."""

    def compared(self, messages: Sequence[Message], usage: Usage) -> Usage:
        """Learn from what the server counted, and note where it read less than was sent."""


class ServedModel:
    """A language model behind a server; see ``choose.served_model``."""

    def __init__(self, name: str, server: ModelServer, *, calls_at_once: int) -> None:
        self.name = name
        self.server = server
        self.is_base = server.is_base
        self.can_use_tools = server.can_use_tools
        self._takes_schemas = True  # until it refuses one
        self.slots = slots_of(server.address, calls_at_once)

    @property
    def digest(self) -> str | None:
        """The hash of the model's weights, if the server says."""
        return self.server.digest

    @property
    def context_tokens(self) -> int:
        """The model's window."""
        return self.server.context_tokens

    def count(self, messages: Sequence[Message]) -> int:
        """How many tokens messages are, exactly where the server says so."""
        return self.server.count(messages)

    def stream(
        self, messages: Sequence[Message], sampling: Sampling
    ) -> Iterator[Token | Thought | Usage]:
        """What the model writes, in pieces, and at the end what was counted.

        Raises ModelError where the server cannot be reached, fails or stops in the middle.
        """
        if sampling.schema and self._takes_schemas:
            try:
                yield from self._stream(messages, sampling)
                return
            except ModelError as error:
                if (
                    not isinstance(error.__cause__, Exception)
                    or status_of(error.__cause__) not in REFUSED
                ):
                    raise
                self._takes_schemas = False
        yield from self._stream(messages, replace(sampling, schema=""))

    def _stream(
        self, messages: Sequence[Message], sampling: Sampling
    ) -> Iterator[Token | Thought | Usage]:
        options = self.server.options(sampling, messages)

        def pieces() -> Iterator[Token | Thought | Usage]:
            if messages[0].role == "text":
                usage = yield from self.server.complete(messages[0].text, options)
            else:
                arguments = self.server.arguments(options)
                said = to_langchain(messages)
                whole = yield from stream_chat(self.server.client, said, arguments)
                usage = usage_of(whole, options)
            if usage:
                yield self.server.compared(messages, usage)

        yield from self._guarded(pieces)

    def stream_with_tools(
        self,
        messages: Sequence[BaseMessage],
        tools: Sequence[BaseTool | dict[str, Any]],
        sampling: Sampling,
    ) -> Iterator[Token | Thought | AIMessage | Usage]:
        """As ``stream``; the message, in which the model may call tools, comes before the end."""
        said = [from_langchain(message) for message in messages]
        described = [convert_to_openai_tool(tool) for tool in tools]
        sent = [*said, Message("system", json.dumps(described))]
        options = self.server.options(sampling, sent)

        def pieces() -> Iterator[Token | Thought | AIMessage | Usage]:
            client = self.server.client.bind_tools(tools)
            whole = yield from stream_chat(client, messages, self.server.arguments(options))
            if usage := usage_of(whole, options):
                yield cast("AIMessage", message_chunk_to_message(whole))
                yield self.server.compared(said, usage)

        yield from self._guarded(pieces)

    def _guarded(self, pieces: Callable[[], Iterator[Piece]]) -> Iterator[Piece]:
        """A call within the limit to calls at once, begun again while nothing listens."""
        begun = False
        with self.slots:
            for wait in (*SECONDS_BETWEEN_TRIES, None):
                try:
                    for piece in pieces():
                        begun = begun or isinstance(piece, Token)
                        yield piece
                        if isinstance(piece, Usage):
                            return
                    break
                except ModelError:
                    raise
                except Exception as error:
                    if wait is None or not is_down(error):
                        raise self.explain(error, begun=begun) from error
                    time.sleep(wait)
        raise unfinished(name=self.name, address=self.server.address, begun=begun)

    def explain(self, error: Exception, *, begun: bool) -> ModelError:
        """One sentence for whatever a client library raises."""
        return explain(
            error,
            name=self.name,
            address=self.server.address,
            start_hint=self.server.start_hint,
            begun=begun,
        )


_slots: dict[tuple[str, int], threading.BoundedSemaphore] = {}


def slots_of(address: str, calls_at_once: int) -> threading.BoundedSemaphore:
    """What limits the calls that a server gets at once from this process, whoever makes them."""
    # setdefault is atomic, so two threads get the same one
    return _slots.setdefault((address, calls_at_once), threading.BoundedSemaphore(calls_at_once))
