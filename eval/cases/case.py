"""Cases: questions with their answers and the pages that hold them, one JSON object a line."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.errors import CiteboundError


class CasesError(CiteboundError):
    """A file of cases that cannot be read."""


class Evidence(BaseModel):
    """A page that holds the answer; ``page`` is 1-based."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    document: str
    page: int = Field(ge=1)


class Case(BaseModel):
    """One question; ``evidence`` names every page that would do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    question: str
    answers: tuple[str, ...] = ()
    answerable: bool = True
    evidence: tuple[Evidence, ...] = ()
    tags: tuple[str, ...] = ()


def read_cases(path: Path) -> list[Case]:
    """Read a file of cases. Raises CasesError naming the line and what is wrong with it."""
    try:
        lines = path.read_text("utf8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CasesError(f"The cases {path} cannot be read: {error}.") from error
    cases = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            cases.append(Case.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the line"
            raise CasesError(f"{path}, line {number}: {where}: {first['msg']}.") from error
    return cases
