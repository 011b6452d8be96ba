"""What a check found, in words for the person who runs the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "note", "failed"]
Row = tuple[str, str]  # what it is, and how it stands


@dataclass(frozen=True)
class Finding:
    """What a check found and, unless all is well, what to do; ``rows`` are the details.

    A note is worth knowing and no failure. ``name`` and ``seconds`` are put in by who runs checks.
    """

    state: State
    found: str
    to_do: str = ""
    rows: tuple[Row, ...] = ()
    name: str = ""
    seconds: float = 0.0


def ok(found: str, *rows: Row) -> Finding:
    """All is well."""
    return Finding("ok", found, rows=rows)


def note(found: str, to_do: str, *rows: Row) -> Finding:
    """Worth knowing; nothing fails for it."""
    return Finding("note", found, to_do, rows)


def failed(found: str, to_do: str, *rows: Row) -> Finding:
    """Something does not work."""
    return Finding("failed", found, to_do, rows)
