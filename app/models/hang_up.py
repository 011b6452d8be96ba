"""Calls of a model server that another thread can end, even while the server is silent.

Who waits for a server's next word hears of nothing else: a model may read a long prompt for a
minute. What ends the wait, and tells the server to stop, is that its connection is closed.
"""

from __future__ import annotations

import socket
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

import httpx


class Calls:
    """The calls that are made within ``made_here``, in whatever thread its context is copied to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._ended = False

    @contextmanager
    def made_here(self) -> Iterator[None]:
        """Calls made meanwhile belong to these."""
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)

    def hang_up(self) -> None:
        """End all calls, those that are still to be made as well; they raise an httpx error."""
        with self._lock:
            self._ended = True
            for one in self._sockets:
                _shut(one)

    def _note(self, event: str, told: Mapping[str, Any]) -> None:
        """Learn of a connection, as httpcore tells of it; TLS takes the first socket's place."""
        if event not in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            return
        connected = told["return_value"].get_extra_info("socket")
        with self._lock:
            self._sockets.add(connected)
            if self._ended:
                _shut(connected)


_current: ContextVar[Calls | None] = ContextVar("calls", default=None)


def _watch(request: httpx.Request) -> None:
    calls = _current.get()
    if calls is not None:
        request.extensions["trace"] = calls._note


def _shut(connected: socket.socket) -> None:
    with suppress(OSError):  # it may be closed already
        connected.shutdown(socket.SHUT_RDWR)


def client_options() -> dict[str, Any]:
    """What an ``httpx.Client`` is made with, so that its calls can be ended.

    No connection is kept for a later call: it would belong to the calls that opened it.
    """
    return {
        "event_hooks": {"request": [_watch]},
        "limits": httpx.Limits(max_keepalive_connections=0),
        "follow_redirects": False,  # to wherever an answer points
    }
