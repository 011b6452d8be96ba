"""Uploaded files -> the library, which keeps a copy of each under the hash of its content."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from ingest.errors import LibraryError, UnreadableDocument
from ingest.library import Library
from ingest.passwords import each_once, environment_passwords
from ingest.pipeline import Commit, Progress, Summary, order_for
from ingest.prepare import PrepareOrder
from ingest.readers.pdf_second_opinion import ENCRYPTED, WRONG_PASSWORD
from ingest.readers.source import ENDINGS, KINDS
from ingest.records import SourceFile
from ingest.workers import Outcome, never

LONGEST_NAME = 200


@dataclass(frozen=True)
class Upload:
    """A file as somebody sent it; ``name`` is shown and never used as a path."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class UploadOutcome:
    """What became of an upload: taken in, in the library already, or not taken in for a reason."""

    pages: int = 0
    chunks: int = 0
    is_known: bool = False
    reason: str = ""

    @property
    def needs_password(self) -> bool:
        """Whether the right password would open it."""
        return self.reason in (ENCRYPTED, WRONG_PASSWORD)


def shown_name(name: str) -> str:
    """What users see of an upload's name: with the folders that it came in, if they are plain."""
    parts = name.replace("\\", "/").split("/")
    is_plain = not any(part in ("", ".", "..") or part.endswith(":") for part in parts)
    return ("/".join(parts) if is_plain else parts[-1])[-LONGEST_NAME:] or "upload.pdf"


def fault_of(name: str, size: int, *, largest_mb: int) -> str | None:
    """Why an upload of this name and so many bytes is not even looked into, or None."""
    if PurePath(name).suffix.lower() not in ENDINGS:
        return f"it is of a kind that cannot be read; give {KINDS}"
    if size > largest_mb * 2**20:
        return (
            f"it has over {largest_mb} MB; raise upload_mb in settings, or ingest it on the machine"
        )
    return None


def ingest_upload(
    name: str, data: bytes, library: Library, *, passwords: Sequence[str] = ()
) -> Summary:
    """Take one uploaded file into the library, which keeps a copy of it.

    ``name`` is shown, and its ending says how to read the file; it is never used as a path.
    """
    return ingest_uploads([Upload(name, data)], library, passwords=passwords)


def ingest_uploads(
    uploads: Sequence[Upload],
    library: Library,
    *,
    passwords: Sequence[str] = (),
    wait: float = 0.0,
    on_outcome: Callable[[Upload, UploadOutcome], None] = lambda *_: None,
    on_progress: Callable[[Progress], None] = lambda _: None,
    stopped: Callable[[], bool] = never,
) -> Summary:
    """Take uploaded files into the library, which keeps copies of those that can be read.

    ``on_outcome`` is told what became of each as soon as that is known. Raises LibraryBusy if
    another process still writes to the library after ``wait`` seconds, LibraryError if the library
    cannot be written, IngestStopped soon after ``stopped`` says so.
    """
    started = time.monotonic()
    passwords = each_once((*passwords, *environment_passwords()))
    with library.writing(wait=wait):
        batch = _Batch(library, passwords, on_outcome)
        try:
            orders = batch.orders(uploads)
            commit = Commit(
                library, batch.summary, set(), len(orders), started, on_progress,
                on_outcome=batch.note, stopped=stopped,
            )  # fmt: skip
            commit.run(orders)
        finally:
            batch.drop_unheld()
    batch.summary.seconds = time.monotonic() - started
    return batch.summary


class _Batch:
    """Uploads that are taken in together; several may hold the same."""

    def __init__(
        self,
        library: Library,
        passwords: Sequence[str],
        on_outcome: Callable[[Upload, UploadOutcome], None],
    ) -> None:
        self.library = library
        self.passwords = passwords
        self.on_outcome = on_outcome
        self.summary = Summary()
        self.uploads: dict[str, list[Upload]] = {}  # by the hash of their content
        self.kept: dict[str, Path] = {}

    def orders(self, uploads: Sequence[Upload]) -> list[PrepareOrder]:
        """What is to be read, each content once; copies of it are kept."""
        orders = []
        for upload in uploads:
            digest = hashlib.sha256(upload.data).hexdigest()
            if self.library.catalog.holds(digest):
                self.summary.unchanged += 1
                self.on_outcome(upload, UploadOutcome(is_known=True))
                continue
            same = self.uploads.setdefault(digest, [])
            same.append(upload)
            if len(same) == 1:
                file = self._keep(upload, digest)
                orders.append(order_for(self.library, file, digest, self.passwords))
        return orders

    def note(self, document_id: str, outcome: Outcome) -> None:
        """Tell what became of a content's first upload, and of those that hold the same."""
        first, *others = self.uploads[document_id]
        if isinstance(outcome, UnreadableDocument):
            for upload in (first, *others):
                self.on_outcome(upload, UploadOutcome(reason=str(outcome)))
            return
        self.on_outcome(first, UploadOutcome(len(outcome.pages), len(outcome.chunks)))
        for upload in others:
            self.on_outcome(upload, UploadOutcome(is_known=True))

    def drop_unheld(self) -> None:
        """Remove the copies of what the library does not hold."""
        for digest, path in self.kept.items():
            if not self.library.catalog.holds(digest):
                path.unlink(missing_ok=True)

    def _keep(self, upload: Upload, digest: str) -> SourceFile:
        path = self.library.sources_folder / f"{digest}{_ending(upload.name)}"
        self.kept[digest] = path
        try:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(upload.data)
        except OSError as error:
            raise LibraryError(f"The upload cannot be kept in {path.parent} ({error}).") from error
        status = path.stat()
        return SourceFile(path, shown_name(upload.name), status.st_size, status.st_mtime_ns)


def _ending(name: str) -> str:
    """The ending of a name if it is of a kind that can be read, else that of a PDF."""
    ending = PurePath(name).suffix.lower()
    return ending if ending in ENDINGS else ENDINGS[0]
