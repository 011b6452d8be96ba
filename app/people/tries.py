"""Wrong tries at passwords: each costs a longer wait, and none shuts anybody out for ever.

They are counted by the address that they come from, so that who guesses at other people's names
makes those wait only who share that address.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

FREE_TRIES = 5  # of one name from one address, before the first wait
FREE_TRIES_OF_ALL = 50  # names, from one address
FIRST_WAIT = 1.0  # in seconds; it doubles with each further try
LONGEST_WAIT = 60.0
LONGEST_WAIT_OF_ALL = 5.0  # who knows their password still gets in while somebody guesses
FORGOTTEN_AFTER = 900.0
NAMES_KEPT = 10_000
OF_ONE_HOUSE = 64  # bits of an address of IPv6: whoever has one has all that begin so
_ALL = ""  # no name is empty

_Key = tuple[str, str]  # whence and which name


@dataclass
class _Failed:
    times: int = 0
    last: float = 0.0


class Tries:
    """The wrong tries of a server, in its memory."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed: dict[_Key, _Failed] = {}
        self._lock = threading.Lock()

    def begin(self, name: str, address: str | None) -> float:
        """Seconds to wait before a name may be tried; 0 where it may, and the try is counted.

        It is counted before it is known to be wrong, so that tries at the same time count as well.
        ``address`` is None for this machine.
        """
        whence = _house(address)
        with self._lock:
            now = self._clock()
            of_name = self._wait((whence, name), FREE_TRIES, LONGEST_WAIT, now)
            of_all = self._wait((whence, _ALL), FREE_TRIES_OF_ALL, LONGEST_WAIT_OF_ALL, now)
            wait = max(of_name, of_all)
            if wait <= 0:
                self._count((whence, name), now)
                self._count((whence, _ALL), now)
            return max(0.0, wait)

    def succeeded(self, name: str, address: str | None) -> None:
        """Forget the wrong tries of a name from an address: the right password came."""
        whence = _house(address)
        with self._lock:
            failed = self._failed.pop((whence, name), None)
            of_all = self._failed.get((whence, _ALL))
            if failed and of_all:
                of_all.times = max(0, of_all.times - failed.times)

    def _wait(self, key: _Key, free: int, longest: float, now: float) -> float:
        failed = self._failed.get(key)
        if failed is None or now - failed.last > FORGOTTEN_AFTER:
            return 0.0
        over = failed.times - free
        if over < 0:
            return 0.0
        return failed.last + min(longest, FIRST_WAIT * 2.0 ** min(over, 30)) - now

    def _count(self, key: _Key, now: float) -> None:
        failed = self._failed.pop(key, None)
        if failed is None or now - failed.last > FORGOTTEN_AFTER:
            failed = _Failed()
        failed.times += 1
        failed.last = now
        self._failed[key] = failed  # at the end: the first is the one tried longest ago
        while len(self._failed) > NAMES_KEPT:
            del self._failed[next(iter(self._failed))]


def _house(address: str | None) -> str:
    """What addresses of one household or company have in common."""
    try:
        known = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or ""
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped is None:
        return str(ipaddress.ip_network((known, OF_ONE_HOUSE), strict=False))
    return str(known)
