"""Scores of many cases -> a mean with its standard error and interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy

from eval.metrics.score import Score

RESAMPLES = 2000
LEVEL = 0.95
FEWER = 8  # times fewer distinct values than values, as of scores that are 0 or 1


@dataclass(frozen=True)
class Summary:
    """A metric over cases: ``n`` have a value; those it does not apply to count nowhere.

    ``mean`` is None where no case has a value, ``standard_error`` and ``interval`` (95%, percentile
    bootstrap over cases, Efron, 1979) where fewer than two have.
    """

    mean: float | None
    n: int
    unscored: int
    not_applicable: int
    standard_error: float | None
    interval: tuple[float, float] | None

    @property
    def coverage(self) -> float:
        """The share that has a value, of the cases that the metric applies to; 1 where none."""
        asked = self.n + self.unscored
        return self.n / asked if asked else 1.0


def summarise(scores: Sequence[Score], *, seed: int = 0) -> Summary:
    """The summary of one metric's scores."""
    values = numpy.array([score.value for score in scores if score.value is not None])
    unscored = sum(score.is_unscored for score in scores)
    several = len(values) > 1
    return Summary(
        mean=float(values.mean()) if len(values) else None,
        n=len(values),
        unscored=unscored,
        not_applicable=len(scores) - len(values) - unscored,
        standard_error=float(values.std(ddof=1) / len(values) ** 0.5) if several else None,
        interval=bootstrap_interval(values, seed=seed) if several else None,
    )


def bootstrap_interval(
    values: Sequence[float] | numpy.ndarray, *, seed: int
) -> tuple[float, float]:
    """The 95% percentile interval of the mean; at least one value."""
    array = numpy.asarray(values, float)
    low, high = numpy.quantile(
        _resampled_means(array, numpy.random.default_rng(seed)), [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    )
    return float(low), float(high)


def _resampled_means(values: numpy.ndarray, chance: numpy.random.Generator) -> numpy.ndarray:
    """The means of samples drawn from values [n] with replacement."""
    n = len(values)
    distinct, counts = numpy.unique(values, return_counts=True)
    if len(distinct) * FEWER <= n:  # how often each is drawn is told by one draw
        drawn = chance.multinomial(n, counts / n, RESAMPLES)
        return numpy.asarray(drawn @ distinct / n)
    return numpy.array([values[chance.integers(0, n, n)].mean() for _ in range(RESAMPLES)])
