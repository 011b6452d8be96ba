"""Signing in with a provider: the file that says which, and what a person is called."""

import time

import pytest

from app.people.person import PeopleError, Person
from app.people.providers import person_of, provider_hosts, read_providers
from app.people.settings import PageSettings, secrets_file

AUTH = f"""
[auth]
redirect_uri = "https://docs.example.org/oauth2callback"
cookie_secret = "{"k" * 32}"
"""
PROVIDER = """
client_id = "citebound"
client_secret = "s"
server_metadata_url = "https://id.example.org/.well-known/openid-configuration"
"""


def write_secrets(text: str) -> None:
    secrets_file().write_text(text)
    secrets_file().chmod(0o600)


@pytest.mark.parametrize(
    ("text", "providers"),
    [
        ("", ()),
        ("[other]\nkey = 1\n", ()),
        (AUTH + PROVIDER, ("default",)),
        (AUTH + "[auth.google]" + PROVIDER + "[auth.acme]" + PROVIDER, ("google", "acme")),
        (AUTH + PROVIDER + "[auth.client_kwargs]\nscope = 'openid'\n", ("default",)),
    ],
)
def test_providers_are_read(text: str, providers: tuple[str, ...]) -> None:
    write_secrets(text)
    assert read_providers() == providers


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("auth = 3", "auth has to be a table"),
        ("[auth]\n", r"at auth\.redirect_uri: Field required"),
        (AUTH.replace("/oauth2callback", "/") + PROVIDER, r"at auth\.redirect_uri"),
        (AUTH.replace("k" * 32, "short") + PROVIDER, r"at auth\.cookie_secret: .*32 characters"),
        (AUTH, r"at auth\.client_id: Field required"),
        (AUTH + "[auth.a_b]" + PROVIDER, "holds no underscore"),
        (AUTH + "[auth.acme]\nclient_id = 'x'\n", r"at auth\.acme\.client_secret"),
    ],
)
def test_what_is_missing_is_named(text: str, complaint: str) -> None:
    write_secrets(text)
    with pytest.raises(PeopleError, match=complaint) as caught:
        read_providers()
    assert str(secrets_file()) in str(caught.value)


def test_secrets_that_others_can_open_are_refused() -> None:
    write_secrets(AUTH + PROVIDER)
    secrets_file().chmod(0o644)
    with pytest.raises(PeopleError, match="chmod 600"):
        read_providers()


def claims(**more: object) -> dict[str, object]:
    return {"is_logged_in": True, "iat": time.time(), "sub": "42", "provider": "acme", **more}


def test_a_person_is_called_by_an_address_that_was_verified_only() -> None:
    settings = PageSettings(admins=("Ada@Example.org", "acme:42"))
    ada = Person("ada@example.org", admin=True)
    assert person_of(claims(email="Ada@example.org", email_verified=True), settings) == ada
    for verified in (False, None, "true", 1):
        unproved = claims(email="ada@example.org", email_verified=verified)
        assert person_of(unproved, settings) == Person("acme:42", admin=True)
    assert person_of(claims(sub="ada@example.org"), settings) == Person(
        "acme:ada@example.org", admin=False
    )


def test_an_address_that_can_be_no_name_gives_way_to_the_subject() -> None:
    settings = PageSettings()
    for email, name in [
        ("o'Brien@example.org", "o'brien@example.org"),
        ('"Ada Lovelace"@example.org', "acme:42"),
    ]:
        person = person_of(claims(email=email, email_verified=True), settings)
        assert person == Person(name, admin=False)
    assert person_of(claims(sub="a b"), settings) is None


def test_the_hosts_of_providers_are_known() -> None:
    assert provider_hosts() == ()
    other = PROVIDER.replace("id.example.org", "id.example.com:8443")
    write_secrets(AUTH + PROVIDER + "[auth.google]" + PROVIDER + "[auth.acme]" + other)
    assert provider_hosts() == ("id.example.org", "id.example.com")


def test_who_is_not_signed_in_or_too_long_ago_is_nobody() -> None:
    settings = PageSettings(session_hours=1)
    assert person_of({}, settings) is None
    assert person_of({"is_logged_in": False}, settings) is None
    assert person_of(claims(iat=None), settings) is None
    assert person_of(claims(iat=time.time() - 3601), settings) is None
    assert person_of(claims(iat=time.time() - 3500), settings) is not None
    assert person_of(claims(sub=""), settings) is None
