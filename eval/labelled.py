"""Labelled responses: texts, what was said of them, and whether that is in them."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from eval.cases import CasesError


class LabelledResponse(BaseModel):
    """One row; ``contexts`` are the texts, ``question`` what was asked, if anything was.

    ``group`` is shared by rows that are not independent.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    contexts: tuple[str, ...]
    response: str = Field(min_length=1)
    question: str = ""
    hallucinated: bool
    group: str | None = None

    @field_validator("contexts", mode="before")
    @classmethod
    def _texts(cls, value: object) -> object:
        """Each is a text, or an object that holds one under ``text``."""
        if not isinstance(value, list):
            return value
        return [one.get("text") if isinstance(one, dict) else one for one in value]

    @field_validator("question", mode="before")
    @classmethod
    def _nothing_asked(cls, value: object) -> object:
        """Sets write null where a text was no answer."""
        return "" if value is None else value

    @property
    def evidence(self) -> str:
        """All texts as one."""
        return "\n".join(self.contexts)


def read_labelled(path: Path) -> list[LabelledResponse]:
    """Read a JSONL file. Raises CasesError naming the line and what is wrong with it."""
    try:
        lines = path.read_text("utf8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CasesError(f"The labelled responses {path} cannot be read: {error}.") from error
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            rows.append(LabelledResponse.model_validate(json.loads(line)))
        except json.JSONDecodeError as error:
            raise CasesError(f"{path}, line {number}: it is not JSON ({error}).") from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the line"
            raise CasesError(f"{path}, line {number}: {where}: {first['msg']}.") from error
    labels = {row.hallucinated for row in rows}
    if len(labels) < 2:
        raise CasesError(
            f"{path} needs rows of both kinds, hallucinated 0 and 1, to measure anything; it has "
            f"{len(rows)} rows."
        )
    return rows
