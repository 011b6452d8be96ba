"""Who sees a library: ``shared.toml`` in its folder, so that it goes where the library goes."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from app.people.person import PeopleError, Person
from app.people.private_file import changing, quoted, read_private, write_private

SHARED_FILE = "shared.toml"

logger = logging.getLogger(__name__)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    people: list[str] = []


def may_see(person: Person, library_folder: Path) -> bool:
    """Whether a library is for somebody: for admins each, for others what is shared with them.

    Where that cannot be told it is shared with nobody, so that the others can still be used.
    """
    if person.admin:
        return True
    try:
        return person.name in shared_with(library_folder)
    except PeopleError as error:
        logger.warning("it cannot be told whom a library is shared with: %s", error)
        return False


def shared_with(library_folder: Path) -> tuple[str, ...]:
    """The names of those a library is shared with, in order. Raises PeopleError."""
    path = library_folder / SHARED_FILE
    try:
        return tuple(_File.model_validate(read_private(path)).people)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise PeopleError(f"{path} is not valid at {place!r}: {first['msg']}.") from error


def share(library_folder: Path, names: Iterable[str]) -> None:
    """Let people see a library. Raises PeopleError where there is none."""
    _change(library_folder, add=set(names), remove=set())


def unshare(library_folder: Path, names: Iterable[str]) -> None:
    """Let people no longer see a library. Raises PeopleError where there is none."""
    _change(library_folder, add=set(), remove=set(names))


def _change(library_folder: Path, *, add: set[str], remove: set[str]) -> None:
    if not library_folder.is_dir():
        raise PeopleError(f"There is no library at {library_folder}.")
    path = library_folder / SHARED_FILE
    with changing(path):
        people = sorted((set(shared_with(library_folder)) | add) - remove)
        write_private(path, f"people = [{', '.join(quoted(name) for name in people)}]\n")
