"""Requests that pages of other sites have a browser make are refused before anything is done.

Nor may such a page show ours within itself, where clicks meant for it would be clicks on ours.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.people.sign_in import NEEDED

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FRAMES = (b"content-security-policy", b"frame-ancestors 'self'")
ONLY_HERE = ("127.0.0.1", "localhost", "::1")


class OnlyOwnPages:
    """Lets through what the page's own address asks.

    Streamlit would let pages of other ports of this machine in as well, and, to tell its own
    address, ask a server of another company for it. Where nobody signs in, the page's own names are
    those of this machine: another name that leads here belongs to somebody else's site.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] == "lifespan" or is_own(dict(scope["headers"])):
            await self._app(scope, receive, _with_frames_refused(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            from starlette.responses import PlainTextResponse

            await PlainTextResponse("Another site asked.", status_code=403)(scope, receive, send)


def _with_frames_refused(send: Send) -> Send:
    async def refusing(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), FRAMES]}
        await send(message)

    return refusing


def is_own(headers: dict[bytes, bytes]) -> bool:
    """Whether a request comes from the page's own address."""
    host = headers.get(b"host", b"").decode("latin-1").lower()
    origin = headers.get(b"origin")
    if origin is not None and urlsplit(origin.decode("latin-1").lower()).netloc != host:
        return False
    return bool(os.environ.get(NEEDED)) or urlsplit(f"//{host}").hostname in ONLY_HERE
