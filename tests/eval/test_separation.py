"""Measures of how well a score tells two classes apart, on rows that are known by hand."""

from __future__ import annotations

import numpy
import pytest

from eval.separation import (
    auroc,
    balanced_accuracy,
    best_balanced_accuracy,
    cluster_interval,
    matched_auroc,
)


def test_the_auroc_is_the_share_of_pairs_in_order() -> None:
    assert auroc([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1]) == 1.0
    assert auroc([0.1, 0.8, 0.2, 0.9], [0, 0, 1, 1]) == 0.75
    assert auroc([0.5, 0.5, 0.5], [0, 1, 1]) == 0.5
    assert auroc([0.9, 0.1], [0, 1]) == 0.0


def test_balanced_accuracy_does_not_profit_from_the_larger_class() -> None:
    labels = [1] + [0] * 9
    assert balanced_accuracy([False] * 10, labels) == 0.5
    assert balanced_accuracy([True] + [False] * 9, labels) == 1.0
    assert best_balanced_accuracy([3] + [1] * 9, labels) == 1.0
    assert best_balanced_accuracy([0] * 10, labels) == 0.5


def test_a_score_that_only_knows_the_length_is_blind_among_rows_of_like_length() -> None:
    chance = numpy.random.default_rng(0)
    lengths = chance.integers(1, 100, 4000)
    labels = chance.random(4000) < lengths / 100
    assert auroc(lengths, labels) > 0.8
    matched = matched_auroc(lengths, labels, lengths)
    assert matched is not None
    assert matched < 0.6
    assert matched_auroc([1.0, 2.0], [1, 0], [1, 2]) is None


def test_the_interval_is_wider_where_rows_belong_together() -> None:
    chance = numpy.random.default_rng(1)
    labels = numpy.repeat(chance.random(40) < 0.5, 20)
    scores = labels + numpy.repeat(chance.normal(0, 1.0, 40), 20)
    alone = cluster_interval(auroc, scores, labels, [str(n) for n in range(800)])
    together = cluster_interval(auroc, scores, labels, [str(n // 20) for n in range(800)])
    assert together[0] < alone[0] < auroc(scores, labels) < alone[1] < together[1]
    assert cluster_interval(auroc, scores, labels, ["a"] * 400 + ["b"] * 400, seed=3) == (
        pytest.approx(cluster_interval(auroc, scores, labels, ["a"] * 400 + ["b"] * 400, seed=3))
    )
