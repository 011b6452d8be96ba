"""Sampling by the names that a server has for its options."""

from __future__ import annotations

from app.models.model import Sampling

COMMON_NAMES = {name: name for name in ("temperature", "seed", "top_p", "top_k", "min_p", "stop")}


def given_options(sampling: Sampling, names: dict[str, str]) -> dict[str, object]:
    """The options that are set; ``names`` are the server's, by ours."""
    values = {name: getattr(sampling, field) for field, name in names.items()}
    if "stop" in values:
        values["stop"] = list(sampling.stop) or None
    return {name: value for name, value in values.items() if value is not None}
