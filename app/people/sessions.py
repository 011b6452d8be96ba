"""Sign-ins that last: a random token for each, in the server's memory and in a browser's cookie.

Python code of the page cannot set a cookie, only an HTTP response can. So whoever signs in gets a
ticket, which is good once and for seconds; the browser hands it in and gets the cookie for it.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

SECONDS_OF_A_TICKET = 30.0
BYTES_OF_A_TOKEN = 32


@dataclass(frozen=True)
class Session:
    """A sign-in: whose, with which password's hash, and until when by the server's clock."""

    name: str
    password_hash: str
    ends: float


class Sessions:
    """The sign-ins of a server; they end with it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sessions: dict[str, Session] = {}
        self._tickets: dict[str, tuple[str, float]] = {}  # the token, and until when
        self._lock = threading.Lock()

    def begin(self, name: str, password_hash: str, *, hours: float) -> str:
        """A new sign-in; the ticket for its token."""
        token, ticket = (secrets.token_urlsafe(BYTES_OF_A_TOKEN) for _ in range(2))
        with self._lock:
            now = self._clock()
            self._forget_ended(now)
            self._sessions[token] = Session(name, password_hash, now + hours * 3600)
            self._tickets[ticket] = (token, now + SECONDS_OF_A_TICKET)
        return ticket

    def redeem(self, ticket: str) -> tuple[str, int] | None:
        """The token for a ticket and its seconds to live; None for one that is no longer good."""
        with self._lock:
            token, good_until = self._tickets.pop(ticket, ("", 0.0))
            now = self._clock()
            if good_until <= now or token not in self._sessions:
                return None
            return token, int(self._sessions[token].ends - now)

    def find(self, token: str) -> Session | None:
        """The sign-in of a token, unless it has ended."""
        with self._lock:
            session = self._sessions.get(token)
            return session if session and session.ends > self._clock() else None

    def end(self, token: str) -> None:
        """End a sign-in, wherever else its token is still known."""
        with self._lock:
            self._sessions.pop(token, None)

    def _forget_ended(self, now: float) -> None:
        self._tickets = {k: v for k, v in self._tickets.items() if v[1] > now}
        self._sessions = {k: v for k, v in self._sessions.items() if v.ends > now}
