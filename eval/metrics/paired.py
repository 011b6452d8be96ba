"""The same cases scored twice -> how much better the second time is, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy

from eval.metrics.summary import bootstrap_interval

PERMUTATIONS = 10_000
TOGETHER = 100  # permutations, so that memory stays small
EQUAL = 1e-9  # a smaller difference is none


@dataclass(frozen=True)
class PairedDifference:
    """After less before, over ``n`` cases; ``interval`` is the 95% paired bootstrap's.

    ``p_value`` is that of a two-sided sign-flip test (Fisher, 1935): how often differences as large
    would come about if before and after were the same. ``higher`` and ``lower`` count cases.
    """

    mean: float
    interval: tuple[float, float]
    p_value: float
    n: int
    higher: int
    lower: int


def paired_difference(
    before: Sequence[float], after: Sequence[float], *, seed: int = 0
) -> PairedDifference:
    """Compare two scores of the same cases, in the same order; at least one case."""
    differences = numpy.asarray(after, float) - numpy.asarray(before, float)
    return PairedDifference(
        mean=float(differences.mean()),
        interval=bootstrap_interval(differences, seed=seed),
        p_value=_sign_flip_p_value(differences, seed),
        n=len(differences),
        higher=int((differences > EQUAL).sum()),
        lower=int((differences < -EQUAL).sum()),
    )


def _sign_flip_p_value(differences: numpy.ndarray, seed: int) -> float:
    told = numpy.abs(differences[numpy.abs(differences) > EQUAL])
    if not len(told):
        return 1.0
    sizes, counts = numpy.unique(told, return_counts=True)
    chance = numpy.random.default_rng(seed)
    seen = abs(float(differences.sum()))
    as_large = 0
    for _ in range(PERMUTATIONS // TOGETHER):
        positive = chance.binomial(counts, 0.5, (TOGETHER, len(counts)))
        sums = numpy.abs((2 * positive - counts) @ sizes)
        as_large += int((sums >= seen - EQUAL).sum())
    return (as_large + 1) / (PERMUTATIONS + 1)
