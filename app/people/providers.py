"""Signing in with a provider (OpenID Connect): ``secrets.toml``, beside the settings file.

Streamlit does the signing in; here is checked what it needs, and decided what a person is called.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.people.person import PeopleError, Person, clean_name
from app.people.private_file import read_private
from app.people.settings import PageSettings, secrets_file

logger = logging.getLogger(__name__)

DEFAULT = "default"  # what Streamlit calls the provider of [auth] itself
CALLBACK = "/oauth2callback"


class _Provider(BaseModel):
    model_config = ConfigDict(extra="allow")

    client_id: str = Field(min_length=1)
    client_secret: str = Field(min_length=1)
    server_metadata_url: str = Field(pattern=r"^https?://")


class _Auth(BaseModel):
    model_config = ConfigDict(extra="allow")

    redirect_uri: str = Field(pattern=rf"^https?://[^/]+{CALLBACK}$")
    cookie_secret: str = Field(min_length=32)


def read_providers() -> tuple[str, ...]:
    """The names of the providers that people can sign in with, as Streamlit knows them.

    Raises PeopleError naming what is missing or wrong.
    """
    auth = read_private(secrets_file()).get("auth")
    if auth is None:
        return ()
    if not isinstance(auth, dict):
        raise PeopleError(f"{secrets_file()}: auth has to be a table, [auth].")
    _check(_Auth, auth, "auth")
    named = {name: table for name, table in auth.items() if _is_provider(table)}
    if "_" in "".join(named):
        raise PeopleError(f"{secrets_file()}: a provider's name holds no underscore.")
    for name, table in named.items():
        _check(_Provider, table, f"auth.{name}")
    if "client_id" in auth or not named:
        _check(_Provider, auth, "auth")
        return (DEFAULT, *named)
    return tuple(named)


def provider_hosts() -> tuple[str, ...]:
    """The hosts that this server asks when somebody signs in with a provider. Raises PeopleError.

    A provider may name others there, which are known only once it was asked.
    """
    if not read_providers():
        return ()
    auth = read_private(secrets_file())["auth"]
    tables = [auth, *(table for table in auth.values() if _is_provider(table))]
    urls = [str(table["server_metadata_url"]) for table in tables if "client_id" in table]
    return tuple(dict.fromkeys(urlsplit(url).hostname or "" for url in urls))


def person_of(user: Mapping[str, Any], settings: PageSettings) -> Person | None:
    """Who a provider says it is; None where nobody is signed in, or not any more.

    A person is called by their address of email where the provider has verified it, else by
    ``provider:subject``: a subject may be anything, so by itself it could be another's address.
    Who has neither that can be a name is nobody.
    """
    signed_in = user.get("is_logged_in") is True
    since = user.get("iat")
    if not signed_in or not isinstance(since, int | float):
        return None
    if time.time() - since > settings.session_hours * 3600:
        return None
    name = _name_of(user)
    if name is None:
        return None
    return Person(name, admin=name in {clean_name(admin) for admin in settings.admins})


def _name_of(user: Mapping[str, Any]) -> str | None:
    names = [str(user["email"])] if user.get("email_verified") is True and user.get("email") else []
    names += [f"{user.get('provider', DEFAULT)}:{user['sub']}"] if user.get("sub") else []
    for name in names:
        try:
            return clean_name(name)
        except PeopleError as error:
            logger.warning("what a provider calls somebody is not used: %s", error)
    return None


def _is_provider(table: object) -> bool:
    return isinstance(table, dict) and "client_id" in table


def _check(model: type[BaseModel], table: Mapping[str, Any], place: str) -> None:
    try:
        model.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        field = f"{place}.{first['loc'][0]}"
        raise PeopleError(f"{secrets_file()} is not valid at {field}: {first['msg']}.") from error
