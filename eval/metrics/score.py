"""A score: a value, or a named reason for having none. Never NaN, never a silent zero."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Score:
    """What a metric says of one answer.

    ``value`` is 0 to 1, or in the metric's own unit (seconds, tokens); None where there is none,
    and then ``reason`` says why: ``not applicable: ...`` where the metric does not apply to the
    case, ``unscored: ...`` where it does and could not be had. ``explanation`` is for a reader.
    """

    value: float | None
    reason: str = ""
    explanation: str = ""

    def __post_init__(self) -> None:
        if self.value is not None and not math.isfinite(self.value):
            raise ValueError(f"a score of {self.value} is none")
        if (self.value is None) != bool(self.reason):
            raise ValueError("a score has a value, or a reason for having none")

    @property
    def is_unscored(self) -> bool:
        """Whether there should be a value and is none."""
        return self.reason.startswith("unscored")


def not_applicable(why: str) -> Score:
    """No score, since the metric does not apply."""
    return Score(None, f"not applicable: {why}")


def unscored(why: str) -> Score:
    """No score, although there should be one."""
    return Score(None, f"unscored: {why}")
