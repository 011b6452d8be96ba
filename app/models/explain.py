"""Each way in which a model server fails becomes one ModelError that says what to do."""

from __future__ import annotations

import json
from collections.abc import Iterator

from app.models.model import ModelError

KEPT = "; what came of it is kept"
NONSENSE = {"ValueError", "TypeError", "AttributeError", "LookupError"}  # what is read is no object
DOWN = {"ConnectError", "ConnectTimeout", "ConnectionError"}  # names of clients' error classes


def explain(
    error: Exception, *, name: str, address: str, start_hint: str, begun: bool
) -> ModelError:
    """One sentence for whatever a client library raises; ``begun``: some text had come."""
    said = _server_message(error)
    kinds = _kinds(error)
    if is_down(error):
        text = f"No model server answers at {address}. {start_hint}"
    elif kinds & {"TimeoutException", "APITimeoutError"}:
        text = (
            f"{name} at {address} has been silent for too long and was given up. "
            "Ask again, or raise seconds_without_token in settings."
        )
    elif status_of(error) == 404 or "does not exist" in said or "not found" in said:
        text = f"{address} has no model {name.split(':', 1)[1]!r}. {start_hint}"
    elif status_of(error) == 401:
        text = (
            f"{address} wants an API key, or another one ({said}). Give it in the variable "
            "CITEBOUND_API_KEY."
        )
    elif begun or kinds & {"RemoteProtocolError", "ReadError"}:
        kept = KEPT if begun else ""
        text = (
            f"The connection to {address} broke in the middle of the answer ({said}){kept}. "
            "Ask again."
        )
    elif "APIConnectionError" in kinds:
        text = f"No model server answers at {address}. {start_hint}"
    elif kinds & NONSENSE:
        text = (
            f"What answers at {address} does not speak as a server of {name} does ({said}). "
            "Look at its address in settings."
        )
    else:
        text = f"{name} at {address} failed: {said}. Look at the server's log."
    return ModelError(text)


def unfinished(*, name: str, address: str, begun: bool) -> ModelError:
    """What to say of a stream that ended without its end."""
    return ModelError(
        f"{name} stopped in the middle of the answer{KEPT if begun else ''}. "
        f"Ask again, and look at the log of the server at {address}."
    )


def is_down(error: Exception) -> bool:
    """Whether no connection came about, so that nothing can have been begun."""
    return bool(_kinds(error) & DOWN)


def status_of(error: Exception) -> int | None:
    """The HTTP status that a server refused with, if it did."""
    response = getattr(error, "response", None)
    status = getattr(error, "status_code", None) or getattr(response, "status_code", None)
    return int(status) if status else None


def _kinds(error: Exception) -> set[str]:
    return {kind.__name__ for cause in _chain(error) for kind in type(cause).__mro__}


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error with the errors that caused it: client libraries wrap what the network raised."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _server_message(error: Exception) -> str:
    """The server's own words where there are any, on one line."""
    body = getattr(error, "body", None)
    response = getattr(error, "response", None)
    said = body.get("message") if isinstance(body, dict) else None
    text = str(said or getattr(error, "error", "") or getattr(response, "text", "") or error)
    return " ".join(_without_json(text).split())[:300].rstrip(".") or type(error).__name__


def _without_json(text: str) -> str:
    """The message in a server's JSON, which is ``{"error": ...}`` in each of their kinds."""
    try:
        found = json.loads(text).get("error")
    except (ValueError, AttributeError):
        return text
    if isinstance(found, dict):
        found = found.get("message")
    return str(found or text)
