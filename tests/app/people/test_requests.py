"""What the server refuses before anything is done, and the cookie that it sets."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from app.people.cookie import ADDRESS, HEADER, cookie_name, session_route
from app.people.origin import OnlyOwnPages, is_own
from app.people.sign_in import NEEDED, SESSIONS
from app.people.uploads import UPLOADERS, UPLOADS, RefuseUploads

BASE = "http://127.0.0.1:8501"


@pytest.fixture
def client() -> Iterator[TestClient]:
    async def taken(_: object) -> PlainTextResponse:
        return PlainTextResponse("taken")

    app = Starlette(
        routes=[session_route(), Route(UPLOADS + "{page}/{file}", taken, methods=["PUT"])],
        middleware=[Middleware(OnlyOwnPages), Middleware(RefuseUploads)],
    )
    with TestClient(app, base_url=BASE) as client:
        yield client


def test_a_ticket_gets_a_cookie_that_scripts_and_other_sites_cannot_use(client: TestClient) -> None:
    answer = client.post(ADDRESS, headers={HEADER: SESSIONS.begin("ada", "hash", hours=1)})
    assert answer.status_code == 204
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie
    assert "Max-Age=3" in cookie
    token = answer.cookies[cookie_name()]
    assert SESSIONS.find(token) is not None
    assert client.delete(ADDRESS, headers={HEADER: "end"}).status_code == 204
    assert SESSIONS.find(token) is None
    assert not client.cookies


def test_behind_a_proxy_with_tls_the_cookie_is_sent_encrypted_only(client: TestClient) -> None:
    ticket = SESSIONS.begin("ada", "hash", hours=1)
    headers = {HEADER: ticket, "X-Forwarded-Proto": "https"}
    assert "Secure" in client.post(ADDRESS, headers=headers).headers["set-cookie"]


def test_without_a_good_ticket_or_from_a_form_there_is_no_cookie(client: TestClient) -> None:
    ticket = SESSIONS.begin("ada", "hash", hours=1)
    for headers in ({}, {HEADER: ""}, {HEADER: "guessed"}):
        answer = client.post(ADDRESS, data={"ticket": ticket}, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
    assert client.delete(ADDRESS).status_code == 403


def test_only_the_pages_of_who_may_upload_can(client: TestClient) -> None:
    UPLOADERS.allow("admins-page", True)
    assert client.put(UPLOADS + "admins-page/1", content=b"x").text == "taken"
    assert client.put(UPLOADS + "another-page/1", content=b"x").status_code == 403
    UPLOADERS.allow("admins-page", False)
    assert client.put(UPLOADS + "admins-page/1", content=b"x").status_code == 403


@pytest.mark.parametrize(
    ("host", "origin", "alone", "with_people"),
    [
        ("127.0.0.1:8501", None, True, True),
        ("localhost:8501", "http://localhost:8501", True, True),
        ("[::1]:8501", "http://[::1]:8501", True, True),
        ("127.0.0.1:8501", "http://127.0.0.1:9000", False, False),
        ("127.0.0.1:8501", "http://evil.example", False, False),
        ("127.0.0.1:8501", "null", False, False),
        ("evil.example:8501", "http://evil.example:8501", False, True),
        ("docs.example.org", "https://docs.example.org", False, True),
        ("", None, False, True),
    ],
)
def test_another_sites_page_asks_in_vain(
    host: str,
    origin: str | None,
    alone: bool,
    with_people: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    headers = {b"host": host.encode()} | ({b"origin": origin.encode()} if origin else {})
    assert is_own(headers) is alone
    monkeypatch.setenv(NEEDED, "1")
    assert is_own(headers) is with_people


def test_no_page_of_another_site_may_show_an_answer_within_itself(client: TestClient) -> None:
    for answer in (client.get("/"), client.delete(ADDRESS, headers={HEADER: "end"})):
        assert answer.headers["content-security-policy"] == "frame-ancestors 'self'"


def test_a_refused_request_is_told_nothing(client: TestClient) -> None:
    answer = client.post(ADDRESS, headers={HEADER: "x", "Origin": "http://evil.example"})
    assert (answer.status_code, answer.text) == (403, "Another site asked.")
