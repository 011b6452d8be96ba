"""The plot of quality against seconds, where a leaderboard has two settings to compare."""

from __future__ import annotations

from collections.abc import Mapping

from eval.leaderboard import Leaderboard
from eval.reports.plain import as_html
from eval.reports.plots import Point, quality_against_seconds


def scatter_html(board: Leaderboard, labels: Mapping[int, str]) -> str:
    """A figure; empty where fewer than two settings have both.

    ``labels`` are what the page calls rows, by their numbers.
    """
    points = [
        Point(
            label=labels[row.number],
            name=f"{row.run}: {row.setting}",
            seconds=seconds,
            quality=quality,
            interval=row.metrics[board.by].interval,
            is_best=row.on_front,
        )
        for row in board.rows
        if (quality := row.mean(board.by)) is not None
        and (seconds := row.mean("seconds")) is not None
    ]
    if len(points) < 2:
        return ""
    return (
        f'<figure class="wide"><figcaption>{as_html(board.by)} against seconds; filled: no other '
        f"setting is as good and as cheap</figcaption>{quality_against_seconds(points)}</figure>"
    )
