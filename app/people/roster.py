"""The people who sign in with a password: ``people.toml``, beside the settings file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pydantic import BaseModel, ConfigDict, StrictBool, ValidationError
from pydantic.dataclasses import dataclass

from app.people.passwords import check_hash
from app.people.person import PeopleError, clean_name
from app.people.private_file import changing, quoted, read_private, write_private
from app.people.settings import people_file


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Entry:
    """What is kept of a person: the hash of their password, and whether they are an admin."""

    password: str
    admin: StrictBool = False


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    people: dict[str, Entry] = {}


def read_roster() -> dict[str, Entry]:
    """Everybody who has a password, by name. Raises PeopleError naming what is wrong."""
    path = people_file()
    try:
        people = _File.model_validate(read_private(path)).people
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise PeopleError(f"{path} is not valid at {place!r}: {first['msg']}.") from error
    for name, entry in people.items():
        if name != clean_name(name):
            raise PeopleError(f"{path}: the name {name!r} has to be written {clean_name(name)!r}.")
        try:
            check_hash(entry.password)
        except PeopleError as error:
            raise PeopleError(
                f"{path}: the password of {name} is not one that can be checked ({error}); set it "
                f"with: citebound people password {name}"
            ) from error
    return people


def add_person(name: str, password_hash: str, *, admin: bool) -> None:
    """Add somebody. Raises PeopleError where the name is taken."""
    with changing(people_file()):
        people = read_roster()
        if name in people:
            raise PeopleError(
                f"{name} is there already; a new password: citebound people password {name}"
            )
        _write({**people, name: Entry(password_hash, admin)})


def set_password(name: str, password_hash: str) -> None:
    """Give somebody a new password; their sign-ins end. Raises PeopleError for an unknown name."""
    with changing(people_file()):
        people = read_roster()
        _write({**people, name: replace(_known(people, name), password=password_hash)})


def remove_person(name: str) -> None:
    """Take somebody out; their sign-ins end. Raises PeopleError for an unknown name."""
    with changing(people_file()):
        people = read_roster()
        _known(people, name)
        _write({other: entry for other, entry in people.items() if other != name})


def _known(people: Mapping[str, Entry], name: str) -> Entry:
    if name not in people:
        raise PeopleError(f"There is nobody called {name}; see: citebound people list")
    return people[name]


def _write(people: Mapping[str, Entry]) -> None:
    tables = [
        f"[people.{quoted(name)}]\n"
        f"password = {quoted(entry.password)}\nadmin = {str(entry.admin).lower()}\n"
        for name, entry in sorted(people.items())
    ]
    write_private(people_file(), "\n".join(tables))
