"""Folders that a library is kept in step with: which they are, and a look at one of them.

Which they are is a fact of the library. A look is cheap: it reads no file unless a name, a size or
a time of change is another than at the look before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.catalog import Catalog
from ingest.catalog.catalog import WATCHED
from ingest.discover import check_folder, find_files
from ingest.errors import CiteboundError, LibraryError
from ingest.library import Library
from ingest.pipeline import Progress, Summary, ingest_folder
from ingest.workers import never

MOST_LOOKS_AT_MOVING = 6  # a folder in which something is always written is ingested all the same

Signature = dict[Path, tuple[int, int]]  # size, and time of change, of each file


@dataclass(frozen=True)
class WatchedFolder:
    """A folder on this machine; ``prune`` is whether documents go when their files are gone."""

    path: Path
    prune: bool = False
    paused: bool = False


def watched_folders(catalog: Catalog) -> list[WatchedFolder]:
    """The folders that a library is kept in step with, in the order in which they were named.

    Raises LibraryError where they cannot be read.
    """
    stored = catalog.fact(WATCHED)
    try:
        rows = json.loads(stored) if stored else []
        return [
            WatchedFolder(Path(row["path"]), bool(row["prune"]), bool(row["paused"]))
            for row in rows
        ]
    except (ValueError, TypeError, KeyError) as error:
        raise LibraryError(
            f"The watched folders of the library at {catalog.path.parent} cannot be read "
            f"({error}); name them again."
        ) from error


def set_watched_folders(catalog: Catalog, folders: Sequence[WatchedFolder]) -> None:
    """Store which folders a library is kept in step with."""
    rows = [asdict(folder) | {"path": str(folder.path)} for folder in folders]
    catalog.set_fact(WATCHED, json.dumps(rows, ensure_ascii=False) if rows else None)


def check_watchable(folder: Path, library: Library) -> Path:
    """The folder, absolute. Raises CiteboundError where it is none, or holds the library itself."""
    if not folder.expanduser().is_absolute():
        raise CiteboundError(f"{folder} is not a whole path; give one that begins with {Path('/')}")
    found = folder.expanduser().resolve()
    check_folder(found)
    own = library.folder.resolve()
    if own.is_relative_to(found) or found.is_relative_to(own):
        raise CiteboundError(
            f"The folder {found} holds the library's own files, or lies in them; name one that "
            "holds documents alone."
        )
    return found


class FolderWatch:
    """Looks at one folder again and again, and ingests it when something in it has changed."""

    def __init__(self, folder: Path, library: Library, *, prune: bool = False) -> None:
        self.folder = folder
        self.library = library
        self.prune = prune
        self._taken: Signature | None = None  # as it was when it was ingested last
        self._seen: Signature | None = None
        self._moving = 0

    def look(
        self,
        *,
        passwords: Sequence[str] = (),
        on_progress: Callable[[Progress], None] = lambda _: None,
        stopped: Callable[[], bool] = never,
    ) -> Summary | None:
        """Ingest the folder if it has changed and stands still; None where there is nothing to do.

        Raises as ``ingest_folder`` does, LibraryBusy among it: the next look tries again. Where all
        files are gone, which is what a disk that is not there looks like, nothing is removed.
        """
        now = _signature(self.folder)
        if now == self._taken or not self._stands_still(now):
            return None
        if self.prune and not now and self._holds_documents():
            raise CiteboundError(
                f"The folder {self.folder} holds no document any more; in case its disk is not "
                "there, nothing was removed from the library."
            )
        summary = ingest_folder(
            self.folder, self.library, prune=self.prune, on_progress=on_progress,
            passwords=passwords, stopped=stopped,
        )  # fmt: skip
        self._taken = now
        return summary

    def _stands_still(self, now: Signature) -> bool:
        """Whether it is as it was at the last look: a file may be just being copied there."""
        still = self._seen is None or now == self._seen or self._moving >= MOST_LOOKS_AT_MOVING
        self._moving = 0 if still else self._moving + 1
        self._seen = now
        return still

    def _holds_documents(self) -> bool:
        root = self.folder.resolve()
        return any(path.is_relative_to(root) for path in self.library.catalog.files())


def _signature(folder: Path) -> Signature:
    found = {}
    for path in find_files(folder):
        try:
            status = path.stat()
        except OSError:  # gone meanwhile, or a link to nothing
            found[path] = (-1, -1)
        else:
            found[path] = (status.st_size, status.st_mtime_ns)
    return found
