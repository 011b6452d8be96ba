"""A leaderboard as a Markdown table."""

from __future__ import annotations

from eval.leaderboard import Leaderboard, Row, chief_metrics
from eval.reports.markdown import markdown_table
from eval.reports.metric_names import metric_named
from eval.reports.plain import as_markdown


def leaderboard_markdown(board: Leaderboard) -> str:
    """The table, with notes above it; a star is for rows on the front."""
    names = chief_metrics(board)
    head = ["", "run", "setting", board.by, "95% interval", "n", *names[1:]]
    rows = [head, *(_row(board, row, names) for row in board.rows)]
    notes = [as_markdown(note) for note in board.notes]
    return "\n\n".join([*notes, markdown_table(rows, left=3)]) + "\n"


def _row(board: Leaderboard, row: Row, names: list[str]) -> list[str]:
    quality = row.metrics.get(board.by)
    interval = metric_named(board.by).interval(quality.interval if quality else None)
    figures = [metric_named(name).figure(row.mean(name)) for name in names]
    star = "*" if row.on_front else ""
    return [
        f"{row.rank or ''}{as_markdown(star)}", as_markdown(row.run), as_markdown(row.setting),
        figures[0], interval, str(quality.n if quality else 0), *figures[1:],
    ]  # fmt: skip
