"""Which other machines this process speaks to while somebody listens.

Python tells of every socket of its own that connects, sends or looks a name up; what native code
or another process does is not heard.
"""

from __future__ import annotations

import ipaddress
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

TO_AN_ADDRESS = ("socket.connect", "socket.sendto", "socket.sendmsg")
OF_A_NAME = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")

_listeners: list[set[str]] = []
_lock = threading.Lock()
_hears = False


@contextmanager
def heard_hosts() -> Iterator[set[str]]:
    """The hosts other than this machine that were spoken to, or looked up, since it was entered."""
    global _hears
    hosts: set[str] = set()
    with _lock:
        if not _hears:
            sys.addaudithook(_hear)  # it stays as long as the process: Python takes none back
            _hears = True
        _listeners.append(hosts)
    try:
        yield hosts
    finally:
        with _lock:
            _listeners[:] = [one for one in _listeners if one is not hosts]


def is_this_machine(host: str) -> bool:
    """Whether a host's name or address is this machine itself."""
    if host in ("", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False  # a name, which only a server of names knows
    return address.is_loopback or address.is_unspecified


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if not _listeners or not event.startswith("socket."):
        return
    host = _spoken_to(event, arguments)
    if host is not None and not is_this_machine(host):
        for hosts in _listeners:
            hosts.add(host)


def _spoken_to(event: str, arguments: tuple[object, ...]) -> str | None:
    """The host of an event; None where it is about none, as a socket in a file is."""
    host: object = None
    if event in TO_AN_ADDRESS:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in OF_A_NAME:
        host = arguments[0]
    if isinstance(host, bytes | bytearray):
        return host.decode(errors="replace")
    return host if isinstance(host, str) else None
