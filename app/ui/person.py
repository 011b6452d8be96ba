"""Who visits, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """A visitor; ``name`` is empty for the one person who runs the program for themselves."""

    name: str
    admin: bool


OWNER = Person("", admin=True)


def current_person() -> Person:
    """The visitor of this page."""
    return OWNER
