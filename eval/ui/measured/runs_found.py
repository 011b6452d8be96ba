"""The runs of a folder, by names that an address may carry; each is read once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from eval.reports.listing import RunListing, read_listing
from eval.runs.folder import MANIFEST, RECORDS, RunError, RunFolder

PATTERNS = (MANIFEST, f"*/{MANIFEST}", f"runs/*/{MANIFEST}")
RUNS_KEPT = 20  # that were read, in memory

Stamp = tuple[int, int]


@dataclass(frozen=True)
class FoundRun:
    """A run, or in ``error`` why it cannot be read; ``name`` is its path below the folder."""

    name: str
    folder: RunFolder | None
    error: str = ""

    @property
    def created(self) -> str:
        """When it was begun, as an ISO time; empty where that is not known."""
        return self.folder.manifest.created if self.folder else ""


def find_runs(folder: Path) -> list[FoundRun]:
    """The runs in a folder and in ``runs`` below it, the newest first."""
    paths = {path.parent for pattern in PATTERNS for path in folder.glob(pattern)}
    found = [_found(path, folder) for path in sorted(paths)]
    return sorted(found, key=lambda run: run.created, reverse=True)


def _found(path: Path, folder: Path) -> FoundRun:
    name = path.relative_to(folder).as_posix()
    try:
        return FoundRun(name, RunFolder.open(path))
    except RunError as error:
        return FoundRun(name, None, str(error))


def short_name(name: str) -> str:
    """A run's name for a person: the folder that all of them lie in needs no mention."""
    return name.removeprefix("runs/")


def size_of(folder: RunFolder) -> int:
    """Bytes of a run's records."""
    return _stamp(folder)[0]


def listing_of(folder: RunFolder) -> RunListing:
    """A run's figures and cases, read anew where its records have changed. Raises RunError."""
    return _listing(str(folder.path), _stamp(folder), folder.manifest.created, folder)


def stamps(*folders: RunFolder) -> tuple[Stamp, ...]:
    """What tells whether the records of runs have changed."""
    return tuple(map(_stamp, folders))


def _stamp(folder: RunFolder) -> Stamp:
    try:
        found = (folder.path / RECORDS).stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


@st.cache_resource(show_spinner="Reading the run", max_entries=RUNS_KEPT)
def _listing(
    path: str,  # noqa: ARG001 - this and the next two are the cache's key
    stamp: Stamp,  # noqa: ARG001
    created: str,  # noqa: ARG001
    _folder: RunFolder,
) -> RunListing:
    return read_listing(_folder)
