"""A run -> the figures that every report shows: summaries, outcomes and refusals by setting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from eval.metrics.summary import Summary, summarise
from eval.reports.outcome import OUTCOMES, Outcome, badness
from eval.reports.score_table import ScoreTable, read_tables
from eval.runs.folder import Manifest, RunFolder
from eval.runs.record import CaseRecord

REASONS_SHOWN = 5


@dataclass(frozen=True)
class MetricFigures:
    """A metric under one setting; ``coverage`` counts cases that were not asked as unscored.

    ``reasons`` are the most frequent ones for being unscored, with how often; where no case has a
    value, also why the metric does not apply to.
    """

    summary: Summary
    coverage: float
    reasons: dict[str, int]


@dataclass(frozen=True)
class SettingFigures:
    """A setting of a run: ``finished`` of the run's cases, what became of them, and the metrics.

    ``refusals`` counts cases by (answerable, refused), errors left out.
    """

    name: str
    values: dict[str, Any]
    finished: int
    outcomes: dict[Outcome, int]
    refusals: dict[tuple[bool, bool], int]
    metrics: dict[str, MetricFigures]


@dataclass(frozen=True)
class RunFigures:
    """All figures of a run; ``worst`` are, by setting, the ids of its worst cases in order."""

    manifest: Manifest
    settings: tuple[SettingFigures, ...]
    worst: dict[str, tuple[str, ...]]


def read_figures(folder: RunFolder, *, worst: int = 0) -> RunFigures:
    """Read a run's records once, and keep of them the numbers alone."""
    return figures_of(folder.manifest, folder.records(), worst=worst)


def figures_of(manifest: Manifest, records: Iterable[CaseRecord], *, worst: int = 0) -> RunFigures:
    """The figures of a run's records, each of which is looked at once."""
    names = [setting.name for setting in manifest.settings]
    tables = read_tables(records, names, manifest.metrics)
    return RunFigures(
        manifest=manifest,
        settings=tuple(
            SettingFigures(
                name=setting.name,
                values=setting.values,
                finished=len(tables[setting.name].ids),
                outcomes=_outcomes(tables[setting.name]),
                refusals=dict(tables[setting.name].refusals),
                metrics=metric_figures(
                    tables[setting.name], asked=manifest.cases.count, seed=manifest.seed
                ),
            )
            for setting in manifest.settings
        ),
        worst={name: worst_cases(tables[name], worst) for name in names},
    )


def metric_figures(table: ScoreTable, *, asked: int, seed: int) -> dict[str, MetricFigures]:
    """The figures of every metric of one setting, of whose cases ``asked`` were to be asked."""
    left = max(0, asked - len(table.ids))
    return {
        name: _metric_figures(column, left=left, seed=seed)
        for name, column in table.columns.items()
    }


def worst_cases(table: ScoreTable, most: int) -> tuple[str, ...]:
    """The ids of the cases to look at first: by outcome, then by quality."""
    order = sorted(
        range(len(table.ids)),
        key=lambda at: badness(table.outcomes[at], table.qualities[at], table.ids[at]),
    )
    return tuple(table.ids[at] for at in order[:most])


def figures_to_json(figures: RunFigures) -> dict[str, Any]:
    """The figures as ``--json`` prints them; the run is described as in its run.json."""
    return {
        "run": figures.manifest.to_json(),
        "settings": [_setting_to_json(setting) for setting in figures.settings],
    }


def _setting_to_json(setting: SettingFigures) -> dict[str, Any]:
    return {
        "name": setting.name,
        "values": setting.values,
        "finished": setting.finished,
        "outcomes": setting.outcomes,
        "refusals": [
            {"answerable": answerable, "refused": refused, "cases": cases}
            for (answerable, refused), cases in sorted(setting.refusals.items())
        ],
        "metrics": {
            name: {**asdict(metric.summary), "coverage": metric.coverage, "reasons": metric.reasons}
            for name, metric in setting.metrics.items()
        },
    }


def _metric_figures(column: Sequence[Any], *, left: int, seed: int) -> MetricFigures:
    summary = summarise(column, seed=seed)
    applies = summary.n + summary.unscored + left
    told = [score.reason for score in column if score.is_unscored or not summary.n]
    return MetricFigures(
        summary=summary,
        coverage=summary.n / applies if applies else 1.0,
        reasons=dict(Counter(told).most_common(REASONS_SHOWN)),
    )


def _outcomes(table: ScoreTable) -> dict[Outcome, int]:
    counts = Counter(table.outcomes)
    return {outcome: counts[outcome] for outcome in OUTCOMES}
