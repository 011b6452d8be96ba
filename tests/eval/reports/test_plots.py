"""Plots show what the numbers beside them say."""

from __future__ import annotations

import pytest
from lxml import etree

from eval.reports.plots import (
    WHISKER_WIDTH,
    Point,
    quality_against_seconds,
    share_bar,
    table_of_four,
    whisker,
)


def drawn(svg: str, path: str) -> list[etree._Element]:
    found = etree.fromstring(svg).xpath(path)
    assert isinstance(found, list)
    return [one for one in found if isinstance(one, etree._Element)]


def point(label: str, seconds: float, quality: float, *, best: bool = False) -> Point:
    return Point(label, f"setting {label} <b>", seconds, quality, (quality - 0.1, quality), best)


def test_a_mean_stands_between_the_ends_of_its_interval() -> None:
    svg = whisker(0.5, (0.25, 1.0), 0.0, 1.0)
    (mean,) = drawn(svg, "//circle")
    (interval,) = drawn(svg, "//line[@class='interval']")
    middle = WHISKER_WIDTH / 2
    assert float(mean.get("cx", "")) == middle
    assert float(interval.get("x1", "")) == pytest.approx(4 + (middle - 4) / 2, abs=0.1)
    assert float(interval.get("x2", "")) == WHISKER_WIDTH - 4


def test_zero_is_marked_where_a_line_goes_over_it() -> None:
    assert len(drawn(whisker(0.1, None, -1.0, 1.0), "//line[@class='zero']")) == 1
    assert drawn(whisker(0.1, None, 0.0, 1.0), "//line[@class='zero']") == []


def test_a_metric_without_a_value_has_an_empty_line() -> None:
    svg = whisker(None, None, 0.0, 1.0)
    assert [one.get("class") for one in drawn(svg, "/svg/*")] == ["rail"]


def test_shares_fill_the_bar() -> None:
    parts = drawn(share_bar({"right": 3, "wrong": 1, "error": 0}, width=200), "//rect")
    assert [(one.get("class"), float(one.get("width", ""))) for one in parts] == [
        ("part right", 150.0), ("part wrong", 50.0),
    ]  # fmt: skip
    assert drawn(share_bar({"right": 0}), "//rect") == []


def test_the_table_of_four_counts_both_ways_of_being_right() -> None:
    counts = {(True, False): 8, (True, True): 2, (False, True): 5}
    svg = table_of_four(counts)
    assert [one.text for one in drawn(svg, "//text[@class='count']")] == ["8", "2", "0", "5"]
    kinds = [one.get("class", "").split()[1] for one in drawn(svg, "//rect")]
    assert kinds == ["good", "bad", "bad", "good"]


def test_better_is_higher_and_slower_is_further_right() -> None:
    points = [point("1", 0.0, 0.5), point("2", 2.4, 0.9, best=True)]
    one, other = drawn(quality_against_seconds(points), "//circle")
    assert float(one.get("cx", "")) < float(other.get("cx", ""))
    assert float(one.get("cy", "")) > float(other.get("cy", ""))
    assert (one.get("class"), other.get("class")) == ("point", "point best")


@pytest.mark.parametrize(
    ("points", "ticks"),
    [
        ([(0.3, 0.5), (2.4, 0.9)], ["0.4", "0.5", "0.6", "0.7", "0.8", "0.9"]),
        ([(0.3, 1.0), (120.0, 0.1)], ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        ([(0.0, 0.1)], ["0", "0.02", "0.04", "0.06", "0.08", "0.1"]),
    ],
)
def test_ticks_are_round_and_hold_all_points(
    points: list[tuple[float, float]], ticks: list[str]
) -> None:
    svg = quality_against_seconds([point("1", *one) for one in points])
    assert [one.text for one in drawn(svg, "//text[@class='side']")] == ticks
