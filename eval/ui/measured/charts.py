"""Plots of scores with their intervals, of outcomes, and of quality against cost.

They are Vega-Lite. What each says stands in a table beside it as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from eval.compare import Comparison
from eval.leaderboard import Leaderboard, Row
from eval.reports.figures import RunFigures
from eval.reports.metric_names import headlines, metric_named
from eval.reports.outcome import OUTCOMES
from eval.ui.measured.words import metric_title

ROW, BAR, SQUARE, AROUND = 30, 40, 320, 90  # heights, in pixels; the last of axis and legend
FOR_A_WAY = 0.5  # of a row, that each further way takes
LEGEND_COLUMNS = 3  # so that it fits on a phone
LEAST_REACH = 0.2  # of an axis of differences, so that small ones look small
COLOURS = {  # told apart by people who do not see all colours, on light and on dark
    "right": "#2a9d6f", "unscored": "#9aa0a6", "unproved": "#e0a800", "wrong": "#d9622b",
    "refused": "#5b8def", "invented": "#b0539b", "obeyed": "#8a4fb0", "error": "#747a80",
}  # fmt: skip
GREY, BLUE = COLOURS["unscored"], "#3a7cc0"
WAYS = ("#3a7cc0", "#d9822b", "#2a9d6f", "#a4508b", "#8c8c3a", "#c0504d", "#5f9ea0", "#7d6bb0")
VERDICTS = {"better": COLOURS["right"], "worse": COLOURS["wrong"], "not sure": GREY}
KINDS = {"best buy": BLUE, "other": GREY}
TIPS = [{"field": name} for name in ("place", "way", "quality", "low", "high", "cost")]
PERCENT = {"format": ".0%", "tickCount": 6}
SIDE = {"title": None, "labelLimit": 240}  # an axis of names

Part = dict[str, Any]


def show_scores(figures: RunFigures) -> None:
    """The means of the chief shares on lines with their intervals, the ways beside each other."""
    values = _score_values(figures)
    if not values:
        return
    ways = len(figures.settings)
    shared: Part = {"y": {"field": "metric", "sort": None, "axis": SIDE}}
    if ways > 1:
        shared["yOffset"] = {"field": "way", "sort": None}
        shared["color"] = {
            "field": "way",
            "sort": None,
            "scale": {"range": WAYS},
            "legend": {"title": None, "orient": "top", "labelLimit": 300},
        }
    across = {"scale": {"domain": [0, 1]}, "axis": {"title": "share of the cases", **PERCENT}}
    metrics = len({value["metric"] for value in values})
    _show(
        _lines_and_points("mean", shared, across),
        values,
        height=round(ROW * metrics * (1 + FOR_A_WAY * (ways - 1))) + AROUND,
        alt="Means with their 95% intervals; the table below has the same figures.",
    )


def _score_values(figures: RunFigures) -> list[Part]:
    values = []
    for name in headlines(figures.manifest.metrics):
        for setting in figures.settings:
            found = setting.metrics[name].summary
            if metric_named(name).unit or found.mean is None:
                continue
            low, high = found.interval or (found.mean, found.mean)
            values.append(
                {"metric": metric_title(name), "way": setting.name, "mean": round(found.mean, 3),
                 "low": round(low, 3), "high": round(high, 3)}
            )  # fmt: skip
    return values


def show_outcomes(figures: RunFigures) -> None:
    """A bar for each way: what became of its cases."""
    order = list(reversed(OUTCOMES))
    values = [
        {"way": setting.name, "outcome": outcome, "cases": count, "place": order.index(outcome)}
        for setting in figures.settings
        for outcome, count in setting.outcomes.items()
        if count
    ]
    present: dict[str, str] = {
        name: COLOURS[name] for name in order if name in {one["outcome"] for one in values}
    }
    several = len(figures.settings) > 1
    layer = {
        "mark": {"type": "bar", "height": 22},
        "encoding": {
            "x": {"field": "cases", "type": "quantitative",
                  "axis": {"title": "cases", "tickMinStep": 1, "tickCount": 6}},
            "y": {"field": "way", "sort": None, "axis": SIDE if several else None},
            "color": _coloured("outcome", present),
            "order": {"field": "place"},
        },
    }  # fmt: skip
    _show(
        [layer],
        values,
        height=BAR * len(figures.settings) + AROUND,
        alt="What became of the cases; the table below has the same figures.",
    )


def show_differences(comparison: Comparison) -> None:
    """The differences of shares on lines with their intervals, nothing changed in the middle."""
    chief = headlines([change.name for change in comparison.metrics])
    values = [
        {"metric": metric_title(one.name), "mean": round(one.difference.mean, 3),
         "low": round(one.difference.interval[0], 3), "high": round(one.difference.interval[1], 3),
         "verdict": one.verdict or "not sure"}
        for one in comparison.metrics
        if one.name in chief and not metric_named(one.name).unit
    ]  # fmt: skip
    if not values:
        return
    ends = [
        abs(end)
        for one in comparison.metrics
        for end in one.difference.interval
        if not metric_named(one.name).unit
    ]
    reach = min(1.0, max(LEAST_REACH, *ends))
    axis = {"title": "points of percent", **PERCENT}
    across = {"scale": {"domain": [-reach, reach]}, "axis": axis}
    shared = {
        "y": {"field": "metric", "sort": None, "axis": SIDE},
        "color": _coloured("verdict", VERDICTS),
    }
    middle = {
        "mark": {"type": "rule", "strokeDash": [4, 3], "color": GREY},
        "encoding": {"x": {"datum": 0, "type": "quantitative", **across}},
    }
    _show(
        [middle, *_lines_and_points("mean", shared, across)],
        values,
        height=ROW * len(values) + AROUND,
        alt="Differences with their 95% intervals; the table below has the same figures.",
    )


def show_quality_against(board: Leaderboard, costs: Sequence[str], title: str) -> None:
    """Each way as a point with its place; a line joins the best buys."""
    values = [value for row in board.rows if (value := _point(board, row, costs))]
    if not values:
        return
    share: Part = {"scale": {"domain": [0, 1]}}
    across = {"field": "cost", "type": "quantitative", "axis": {"title": title}}
    up = {"type": "quantitative", "axis": {"title": metric_title(board.by), **PERCENT}, **share}
    best = {
        "transform": [{"filter": "datum.kind == 'best buy'"}],
        "mark": {"type": "line", "strokeDash": [5, 4], "color": BLUE, "opacity": 0.6},
        "encoding": {"x": across, "y": {"field": "quality", **up}},
    }
    ends = {
        "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.35, "color": GREY},
        "encoding": {"x": across, "y": {"field": "low", **up}, "y2": {"field": "high"}},
    }
    points = {
        "mark": {"type": "circle", "size": 160, "opacity": 1},
        "encoding": {"x": across, "y": {"field": "quality", **up},
                     "color": _coloured("kind", KINDS), "tooltip": TIPS},
    }  # fmt: skip
    places = {
        "mark": {"type": "text", "dx": 12, "align": "left", "fontSize": 14, "color": GREY},
        "encoding": {"x": across, "y": {"field": "quality", **up}, "text": {"field": "place"}},
    }
    _show(
        [best, ends, points, places],
        values,
        height=SQUARE,
        alt=f"Quality against {title}; the numbers are the places in the table below.",
    )


def _point(board: Leaderboard, row: Row, costs: Sequence[str]) -> Part | None:
    quality = row.mean(board.by)
    spent = [mean for name in costs if (mean := row.mean(name)) is not None]
    if quality is None or len(spent) < len(costs):
        return None
    low, high = row.metrics[board.by].interval or (quality, quality)
    return {
        "place": row.rank, "way": f"{row.run}: {row.setting}", "quality": round(quality, 3),
        "low": round(low, 3), "high": round(high, 3), "cost": round(sum(spent), 2),
        "kind": "best buy" if row.on_front else "other",
    }  # fmt: skip


def _lines_and_points(middle: str, shared: Part, across: Part) -> list[Part]:
    """An interval as a line, its mean as a point on it; across the page."""
    if "color" not in shared:
        shared = {**shared, "color": {"value": BLUE}}
    return [
        {
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {**shared, "x": {"field": "low", "type": "quantitative", **across},
                         "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "circle", "size": 90, "opacity": 1, "tooltip": {"content": "data"}},
            "encoding": {**shared, "x": {"field": middle, "type": "quantitative", **across}},
        },
    ]  # fmt: skip


def _coloured(field: str, colours: Mapping[str, str]) -> Part:
    return {
        "field": field,
        "scale": {"domain": list(colours), "range": list(colours.values())},
        "legend": {"title": None, "orient": "top", "columns": LEGEND_COLUMNS},
    }


def _show(layers: list[Part], values: list[Part], *, height: int, alt: str) -> None:
    spec = {"data": {"values": values}, "layer": layers, "height": height}
    st.vega_lite_chart(spec=spec, alt=alt)
