"""What may be uploaded: of which kinds, how large, and by whom."""

from __future__ import annotations

import threading
from pathlib import PurePath
from typing import TYPE_CHECKING

from app.people.settings import PageSettings
from ingest.errors import CiteboundError
from ingest.readers.source import ENDINGS, KINDS
from ingest.settings import load_settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

MEGABYTE = 1024 * 1024  # as Streamlit counts
UPLOADS = "/_stcore/upload_file/"  # then the page's session and the file


class UploadError(CiteboundError):
    """A file that is not taken in; ``str(error)`` is the reason, without its name."""


def check_upload(name: str, size: int) -> None:
    """Raises UploadError for a file of a kind that is not read, or of too many bytes."""
    ending = PurePath(name).suffix.lower()
    if ending not in ENDINGS:
        raise UploadError(f"it is of a kind that cannot be read; upload {KINDS}.")
    limit = load_settings(PageSettings).upload_mb
    if size > limit * MEGABYTE:
        raise UploadError(
            f"it has {size / MEGABYTE:,.0f} MB and at most {limit:,} are taken; raise upload_mb in "
            "the settings, or ingest it on the machine."
        )


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
