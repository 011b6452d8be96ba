"""The guard over sockets refuses what leaves the machine, and lets the rest through."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ingest.socket_guard import ForbiddenConnectionError, SocketGuard, guarded_environment

ELSEWHERE = ("192.0.2.1", 9)  # an address that is set aside for documentation


@pytest.fixture
def guard() -> Iterator[SocketGuard]:
    """A guard that expects to be provoked."""
    guard = SocketGuard()
    yield guard
    guard.active = False


def connect(to: tuple[str, int]) -> None:
    socket.create_connection(to, timeout=1)


def connect_without_raising(to: tuple[str, int]) -> None:
    with socket.socket() as opened:
        opened.connect_ex(to)


def send_a_datagram(to: tuple[str, int]) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as opened:
        opened.sendto(b"hello", to)


def look_up(_: tuple[str, int]) -> None:
    socket.getaddrinfo("example.org", 443)


@pytest.mark.parametrize("attempt", [connect, connect_without_raising, send_a_datagram, look_up])
def test_a_connection_to_another_machine_is_refused_and_noted(
    guard: SocketGuard, attempt: Callable[[tuple[str, int]], None]
) -> None:
    with pytest.raises(ForbiddenConnectionError):
        attempt(ELSEWHERE)
    assert len(guard.refused) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_connection_to_the_machine_itself_goes_through(guard: SocketGuard, host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection((host, server.getsockname()[1]), timeout=5).close()
    assert guard.refused == []


def test_processes_are_guarded_and_so_are_those_that_they_start(tmp_path: Path) -> None:
    environment, log = guarded_environment(tmp_path)
    attempt = f"import socket; socket.socket().connect_ex({ELSEWHERE!r})"
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {attempt!r}])"
    subprocess.run(
        [sys.executable, "-c", nested],
        env=os.environ | environment,
        capture_output=True,
        timeout=60,
    )
    lines = log.read_text().splitlines()
    assert [line.split()[0] for line in lines] == ["process", "process", "refused"]
    assert lines[0] != lines[1]
