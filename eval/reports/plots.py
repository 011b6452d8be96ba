"""Plots as SVG for a page: what they show is in numbers beside them; colours come from the page."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

WHISKER_WIDTH, WHISKER_HEIGHT = 150, 14
BAR_HEIGHT = 10
MOST_TICKS = 5
PLOT_WIDTH, PLOT_HEIGHT = 460, 280
LEFT, RIGHT, TOP, BOTTOM = 46, 16, 14, 40


@dataclass(frozen=True)
class Point:
    """A setting in a plot of quality against seconds; intervals may be missing."""

    label: str
    name: str
    seconds: float
    quality: float
    interval: tuple[float, float] | None
    is_best: bool


def whisker(
    mean: float | None, interval: tuple[float, float] | None, low: float, high: float
) -> str:
    """A mean with its interval on a line from ``low`` to ``high``; a tick where zero is within."""
    parts = [_line(0, 7, WHISKER_WIDTH, 7, "rail")]
    span = (high - low) or 1.0

    def across(value: float) -> float:
        return 4 + (WHISKER_WIDTH - 8) * min(1.0, max(0.0, (value - low) / span))

    if low < 0 < high:
        parts.append(_line(across(0), 1, across(0), 13, "zero"))
    if interval is not None:
        parts.append(_line(across(interval[0]), 7, across(interval[1]), 7, "interval"))
    if mean is not None:
        parts.append(f'<circle class="mean" cx="{across(mean):.1f}" cy="7" r="3.5"/>')
    return _svg(WHISKER_WIDTH, WHISKER_HEIGHT, parts, "whisker")


def share_bar(counts: Mapping[str, int], *, width: int = 240) -> str:
    """A bar cut into shares; a part has the class of its name."""
    total = sum(counts.values())
    parts, at = [], 0.0
    for name, count in counts.items():
        if not count:
            continue
        length = width * count / total
        parts.append(
            f'<rect class="part {escape(name)}" x="{at:.2f}" y="0" width="{length:.2f}" '
            f'height="{BAR_HEIGHT}"><title>{escape(name)}: {count}</title></rect>'
        )
        at += length
    return _svg(width, BAR_HEIGHT, parts, "shares", stretch=True)


def quality_against_seconds(points: Sequence[Point]) -> str:
    """Settings by what they cost in seconds and how good they are, with 95% intervals."""
    across = _scale(0.0, max(point.seconds for point in points), LEFT, PLOT_WIDTH - RIGHT)
    low = min(point.interval[0] if point.interval else point.quality for point in points)
    high = max(point.interval[1] if point.interval else point.quality for point in points)
    up = _scale(low, high, PLOT_HEIGHT - BOTTOM, TOP)
    parts = [*_horizontal_lines(up), *_seconds_axis(across)]
    for point in points:
        x, y = across.at(point.seconds), up.at(point.quality)
        if point.interval:
            ends = (up.at(point.interval[0]), up.at(point.interval[1]))
            parts.append(_line(x, ends[0], x, ends[1], "interval"))
        kind = "point best" if point.is_best else "point"
        parts.append(
            f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="9">'
            f"<title>{escape(point.name)}</title></circle>"
            f'<text class="number {"best" if point.is_best else ""}" x="{x:.1f}" y="{y + 3.5:.1f}">'
            f"{escape(point.label)}</text>"
        )
    return _svg(PLOT_WIDTH, PLOT_HEIGHT, parts, "plot")


def table_of_four(counts: Mapping[tuple[bool, bool], int]) -> str:
    """Answerable or not against answered or refused; the darker a field, the more of its row."""
    parts = [
        '<text x="108" y="14">answered</text>', '<text x="188" y="14">refused</text>',
        '<text class="side" x="64" y="44">answerable</text>',
        '<text class="side" x="64" y="84">no answer</text>',
    ]  # fmt: skip
    for row, answerable in enumerate((True, False)):
        total = sum(counts.get((answerable, refused), 0) for refused in (False, True))
        for column, refused in enumerate((False, True)):
            count = counts.get((answerable, refused), 0)
            x, y = 70 + column * 80, 22 + row * 40
            kind = "good" if answerable != refused else "bad"
            share = count / total if total else 0.0
            parts.append(
                f'<rect class="field {kind}" x="{x}" y="{y}" width="76" height="36" rx="3" '
                f'fill-opacity="{0.06 + 0.5 * share:.2f}"/>'
                f'<text class="count" x="{x + 38}" y="{y + 23}">{count}</text>'
            )
    return _svg(228, 100, parts, "four")


@dataclass(frozen=True)
class _Scale:
    """Values to places; ``ticks`` are round values."""

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...]

    def at(self, value: float) -> float:
        return self.start + (self.end - self.start) * (value - self.low) / (self.high - self.low)


def _scale(low: float, high: float, start: float, end: float) -> _Scale:
    """A scale that holds ``low`` and ``high``, and ends at round values."""
    least = ((high - low) or 1.0) / MOST_TICKS
    unit = 10.0 ** math.floor(math.log10(least))
    step = next(size * unit for size in (1, 2, 5, 10) if size * unit >= least * (1 - 1e-9))
    first = math.floor(low / step + 1e-9)
    last = max(math.ceil(high / step - 1e-9), first + 1)
    ticks = tuple(step * number for number in range(first, last + 1))
    return _Scale(ticks[0], ticks[-1], start, end, ticks)


def _horizontal_lines(up: _Scale) -> list[str]:
    return [
        _line(LEFT, up.at(tick), PLOT_WIDTH - RIGHT, up.at(tick), "rail")
        + f'<text class="side" x="{LEFT - 8}" y="{up.at(tick) + 4:.1f}">{_short(tick)}</text>'
        for tick in up.ticks
    ]


def _seconds_axis(across: _Scale) -> list[str]:
    bottom = PLOT_HEIGHT - BOTTOM
    ticks = [
        f'<text x="{across.at(tick):.1f}" y="{bottom + 18}">{_short(tick)}</text>'
        for tick in across.ticks
    ]
    return [
        *ticks,
        f'<text class="end" x="{PLOT_WIDTH - RIGHT}" y="{PLOT_HEIGHT - 4}">seconds</text>',
    ]


def _short(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _svg(width: int, height: int, parts: Sequence[str], kind: str, *, stretch: bool = False) -> str:
    ratio = ' preserveAspectRatio="none"' if stretch else ""
    return (
        f'<svg class="{kind}" viewBox="0 0 {width} {height}"{ratio} aria-hidden="true">'
        f"{''.join(parts)}</svg>"
    )
