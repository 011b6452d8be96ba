"""Settings of one or more runs in order: quality, seconds, tokens, and which nothing dominates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from eval.metrics.summary import Summary
from eval.reports.figures import RunFigures, SettingFigures
from eval.reports.metric_names import headlines, metric_named
from ingest.errors import CiteboundError

QUALITIES = ("judged_correctness", "token_f1", "claims_supported", "page_recall")
COSTS = ("seconds", "prompt_tokens", "answer_tokens")


class LeaderboardError(CiteboundError):
    """Runs that cannot be put in order."""


@dataclass(frozen=True)
class Row:
    """A setting of a run; ``on_front`` is whether no other is as good and as cheap, and one better.

    ``number`` is its place in the order of runs and settings, from 1; ``rank`` that by quality,
    None where it has no value of it.
    """

    number: int
    run: str
    setting: str
    metrics: dict[str, Summary]
    rank: int | None = None
    on_front: bool = False

    def mean(self, name: str) -> float | None:
        """A metric's mean; None where it has none."""
        summary = self.metrics.get(name)
        return None if summary is None else summary.mean


@dataclass(frozen=True)
class Leaderboard:
    """Rows with the best first by the metric ``by``; the front is over it and ``costs``.

    ``notes`` say why rows do not compare, where they do not.
    """

    by: str
    costs: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def make_leaderboard(runs: Sequence[RunFigures], *, by: str | None = None) -> Leaderboard:
    """Put all settings of all runs in order.

    The quality is ``by``, or that of QUALITIES which most settings have, the first of equals. A
    cost counts for the front where every ranked setting knows it. Raises LeaderboardError where no
    setting has the quality.
    """
    rows = [
        Row(number, figures.manifest.name, setting.name, _summaries(setting))
        for number, (figures, setting) in enumerate(
            ((figures, setting) for figures in runs for setting in figures.settings), 1
        )
    ]
    chosen = _quality(rows, QUALITIES if by is None else (by,))
    ranked = [row for row in rows if row.mean(chosen) is not None]
    costs = tuple(cost for cost in COSTS if all(row.mean(cost) is not None for row in ranked))
    names = (chosen, *costs)
    placed = [
        replace(row, rank=rank, on_front=not any(_dominates(one, row, names) for one in ranked))
        for rank, row in enumerate(sorted(ranked, key=lambda row: _losses(row, names)), 1)
    ]
    unranked = [row for row in rows if row.mean(chosen) is None]
    return Leaderboard(chosen, costs, (*placed, *unranked), _notes(runs))


def chief_metrics(board: Leaderboard) -> list[str]:
    """The metrics that any row has, to show in this order: the quality, the chief ones, costs."""
    names = {name for row in board.rows for name in row.metrics if row.mean(name) is not None}
    chief = [name for name in headlines([*names]) if name not in (board.by, "seconds")]
    return [board.by, *chief, *(cost for cost in COSTS if cost in names)]


def leaderboard_to_json(board: Leaderboard) -> dict[str, Any]:
    """The leaderboard as ``--json`` prints it."""
    return {
        "by": board.by,
        "front_over": [board.by, *board.costs],
        "notes": list(board.notes),
        "rows": [
            {
                "rank": row.rank,
                "run": row.run,
                "setting": row.setting,
                "on_front": row.on_front,
                "metrics": {
                    name: asdict(row.metrics[name])
                    for name in chief_metrics(board)
                    if name in row.metrics
                },
            }
            for row in board.rows
        ],
    }


def _summaries(setting: SettingFigures) -> dict[str, Summary]:
    return {name: metric.summary for name, metric in setting.metrics.items()}


def _quality(rows: Sequence[Row], names: Sequence[str]) -> str:
    having = {name: sum(row.mean(name) is not None for row in rows) for name in names}
    chosen = max(names, key=having.__getitem__)
    if not having[chosen]:
        raise LeaderboardError(f"No setting of these runs has a value of {' or '.join(names)}.")
    return chosen


def _losses(row: Row, names: Sequence[str]) -> tuple[float, ...]:
    return tuple(-_gain(row, name) for name in names)


def _dominates(one: Row, other: Row, names: Sequence[str]) -> bool:
    pairs = [(_gain(one, name), _gain(other, name)) for name in names]
    return all(ours >= theirs for ours, theirs in pairs) and any(
        ours > theirs for ours, theirs in pairs
    )


def _gain(row: Row, name: str) -> float:
    """The mean, turned so that more is better."""
    mean = row.mean(name)
    if mean is None:
        raise ValueError(f"{row.setting} has no {name}")
    return mean if metric_named(name).higher_is_better else -mean


def _notes(runs: Sequence[RunFigures]) -> tuple[str, ...]:
    notes = []
    if len({figures.manifest.cases.sha256 for figures in runs}) > 1:
        notes.append("The runs asked different cases, so their figures do not compare.")
    if len({_library(figures) for figures in runs}) > 1:
        notes.append("The runs asked different libraries or states of one.")
    return tuple(notes)


def _library(figures: RunFigures) -> tuple[object, ...]:
    library = figures.manifest.library
    return library.path, library.documents, library.chunks, library.generation
