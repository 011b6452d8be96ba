"""How well a score tells two classes apart, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy

Numbers = Any  # a numpy array, or what makes one
RESAMPLES = 1000
CUTS = 200  # thresholds that are tried for the best
LENGTH_CLASSES = 10


def auroc(scores: Numbers, labels: Numbers) -> float:
    """The share of pairs of a positive and a negative in which the positive scores higher.

    Equal scores count half (Mann and Whitney, 1947). 0 to 1; both classes must be there.
    """
    scores, labels = numpy.asarray(scores, float), numpy.asarray(labels, bool)
    _, places, counts = numpy.unique(scores, return_inverse=True, return_counts=True)
    ranks = (numpy.cumsum(counts) - (counts - 1) / 2)[places]
    positive = int(labels.sum())
    above = ranks[labels].sum() - positive * (positive + 1) / 2
    return float(above / (positive * (len(labels) - positive)))


def balanced_accuracy(predicted: Numbers, labels: Numbers) -> float:
    """The mean of the shares of positives and of negatives that are seen as such, 0 to 1."""
    predicted, labels = numpy.asarray(predicted, bool), numpy.asarray(labels, bool)
    return float((predicted[labels].mean() + (~predicted[~labels]).mean()) / 2)


def best_balanced_accuracy(scores: Numbers, labels: Numbers) -> float:
    """At the threshold that is best on these very rows: what a score could reach at most."""
    scores = numpy.asarray(scores, float)
    cuts = numpy.unique(numpy.quantile(scores, numpy.linspace(0, 1, CUTS)))
    return max(balanced_accuracy(scores >= cut, labels) for cut in cuts)


def matched_auroc(scores: Numbers, labels: Numbers, lengths: Numbers) -> float | None:
    """The AUROC among rows of like length: the mean over tenths, weighted by their pairs.

    None where no tenth has both classes.
    """
    scores, labels = numpy.asarray(scores, float), numpy.asarray(labels, bool)
    order = numpy.argsort(numpy.asarray(lengths), kind="stable")
    total, pairs = 0.0, 0
    for part in numpy.array_split(order, LENGTH_CLASSES):
        positive = int(labels[part].sum())
        here = positive * (len(part) - positive)
        if here:
            total += here * auroc(scores[part], labels[part])
            pairs += here
    return total / pairs if pairs else None


def cluster_interval(
    measure: Callable[[Numbers, Numbers], float],
    scores: Numbers,
    labels: Numbers,
    groups: Sequence[str],
    *,
    seed: int = 0,
) -> tuple[float, float]:
    """The 95% percentile bootstrap interval of a measure; whole groups are drawn (Efron, 1979)."""
    scores, labels = numpy.asarray(scores), numpy.asarray(labels, bool)
    names, places = numpy.unique(numpy.asarray(groups), return_inverse=True)
    members = [numpy.flatnonzero(places == number) for number in range(len(names))]
    chance = numpy.random.default_rng(seed)
    found = []
    for _ in range(RESAMPLES):
        drawn = chance.integers(0, len(members), len(members))
        rows = numpy.concatenate([members[number] for number in drawn])
        if 0 < labels[rows].sum() < len(rows):
            found.append(measure(scores[rows], labels[rows]))
    low, high = numpy.quantile(found, [0.025, 0.975])
    return float(low), float(high)
