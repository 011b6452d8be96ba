"""A person who uses the page, and what people may be called."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ingest.errors import CiteboundError

LONGEST_TEXT = 1000  # that is looked at
LONGEST_ADDRESS = 254
NAME = re.compile(rf"\w[\w.@+-]{{0,{LONGEST_ADDRESS - 1}}}")
# What RFC 5322 lets stand before the @ without quotes, and a host's name.
EMAIL = re.compile(r"[\w!#$%&'*+/=?^`{|}~.-]{1,64}@[\w.-]{1,190}")
NAME_AT_PROVIDER = re.compile(r"\w[\w-]*:[!-~]{1,255}")  # provider:subject; see oidc.py


class PeopleError(CiteboundError):
    """People, their passwords or what is shared with them cannot be read or written as asked."""


@dataclass(frozen=True)
class Person:
    """A visitor; ``name`` is empty for the one person who runs the program for themselves."""

    name: str
    admin: bool


OWNER = Person("", admin=True)


def clean_name(text: str) -> str:
    """A name in the one way that it is stored: lower case, no spaces around it.

    Raises PeopleError saying what a name may hold.
    """
    name = unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).strip()
    if NAME_AT_PROVIDER.fullmatch(name):
        return name
    if not NAME.fullmatch(name) and not EMAIL.fullmatch(name):
        raise PeopleError(
            f"{name[:64]!r} cannot be a name: it begins with a letter or digit and holds letters, "
            "digits and . _ @ + - only, or is an address of email."
        )
    return name.casefold()
