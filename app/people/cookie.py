"""The cookie of a sign-in: set and taken away by two requests that the page's browser makes.

Scripts of the page cannot read the cookie (HttpOnly) and other sites cannot have it sent
(SameSite=Strict). Both requests carry a header that another site's page may not send.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.people.sign_in import SESSIONS

ADDRESS = "/citebound/session"
HEADER = "x-citebound"
LONGEST_TICKET = 100


def cookie_name() -> str:
    """The cookie's name, with the port: browsers give the cookies of a host to all its ports."""
    from streamlit import config

    return f"citebound_{config.get_option('server.port')}"


def session_route() -> Route:
    """What answers the page's browser."""
    return Route(ADDRESS, _answer, methods=["POST", "DELETE"])


async def _answer(request: Request) -> Response:
    if HEADER not in request.headers:
        return Response(status_code=403)
    return _take_away(request) if request.method == "DELETE" else _give(request)


def _give(request: Request) -> Response:
    redeemed = SESSIONS.redeem(request.headers[HEADER][:LONGEST_TICKET])
    if redeemed is None:
        return Response(status_code=403)
    token, seconds = redeemed
    response = Response(status_code=204)
    response.set_cookie(
        cookie_name(), token, max_age=seconds, httponly=True, samesite="strict",
        secure=_is_encrypted(request),
    )  # fmt: skip
    return response


def _take_away(request: Request) -> Response:
    SESSIONS.end(request.cookies.get(cookie_name(), ""))
    response = Response(status_code=204)
    response.delete_cookie(
        cookie_name(), httponly=True, samesite="strict", secure=_is_encrypted(request)
    )
    return response


def _is_encrypted(request: Request) -> bool:
    """Whether the browser speaks TLS, to us or to a proxy before us."""
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto"))
