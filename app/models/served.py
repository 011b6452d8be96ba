"""A language model behind a server, whichever protocol it speaks.

``ollama_server`` and ``openai_server`` say how a call goes over the wire. What is common to all is
here: connections that are tried again, a limit to calls at once, counts that correct the
estimate, and failures in one sentence.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Protocol

from app.events import Message, Thought, Token
from app.models.explain import explain, is_down, unfinished
from app.models.model import ModelError, Sampling, Usage

SECONDS_BETWEEN_TRIES = (0.25, 0.5, 1.0)  # for a server that is only just starting


class ModelServer(Protocol):
    """How one kind of server is spoken to; its methods raise whatever its client raises.

    ``context_tokens`` is the model's window there, ``digest`` the hash of its weights if known;
    ``is_base``: it is known to have no chat template.
    """

    address: str
    start_hint: str
    context_tokens: int
    digest: str | None
    is_base: bool

    def options(self, sampling: Sampling, prompt_tokens: int) -> dict[str, object]:
        """What is sent for a sampling, by the server's own names."""

    def stream(
        self, messages: Sequence[Message], options: dict[str, object]
    ) -> Iterator[Token | Thought | Usage]:
        """What the model writes; Usage comes last, and only where the server ended its text."""

    def count(self, messages: Sequence[Message]) -> int:
        """How many tokens messages are, exactly where the server says so."""


class ServedModel:
    """A language model behind a server; see ``choose.served_model``."""

    def __init__(self, name: str, server: ModelServer, *, calls_at_once: int) -> None:
        self.name = name
        self.server = server
        self.is_base = server.is_base
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
        options = self.server.options(sampling, self.count(messages))
        with self.slots:
            yield from self._stream(messages, options)

    def _stream(
        self, messages: Sequence[Message], options: dict[str, object]
    ) -> Iterator[Token | Thought | Usage]:
        begun = False
        for wait in (*SECONDS_BETWEEN_TRIES, None):
            try:
                for piece in self.server.stream(messages, options):
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
