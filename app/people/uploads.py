"""Who may upload."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

UPLOADS = "/_stcore/upload_file/"  # then the page's session and the file


class Uploaders:
    """The open pages, by Streamlit's sessions, whose visitor may upload."""

    def __init__(self) -> None:
        self._pages: dict[str, None] = {}
        self._lock = threading.Lock()

    def allow(self, page: str, allowed: bool) -> None:
        """Note whether the visitor of a page may upload."""
        with self._lock:
            self._pages.pop(page, None)
            if allowed:
                self._pages[page] = None
            while len(self._pages) > PAGES_KEPT:
                del self._pages[next(iter(self._pages))]

    def __contains__(self, page: str) -> bool:
        return page in self._pages


PAGES_KEPT = 10_000
UPLOADERS = Uploaders()


class RefuseUploads:
    """Before Streamlit takes a file into memory: is it from a page whose visitor may upload?"""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it with 403."""
        path = str(scope.get("path", ""))
        upload = scope["type"] == "http" and scope["method"] != "OPTIONS" and UPLOADS in path
        if upload and path.partition(UPLOADS)[2].partition("/")[0] not in UPLOADERS:
            from starlette.responses import PlainTextResponse

            refusal = PlainTextResponse("Only an admin may upload here.", status_code=403)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)
