"""Wrong tries at passwords: each costs a longer wait, and none shuts anybody out for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

FREE_TRIES = 5  # of one name, before the first wait
FREE_TRIES_OF_ALL = 50
FIRST_WAIT = 1.0  # in seconds; it doubles with each further try
LONGEST_WAIT = 60.0
LONGEST_WAIT_OF_ALL = 5.0  # who knows their password still gets in while somebody guesses
FORGOTTEN_AFTER = 900.0
NAMES_KEPT = 10_000
_ALL = ""  # no name is empty


@dataclass
class _Failed:
    times: int = 0
    last: float = 0.0


class Tries:
    """The wrong tries of a server, in its memory."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed: dict[str, _Failed] = {}
        self._lock = threading.Lock()

    def begin(self, name: str) -> float:
        """Seconds to wait before a name may be tried; 0 where it may, and the try is counted.

        It is counted before it is known to be wrong, so that tries at the same time count as well.
        """
        with self._lock:
            now = self._clock()
            of_name = self._wait(name, FREE_TRIES, LONGEST_WAIT, now)
            of_all = self._wait(_ALL, FREE_TRIES_OF_ALL, LONGEST_WAIT_OF_ALL, now)
            wait = max(of_name, of_all)
            if wait <= 0:
                self._count(name, now)
                self._count(_ALL, now)
            return max(0.0, wait)

    def succeeded(self, name: str) -> None:
        """Forget the wrong tries of a name: the right password came."""
        with self._lock:
            failed = self._failed.pop(name, None)
            of_all = self._failed.get(_ALL)
            if failed and of_all:
                of_all.times = max(0, of_all.times - failed.times)

    def _wait(self, name: str, free: int, longest: float, now: float) -> float:
        failed = self._failed.get(name)
        if failed is None or now - failed.last > FORGOTTEN_AFTER:
            return 0.0
        over = failed.times - free
        if over < 0:
            return 0.0
        return failed.last + min(longest, FIRST_WAIT * 2.0 ** min(over, 30)) - now

    def _count(self, name: str, now: float) -> None:
        failed = self._failed.pop(name, None)
        if failed is None or now - failed.last > FORGOTTEN_AFTER:
            failed = _Failed()
        failed.times += 1
        failed.last = now
        self._failed[name] = failed  # at the end: the first is the one tried longest ago
        while len(self._failed) > NAMES_KEPT:
            del self._failed[next(iter(self._failed))]
