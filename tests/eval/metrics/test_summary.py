"""Means with what is known of them, and two runs compared case by case."""

from __future__ import annotations

import numpy
import pytest

from eval.metrics.paired import paired_difference
from eval.metrics.score import Score, not_applicable, unscored
from eval.metrics.summary import bootstrap_interval, summarise


def test_a_mean_is_over_values_alone_and_says_what_is_missing() -> None:
    scores = [Score(1.0), Score(0.0), Score(1.0), unscored("rubbish"), not_applicable("no number")]
    found = summarise(scores)
    assert found.mean == pytest.approx(2 / 3)
    assert (found.n, found.unscored, found.not_applicable) == (3, 1, 1)
    assert found.coverage == 3 / 4
    assert found.standard_error == pytest.approx(numpy.std([1, 0, 1], ddof=1) / 3**0.5)
    assert found.interval is not None
    assert found.interval[0] <= 2 / 3 <= found.interval[1]


def test_no_value_is_no_mean_and_one_value_no_interval() -> None:
    none, one = summarise([unscored("late")]), summarise([Score(0.5)])
    assert (none.mean, none.standard_error, none.interval, none.coverage) == (None, None, None, 0)
    assert (one.mean, one.standard_error, one.interval) == (0.5, None, None)
    assert summarise([]).coverage == summarise([not_applicable("x")]).coverage == 1.0


def test_an_interval_has_the_true_mean_about_as_often_as_it_says() -> None:
    chance = numpy.random.default_rng(1)
    hits = 0
    for seed in range(200):
        low, high = bootstrap_interval((chance.random(60) < 0.3).astype(float), seed=seed)
        hits += low <= 0.3 <= high
    assert 0.88 <= hits / 200 <= 0.99


def test_an_interval_is_as_wide_as_the_normal_one_of_many_values() -> None:
    for values in (numpy.arange(5000) % 2, numpy.random.default_rng(0).random(5000)):
        low, high = bootstrap_interval(values.astype(float), seed=0)
        assert high - low == pytest.approx(2 * 1.96 * values.std() / 5000**0.5, rel=0.1)


def test_the_same_seed_gives_the_same_interval() -> None:
    values = [0.0, 0.3, 0.7, 1.0]
    assert bootstrap_interval(values, seed=3) == bootstrap_interval(values, seed=3)


def test_a_clear_change_is_told_from_chance_and_none_is_not() -> None:
    before = [0.0] * 30 + [1.0] * 10
    better = paired_difference(before, [1.0] * 12 + before[12:])
    assert (better.mean, better.n, better.higher, better.lower) == (12 / 40, 40, 12, 0)
    assert better.p_value < 0.001
    assert better.interval[0] > 0
    same = paired_difference(before, before)
    assert (same.mean, same.interval, same.p_value) == (0.0, (0.0, 0.0), 1.0)


def test_the_p_value_is_that_of_all_sign_flips() -> None:
    # Of the 8 signings of (1, 1, 1), two are as far from 0 as the one seen.
    found = paired_difference([0, 0, 0], [1, 1, 1])
    assert found.p_value == pytest.approx(2 / 8, abs=0.02)


def test_p_values_of_mere_chance_are_spread_evenly() -> None:
    chance = numpy.random.default_rng(5)
    values = [
        paired_difference(list(chance.random(20)), list(chance.random(20)), seed=seed).p_value
        for seed in range(60)
    ]
    assert sum(value < 0.5 for value in values) / 60 == pytest.approx(0.5, abs=0.2)
