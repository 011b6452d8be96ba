"""Refuses and notes every connection and name look-up that would leave the machine.

An audit hook sees all that goes through Python's ``socket`` module, whatever name it was imported
under. Native code that calls the system by itself is out of its sight. To guard a process and all
that it starts, give it ``guarded_environment``: Python runs the ``sitecustomize`` that lies there
before anything else.

This file is copied as that ``sitecustomize``, so it imports the standard library only.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Mapping
from pathlib import Path

LOG_VARIABLE = "SOCKET_GUARD_LOG"
TO_AN_ADDRESS = ("socket.connect", "socket.sendto", "socket.sendmsg")
OF_A_NAME = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")


class ForbiddenConnectionError(ConnectionRefusedError):
    """A socket to another machine; a ConnectionRefusedError, as a user would get offline."""


class SocketGuard:
    """Notes what it refuses in ``refused``, and in a file where it has one."""

    def __init__(self, log: Path | None = None) -> None:
        self.log = log
        self.refused: list[str] = []
        self.active = True
        sys.addaudithook(self._hear)
        self._write(f"process {os.getpid()}")

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.active and event.startswith("socket.") and leaves_the_machine(event, arguments):
            self.refused.append(f"{event} {arguments[-1]} of {arguments!r}")
            self._write(f"refused {self.refused[-1]}")
            raise ForbiddenConnectionError(f"a test forbids {event} {arguments!r}")

    def _write(self, line: str) -> None:
        if self.log is not None:
            with self.log.open("a", encoding="utf-8") as file:
                file.write(line + "\n")


def leaves_the_machine(event: str, arguments: tuple[object, ...]) -> bool:
    """Whether an audit event of ``socket`` is a connection to, or a look-up of, another host."""
    if event in TO_AN_ADDRESS:
        address = arguments[1]
        return isinstance(address, tuple) and not is_loopback(address[0])
    return event in OF_A_NAME and not is_loopback(arguments[0])


def is_loopback(host: object) -> bool:
    """Whether a host, as sockets are given it, is this machine itself."""
    if isinstance(host, bytes | bytearray):
        host = host.decode()
    if not isinstance(host, str) or host in ("", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False  # a name, which only another machine could resolve
    return address.is_loopback or address.is_unspecified


def guarded_environment(folder: Path) -> tuple[dict[str, str], Path]:
    """Variables that put a guard into a Python process and its children, and their common log."""
    hook = Path(__file__).read_text(encoding="utf-8")
    (folder / "sitecustomize.py").write_text(hook + "\n\nguard_this_process(os.environ)\n")
    log = folder / "sockets.log"
    path = [str(folder), os.environ.get("PYTHONPATH", "")]
    return {"PYTHONPATH": os.pathsep.join(filter(None, path)), LOG_VARIABLE: str(log)}, log


def guard_this_process(environment: Mapping[str, str]) -> None:
    """Guard this process until it ends, as ``guarded_environment`` asks."""
    if LOG_VARIABLE in environment:
        SocketGuard(Path(environment[LOG_VARIABLE]))
