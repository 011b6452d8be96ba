"""A run on disk: run.json says what was asked, records.jsonl has a line a finished case.

A line is written whole and flushed to the disk before the next, so a crash leaves at most one that
is cut, at the end; it is not read, and the next writer takes it away.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any, Self

from filelock import FileLock, Timeout

from eval.runs.record import CaseRecord, read_record
from ingest.errors import CiteboundError

VERSION = 1
MANIFEST, RECORDS, LOCK = "run.json", "records.jsonl", "run.lock"


class RunError(CiteboundError):
    """A run that cannot be read, written or gone on with."""


@dataclass(frozen=True)
class CasesUsed:
    """The file of cases; ``count`` are the cases that are asked under every setting."""

    path: str
    sha256: str
    count: int


@dataclass(frozen=True)
class LibraryUsed:
    """The library in the state that was asked."""

    path: str
    documents: int
    chunks: int
    generation: int


@dataclass(frozen=True)
class RunSetting:
    """A way to answer: every setting that an answer may depend on, and a name that tells it."""

    name: str
    values: dict[str, Any]


@dataclass(frozen=True)
class JudgeUsed:
    """The judge, and its measured quality or why there is none."""

    name: str
    quality: dict[str, Any] | None
    quality_reason: str


@dataclass(frozen=True)
class Manifest:
    """What a run is; ``created`` is an ISO time, ``metrics`` the names of the scores."""

    name: str
    created: str
    cases: CasesUsed
    library: LibraryUsed
    settings: tuple[RunSetting, ...]
    judge: JudgeUsed
    metrics: tuple[str, ...]
    seed: int
    coverage_asked: float
    citebound: str

    def is_same_run(self, other: Manifest) -> bool:
        """Whether records of the one are records of the other."""
        neutral = replace(self, created=other.created, coverage_asked=other.coverage_asked)
        return neutral == other

    def to_json(self) -> dict[str, Any]:
        """As it stands in run.json."""
        return {"version": VERSION, **asdict(self)}


class RunFolder:
    """The folder of a run."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path = path
        self.manifest = manifest

    @classmethod
    def open(cls, path: Path) -> Self:
        """A run that is there. Raises RunError where it is none or of another version."""
        return cls(path, _read_manifest(path / MANIFEST))

    @classmethod
    def create(cls, path: Path, manifest: Manifest) -> Self:
        """The folder for a run: a new one, or the one that an earlier start of it has left.

        Raises RunError where another run has it, or it cannot be written.
        """
        if (path / MANIFEST).exists():
            before = _read_manifest(path / MANIFEST)
            if not before.is_same_run(manifest):
                raise RunError(
                    f"{path} holds another run: {_difference(before, manifest)}. Give another "
                    "folder with --output; --reuse takes from a run what is the same."
                )
            manifest = replace(manifest, created=before.created)
        try:
            path.mkdir(parents=True, exist_ok=True)
            _replace_file(path / MANIFEST, json.dumps(manifest.to_json(), indent=1))
        except OSError as error:
            raise _unwritable(path, error) from error
        return cls(path, manifest)

    def records(self) -> Iterator[CaseRecord]:
        """The records in the order in which they were finished, one at a time.

        Raises RunError naming a line, other than a last one that is cut, that is no record.
        """
        return (record for _, record in self.placed_records())

    def placed_records(self) -> Iterator[tuple[int, CaseRecord]]:
        """The same with the place of each in the file, in bytes, for ``record_at``."""
        place = 0
        try:
            with (self.path / RECORDS).open("rb") as lines:
                for number, line in enumerate(lines, 1):
                    if line.endswith(b"\n"):
                        yield place, self._record(number, line)
                    place += len(line)
        except FileNotFoundError:
            return

    def record_at(self, place: int) -> CaseRecord:
        """The record at a place in the file. Raises RunError where none begins there any more."""
        try:
            with (self.path / RECORDS).open("rb") as file:
                file.seek(place)
                return read_record(file.readline().decode("utf8"))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RunError(
                f"The run {self.path} was changed meanwhile; look at it again."
            ) from error

    def _record(self, number: int, line: bytes) -> CaseRecord:
        try:
            return read_record(line.decode("utf8"))
        except (ValueError, KeyError, TypeError) as error:
            raise RunError(
                f"{self.path / RECORDS}, line {number} is no record of a run ({error}); take the "
                "line out, and the case is asked again."
            ) from error

    @contextmanager
    def writing(self) -> Iterator[RecordWriter]:
        """Be the only writer. Raises RunError where another process is, or the disk is full."""
        try:
            with FileLock(self.path / LOCK, timeout=0):
                self._drop_unfinished()
                with (self.path / RECORDS).open("ab") as file:
                    yield RecordWriter(self.path, file)
        except Timeout as error:
            raise RunError(f"Another process is at work on the run {self.path}.") from error

    def _drop_unfinished(self) -> None:
        """Take away a line that is cut, and cases that failed: they are asked again."""
        path = self.path / RECORDS
        if not path.exists():
            return
        kept = path.with_suffix(".kept")
        try:
            with kept.open("wb") as file:
                for record in self.records():
                    if record.answer is not None:
                        file.write(record.to_line().encode("utf8") + b"\n")
                file.flush()
                os.fsync(file.fileno())
            kept.replace(path)
        except OSError as error:
            raise _unwritable(self.path, error) from error


class RecordWriter:
    """Appends records, each on the disk before the next."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self.path = path
        self.file = file

    def write(self, record: CaseRecord) -> None:
        """Append one. Raises RunError where the disk does not take it."""
        try:
            self.file.write(record.to_line().encode("utf8") + b"\n")
            self.file.flush()
            os.fsync(self.file.fileno())
        except OSError as error:
            raise _unwritable(self.path, error) from error


def _read_manifest(path: Path) -> Manifest:
    try:
        found = json.loads(path.read_text("utf8"))
        if (version := found.pop("version")) != VERSION:
            raise RunError(f"{path} is of version {version}, and this program reads {VERSION}.")
        return Manifest(
            **{
                **found,
                "cases": CasesUsed(**found["cases"]),
                "library": LibraryUsed(**found["library"]),
                "settings": tuple(RunSetting(**one) for one in found["settings"]),
                "judge": JudgeUsed(**found["judge"]),
                "metrics": tuple(found["metrics"]),
            }
        )
    except FileNotFoundError as error:
        raise RunError(
            f"There is no run at {path.parent}; citebound eval run makes one."
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunError(f"{path} does not describe a run: {error}.") from error


def _difference(before: Manifest, after: Manifest) -> str:
    one, other = before.to_json(), after.to_json()
    skipped = ("created", "coverage_asked")
    named = [name for name in one if name not in skipped and one[name] != other[name]]
    return f"its {', '.join(named)} differ" if len(named) > 1 else f"its {named[0]} are others"


def _replace_file(path: Path, text: str) -> None:
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _unwritable(path: Path, error: OSError) -> RunError:
    return RunError(
        f"The run cannot be written to {path}: {error.strerror}. What is finished is kept; make "
        "room and run the same command again."
    )
