"""Passwords as argon2id hashes."""

from __future__ import annotations

import threading
from functools import cache

import argon2

from app.people.person import PeopleError

SHORTEST = 12
LONGEST = 1024
_hasher = argon2.PasswordHasher()  # argon2id, with the parameters of RFC 9106 for little memory
_one_at_a_time = threading.Lock()  # each takes 64 MB while it is worked out


def hash_password(password: str) -> str:
    """The hash to store. Raises PeopleError for a password that is too short or too long."""
    if len(password) < SHORTEST:
        raise PeopleError(f"A password has at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise PeopleError(f"A password has at most {LONGEST:,} characters.")
    return _hasher.hash(password)


def check_hash(stored: str) -> None:
    """Raises PeopleError where a text is no argon2id hash."""
    try:
        kind = argon2.extract_parameters(stored).type
    except argon2.exceptions.InvalidHashError as error:
        raise PeopleError("it is no argon2 hash") from error
    if kind is not argon2.Type.ID:
        raise PeopleError("it is no hash of argon2id")


def is_password(stored: str | None, password: str) -> bool:
    """Whether a password fits a hash; for None, as slowly, never."""
    with _one_at_a_time:
        try:
            fits = _hasher.verify(stored or _of_nobody(), password[: LONGEST + 1])
        except argon2.exceptions.VerificationError:
            return False
    return fits and stored is not None


@cache
def _of_nobody() -> str:
    """A hash that takes as long to check as anybody's."""
    return _hasher.hash("nobody has this password")
