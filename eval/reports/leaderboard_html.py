"""A leaderboard as one HTML file: the order, the figures, and quality against seconds."""

from __future__ import annotations

from collections.abc import Iterator

from eval.leaderboard import Leaderboard, Row, chief_metrics
from eval.reports.case_html import numbered
from eval.reports.metric_names import metric_named
from eval.reports.overview_html import headed
from eval.reports.page import page, table
from eval.reports.plain import as_html
from eval.reports.plots import whisker
from eval.reports.scatter import scatter_html


def leaderboard_html(board: Leaderboard) -> Iterator[str]:
    """The parts of the page."""
    return page("Leaderboard", _body(board))


def _body(board: Leaderboard) -> Iterator[str]:
    measured = " and ".join((board.by, *board.costs))
    yield (
        f'<header><h1>Leaderboard</h1><p class="soft">By {as_html(board.by)}, with 95% intervals. '
        f"“Best buy” marks settings to which no other is as good in {as_html(measured)}, and "
        "better in one.</p></header>\n"
    )
    yield from (f'<p class="note">{as_html(note)}</p>\n' for note in board.notes)
    metrics = [metric_named(name) for name in chief_metrics(board)]
    head = ["<th>Setting</th>"]
    head += [
        f'<th class="n">{headed(metrics[0])}</th>',
        '<th class="wide-only"></th>',
        "<th>95% interval</th>",
        '<th class="n">n</th>',
    ]
    head += [f'<th class="n">{headed(metric)}</th>' for metric in metrics[1:]]
    yield table(head, (_row(board, row) for row in board.rows))
    labels = {row.number: str(row.rank) for row in board.rows if row.rank}
    if plot := scatter_html(board, labels):
        yield f"<section><h2>Quality against time</h2>{plot}</section>\n"


def _row(board: Leaderboard, row: Row) -> str:
    names = chief_metrics(board)
    quality = row.metrics.get(board.by)
    interval = quality.interval if quality else None
    cells = [
        f'<td class="n">{metric_named(name).figure(row.mean(name))}</td>' for name in names[1:]
    ]
    front = ' <span class="tag">best buy</span>' if row.on_front else ""
    return (
        f'<tr><td class="name">{numbered(str(row.rank or ""))}{as_html(row.setting)}{front}'
        f"<br><small>{as_html(row.run)}</small></td>"
        f'<td class="n best">{metric_named(board.by).figure(row.mean(board.by))}</td>'
        f'<td class="wide-only">{whisker(row.mean(board.by), interval, 0.0, _top(board))}</td>'
        f'<td class="range">{metric_named(board.by).interval(interval)}</td>'
        f'<td class="n">{quality.n if quality else 0:,}</td>{"".join(cells)}</tr>'
    )


def _top(board: Leaderboard) -> float:
    """The right end of the lines: 1 for a share, else the largest mean."""
    if not metric_named(board.by).unit:
        return 1.0
    return max(row.mean(board.by) or 0.0 for row in board.rows) or 1.0
