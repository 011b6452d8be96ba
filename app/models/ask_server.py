"""Small questions to a model server: what it has, and how many tokens a text is."""

from __future__ import annotations

from typing import Any

import httpx

SECONDS_TO_LOOK = 2.0  # for a server on this machine to say what models it has


def look(
    url: str, body: dict[str, Any] | None = None, *, key: str | None = None
) -> dict[str, Any] | None:
    """What a server says at once, or None: the model's own call then tells what is wrong."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        if body is None:
            response = httpx.get(url, timeout=SECONDS_TO_LOOK, headers=headers)
        else:
            response = httpx.post(url, json=body, timeout=SECONDS_TO_LOOK, headers=headers)
        found = response.raise_for_status().json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return None
    return found if isinstance(found, dict) else None
