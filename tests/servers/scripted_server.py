"""The part of a scripted model server that does not depend on its wire format.

A real HTTP server on a free loopback port, run by a thread, that records what it was asked and
answers from a script of `Reply`. `scripted_ollama` and `scripted_openai` say how a reply looks
on the wire.
"""

import json
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Protocol, Self

from tests.servers.exchange import POLL_SECONDS, ClientLeftError, Exchange, ServerStoppedError
from tests.servers.reply import Body, Piece, Reply, ScriptedReply, pieces_to_send

Route = Callable[[Exchange, Body], None]


@dataclass(frozen=True)
class RecordedRequest:
    """A request as it arrived; `body` is empty when there was none."""

    method: str
    path: str
    body: Body


class Wire(Protocol):
    """How one reply to one request looks in a server's format."""

    content_type: str

    def piece(self, piece: Piece) -> bytes:
        """One word of the stream."""

    def ending(self, pieces: Sequence[Piece]) -> bytes:
        """What closes a complete stream."""

    def whole(self, pieces: Sequence[Piece], *, finished: bool) -> Body:
        """The answer without streaming; not `finished` lacks what says that it is complete."""

    def error(self, message: str | None) -> Body:
        """The JSON body of a 500; None for the server's usual words."""

    def error_line(self, message: str | None) -> bytes:
        """The error object in the middle of a stream."""


class ScriptedServer:
    """A context manager: listening inside the `with` block, and every thread ended after it."""

    def __init__(
        self,
        *,
        models: Sequence[str],
        replies: Sequence[ScriptedReply] = (Reply("Yes."),),
        port: int = 0,
    ) -> None:
        if not replies:
            raise ValueError("A scripted server needs at least one reply.")
        self.models = list(models)
        self.requests: list[RecordedRequest] = []
        self.disconnects = 0
        self.words_sent = 0
        self._replies = tuple(replies)
        self._replies_taken = 0
        self.failures: list[Exception] = []
        self._stopping = threading.Event()
        self._changed = threading.Condition()
        self._http = _LoopbackServer(self, port)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(POLL_SECONDS,))

    @property
    def url(self) -> str:
        """The root of the server, without a slash at the end."""
        return f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
        # A failing script shows at the client as a 500; the test that meant none must hear why.
        if self.failures and error is None:
            raise self.failures[0]

    def requests_to(self, path: str) -> list[RecordedRequest]:
        """The recorded requests to one path, oldest first."""
        return [request for request in self.requests if request.path == path]

    def wait_for_disconnect(self, *, timeout_seconds: float = 5.0) -> bool:
        """Wait until a client has left in the middle of an answer; False if none did in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self.disconnects > 0, timeout_seconds)

    def wait_for_words(self, count: int, *, timeout_seconds: float = 5.0) -> bool:
        """Wait until `count` words have been streamed, over all answers."""
        with self._changed:
            return self._changed.wait_for(lambda: self.words_sent >= count, timeout_seconds)

    def routes(self) -> dict[tuple[str, str], Route]:
        """Method and path to what answers them."""
        raise NotImplementedError

    def answer(self, exchange: Exchange, reply: Reply, wire: Wire, *, streaming: bool) -> None:
        """Send `reply`, with its fault."""
        if reply.fault in ("status_400", "status_500"):
            status = int(reply.fault.removeprefix("status_"))
            exchange.send_json(status, wire.error(reply.error_message))
        elif streaming:
            self._answer_in_words(exchange, reply, wire)
        else:
            _answer_whole(exchange, reply, wire)

    def next_reply(self, body: Body) -> Reply:
        """Take the next reply of the script; the last one repeats."""
        with self._changed:
            scripted = self._replies[min(self._replies_taken, len(self._replies) - 1)]
            self._replies_taken += 1
        return scripted if isinstance(scripted, Reply) else scripted(body)

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        """Record one request and answer it; called on a thread of its own."""
        exchange = Exchange(handler, self._stopping)
        body = _read_body(handler)
        path = handler.path.partition("?")[0]
        with self._changed:
            self.requests.append(RecordedRequest(handler.command, path, body))
        try:
            self._dispatch(exchange, handler.command, path, body)
        except (ClientLeftError, ConnectionError):
            with self._changed:
                self.disconnects += 1
                self._changed.notify_all()
        except ServerStoppedError:
            return

    def _dispatch(self, exchange: Exchange, method: str, path: str, body: Body) -> None:
        route = self.routes().get((method, path))
        if route is None:
            exchange.send_json(404, {"error": f"{method} {path} is not scripted"})
            return
        try:
            route(exchange, body)
        except (ClientLeftError, ServerStoppedError, ConnectionError):
            raise
        except Exception as error:  # noqa: BLE001 (a script may raise anything; raised on exit)
            self.failures.append(error)
            exchange.send_json(500, {"error": f"the scripted reply failed: {error!r}"})

    def _answer_in_words(self, exchange: Exchange, reply: Reply, wire: Wire) -> None:
        pieces = pieces_to_send(reply)
        exchange.start_stream(wire.content_type)
        for piece in pieces:
            exchange.pause(reply.pause_seconds)
            exchange.send(wire.piece(piece))
            with self._changed:
                self.words_sent += 1
                self._changed.notify_all()
        if reply.fault == "cut":
            exchange.cut()
        elif reply.fault == "hang":
            exchange.hang()
        elif reply.fault == "no_done":
            exchange.end_stream()
        elif reply.fault == "error_line":
            exchange.end_stream(wire.error_line(reply.error_message))
        else:
            exchange.end_stream(wire.ending(pieces))


def _answer_whole(exchange: Exchange, reply: Reply, wire: Wire) -> None:
    pieces = pieces_to_send(reply)
    exchange.pause(reply.pause_seconds * len(pieces))
    if reply.fault == "cut":
        exchange.send_half_json(wire.whole(pieces, finished=True))
    elif reply.fault == "hang":
        exchange.hang()
    elif reply.fault == "error_line":
        exchange.send_json(500, wire.error(reply.error_message))
    else:
        exchange.send_json(200, wire.whole(pieces, finished=reply.fault != "no_done"))


def joined(pieces: Sequence[Piece], *, thinking: bool) -> str:
    """The text, or the thinking, of `pieces` in one string."""
    return "".join(piece.text for piece in pieces if piece.is_thinking == thinking)


def _read_body(handler: BaseHTTPRequestHandler) -> Body:
    data = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    body: Any = json.loads(data) if data else {}
    if not isinstance(body, dict):
        raise TypeError(f"Expected a JSON object, got {type(body).__name__}.")
    return body


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10  # a client that connects and says nothing must not hold up the server's end
    server: "_LoopbackServer"

    def do_GET(self) -> None:
        self.server.owner.handle(self)

    def do_POST(self) -> None:
        self.server.owner.handle(self)

    def do_DELETE(self) -> None:
        self.server.owner.handle(self)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the requests out of the test output: they are in `requests`."""


class _LoopbackServer(ThreadingHTTPServer):
    daemon_threads = False  # closing waits for the threads: none outlives its test

    def __init__(self, owner: ScriptedServer, port: int) -> None:
        self.owner = owner
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, *_: object) -> None:
        """Keep what a request broke, instead of printing it, until the server closes."""
        error = sys.exc_info()[1]
        if isinstance(error, Exception) and not isinstance(error, ConnectionError):
            self.owner.failures.append(error)
