"""One HTTP request on a scripted server, and the means to answer it, well or badly."""

import json
import math
import select
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler

from tests.servers.reply import Body

POLL_SECONDS = 0.02


class ClientLeftError(Exception):
    """The client closed the connection before the answer was complete."""


class ServerStoppedError(Exception):
    """The scripted server was closed while an answer was still being sent."""


class Exchange:
    """Writes one answer: as JSON, as a chunked stream, cut short, or never."""

    def __init__(self, handler: BaseHTTPRequestHandler, stopping: threading.Event) -> None:
        self._handler = handler
        self._stopping = stopping
        # One request per connection: no idle client socket is left for the garbage collector.
        handler.close_connection = True

    def send_json(self, status: int, payload: Body) -> None:
        """Send a whole JSON body."""
        data = json.dumps(payload).encode()
        self._start(status, {"Content-Type": "application/json", "Content-Length": str(len(data))})
        self._write(data)

    def send_half_json(self, payload: Body) -> None:
        """Announce a whole JSON body, send half of it, and cut the connection."""
        data = json.dumps(payload).encode()
        self._start(200, {"Content-Type": "application/json", "Content-Length": str(len(data))})
        self._write(data[: len(data) // 2])
        self.cut()

    def start_stream(self, content_type: str) -> None:
        """Begin a chunked body, so that a cut can be told from an end."""
        self._start(200, {"Content-Type": content_type, "Transfer-Encoding": "chunked"})

    def send(self, data: bytes) -> None:
        """Send one chunk of the stream."""
        self._write(_chunk(data))

    def end_stream(self, last: bytes = b"") -> None:
        """End the stream cleanly.

        `last` leaves in the same write as the end: a client that hangs up as soon as it has the
        closing object has not left early.
        """
        self._write((_chunk(last) if last else b"") + b"0\r\n\r\n")

    def pause(self, seconds: float) -> None:
        """Wait, watching the client.

        Raises:
            ClientLeftError: the client hung up.
            ServerStoppedError: the server was closed meanwhile.
        """
        deadline = time.monotonic() + seconds
        while True:
            if self._client_left():
                raise ClientLeftError
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                return
            if self._stopping.wait(min(remaining, POLL_SECONDS)) and not self._client_left():
                raise ServerStoppedError

    def hang(self) -> None:
        """Send nothing more until the client leaves or the server is closed."""
        self.pause(math.inf)

    def cut(self) -> None:
        """Close the connection in the middle of the body."""
        self._handler.connection.shutdown(socket.SHUT_RDWR)

    def _start(self, status: int, headers: dict[str, str]) -> None:
        self._handler.send_response(status)
        for name, value in {**headers, "Connection": "close"}.items():
            self._handler.send_header(name, value)
        self._handler.end_headers()

    def _write(self, data: bytes) -> None:
        self._handler.wfile.write(data)
        self._handler.wfile.flush()

    def _client_left(self) -> bool:
        connection = self._handler.connection
        readable, _, _ = select.select([connection], [], [], 0)
        return bool(readable) and connection.recv(1, socket.MSG_PEEK) == b""


def _chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"
