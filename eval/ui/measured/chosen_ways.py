"""Models and strategies that were chosen -> the ways to answer that a run compares."""

from __future__ import annotations

from collections.abc import Sequence

from app.settings import AnswerSettings
from eval.runs.ways import Way, ways_of

EXTRACTIVE = "extractive"  # it has one way of its own, whichever is chosen


def chosen_ways(
    settings: AnswerSettings, models: Sequence[str], strategies: Sequence[str]
) -> list[Way]:
    """Every model in every way; each has the name that a matrix on the command line gives it."""
    writing = [model.strip() for model in models if model.strip() not in ("", EXTRACTIVE)]
    ways: list[Way] = []
    if writing and strategies:
        ways += ways_of(settings, {"model": writing, "strategy": list(strategies)})
    if EXTRACTIVE in models:
        ways += ways_of(settings, {"model": [EXTRACTIVE]})
    if len({way.settings.model for way in ways}) > 1 and len(writing) == 1:
        return [Way(_full_name(way), way.settings) for way in ways]
    return ways


def _full_name(way: Way) -> str:
    model, strategy = way.settings.model, way.settings.strategy
    return model if model == EXTRACTIVE else f"{model}, {strategy}"
