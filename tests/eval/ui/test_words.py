"""Figures as a newcomer reads them."""

from __future__ import annotations

import pytest

from eval.metrics.metric import METRICS
from eval.metrics.score import Score
from eval.metrics.summary import summarise
from eval.ui.measured.at_work import duration
from eval.ui.measured.words import (
    TITLES,
    difference,
    difference_interval,
    figure,
    figure_and_interval,
    metric_meaning,
    when,
)


def test_shares_are_percent_and_others_have_their_unit() -> None:
    assert figure("token_f1", 0.5194) == "51.9%"
    assert figure("claims_supported", 1.0) == "100%"
    assert figure("seconds", 0.291) == "0.29 s"
    assert figure("token_f1", None) == "–"
    assert difference("token_f1", -0.071) == "-7.1 points"
    assert difference("token_f1", -0.00001) == "0 points"
    assert difference("seconds", 0.5) == "+0.50 s"
    assert difference_interval("token_f1", (-0.1, 0.25)) == "-10.0 to +25.0"
    told = figure_and_interval("token_f1", summarise([Score(0.0), Score(1.0)]))
    assert told == "50%  \n:small[0 to 100%]"


def test_what_less_is_better_of_says_so() -> None:
    assert metric_meaning("hallucination").endswith("; less is better.")
    assert set(TITLES) <= set(METRICS)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.2, "about 1 s"), (59, "about 59 s"), (150, "about 2 min"), (5400, "about 1.5 h")],
)
def test_the_time_left_is_told_roughly(seconds: float, told: str) -> None:
    assert duration(seconds) == told


def test_a_time_that_is_none_is_told_as_it_stands() -> None:
    assert when("yesterday") == "yesterday"
