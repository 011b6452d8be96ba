"""Boosted decision trees, read from plain numbers: what the fit in benchmarks/ has written.

A tree is a number, which is what it adds, or a list: the feature that it looks at, the most that
goes left, and the trees on the left and on the right (Friedman, 2001).
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Tree = Any  # a number, or [feature, most, left, right]


@dataclass(frozen=True)
class Trees:
    """``start`` and what each tree adds are log odds; ``features`` are the names, in order."""

    features: tuple[str, ...]
    start: float
    trees: tuple[Tree, ...]

    def probability(self, features: Sequence[float]) -> float:
        """Of the positive class, 0 to 1."""
        odds = self.start + sum(_walk(tree, features) for tree in self.trees)
        return 1.0 / (1.0 + math.exp(-odds))


def _walk(tree: Tree, features: Sequence[float]) -> float:
    while isinstance(tree, list):
        feature, most, left, right = tree
        tree = left if features[feature] <= most else right
    return float(tree)


@cache
def shipped_trees() -> Trees:
    """The trees that score claims."""
    stored = json.loads(files("app.grounding").joinpath("trees.json").read_text("utf8"))
    return Trees(tuple(stored["features"]), stored["start"], tuple(stored["trees"]))
