"""Cases: questions with their answers and the pages that hold them, one JSON object a line."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.errors import CiteboundError


class CasesError(CiteboundError):
    """A file of cases that cannot be read or written."""


class Evidence(BaseModel):
    """A page that holds the answer; ``page`` is 1-based."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    document: str
    page: int = Field(ge=1)


class Case(BaseModel):
    """One question; ``evidence`` names every page that would do.

    ``provenance`` says how the case was made, where it was not made by hand.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    question: str
    answers: tuple[str, ...] = ()
    answerable: bool = True
    evidence: tuple[Evidence, ...] = ()
    tags: tuple[str, ...] = ()
    provenance: dict[str, str] = Field(default_factory=dict)


def read_cases(path: Path) -> list[Case]:
    """Read a file of cases. Raises CasesError naming the line and what is wrong with it."""
    cases = []
    for number, line in case_lines(path):
        try:
            cases.append(read_case(line))
        except CasesError as error:
            raise CasesError(f"{path}, line {number}: {error}") from error
    return cases


def case_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file that are not empty, with their numbers. Raises CasesError."""
    try:
        lines = path.read_text("utf8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CasesError(f"The cases {path} cannot be read: {error}.") from error
    return ((number, line) for number, line in enumerate(lines, 1) if line.strip())


def read_case(line: str) -> Case:
    """A case from its line. Raises CasesError naming the field that is wrong."""
    try:
        return Case.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the line"
        raise CasesError(f"{where}: {first['msg']}.") from error


def write_cases(path: Path, cases: Iterable[Case]) -> None:
    """Write a file of cases, whole or not at all. Raises CasesError where it cannot be written."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("w", encoding="utf8") as file:
            for case in cases:
                left_out = None if case.provenance else {"provenance"}
                file.write(case.model_dump_json(exclude=left_out) + "\n")
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise CasesError(f"The cases {path} cannot be written: {error.strerror}.") from error


def made_id(*content: object) -> str:
    """An id for a case that was given none: the same content has the same one."""
    return hashlib.sha256("\0".join(map(str, content)).encode("utf8", "replace")).hexdigest()[:16]
