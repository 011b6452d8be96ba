"""Signing in: which ways there are, a password tried, and who a browser's token belongs to."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass

from app.people.passwords import is_password
from app.people.person import PeopleError, Person, clean_name
from app.people.providers import read_providers
from app.people.roster import read_roster
from app.people.sessions import Sessions
from app.people.settings import PageSettings
from app.people.tries import Tries
from ingest.settings import load_settings

NEEDED = "CITEBOUND_SIGN_IN"  # set to 1 for a server that may not go on without
SESSIONS = Sessions()  # of this server
TRIES = Tries()
WRONG = "The name or the password is wrong."


class SignInError(PeopleError):
    """Somebody cannot be signed in; says nothing of whether the name exists."""


@dataclass(frozen=True)
class Ways:
    """How people can sign in; with neither, the page belongs to whoever opens it."""

    passwords: bool
    providers: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.passwords or bool(self.providers)


def ways_to_sign_in() -> Ways:
    """How people can sign in now.

    Raises PeopleError where a file is damaged, or where the server was started with people to sign
    in and there are none any more: a page never opens because a file went away.
    """
    ways = Ways(passwords=bool(read_roster()), providers=read_providers())
    if not ways and os.environ.get(NEEDED):
        raise PeopleError(
            "Nobody can sign in any more; on the machine of this page, add somebody with: "
            "citebound people add NAME"
        )
    return ways


def sign_in(name: str, password: str, address: str | None = None) -> str:
    """The ticket for a new sign-in; see ``sessions``. Raises SignInError.

    ``address`` is that of the browser, None on this machine.
    """
    try:
        name = clean_name(name)
    except PeopleError as error:
        raise SignInError(WRONG) from error
    wait = TRIES.begin(name, address)
    if wait:
        seconds = math.ceil(wait)
        raise SignInError(
            f"Too many wrong tries: wait {seconds} second{'s' if seconds > 1 else ''}, then try "
            "again."
        )
    entry = read_roster().get(name)
    if not is_password(entry.password if entry else None, password) or entry is None:
        raise SignInError(WRONG)
    TRIES.succeeded(name, address)
    return SESSIONS.begin(name, entry.password, hours=load_settings(PageSettings).session_hours)


def person_with(token: str) -> Person | None:
    """Whose a token is; None where its sign-in ended, or the person or their password changed."""
    session = SESSIONS.find(token)
    entry = read_roster().get(session.name) if session else None
    if session is None or entry is None or entry.password != session.password_hash:
        return None
    return Person(session.name, entry.admin)
