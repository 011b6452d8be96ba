"""A run's figures as Markdown, for a terminal, a pull request or a wiki."""

from __future__ import annotations

from collections.abc import Sequence

from eval.reports.figures import MetricFigures, RunFigures, SettingFigures
from eval.reports.metric_names import grouped, metric_named
from eval.reports.plain import as_markdown
from eval.reports.run_facts import run_facts


def run_markdown(figures: RunFigures) -> str:
    """A heading, what was run, outcomes, and a table of the metrics of each setting."""
    facts = "\n".join(
        f"- {name}: {as_markdown(value)} ({as_markdown(more)})"
        for name, value, more in run_facts(figures.manifest)
    )
    parts = [f"# {as_markdown(figures.manifest.name)}", facts]
    parts += [part for setting in figures.settings for part in _setting(figures, setting)]
    return "\n\n".join(parts) + "\n"


def markdown_table(rows: Sequence[Sequence[str]], *, left: int = 1) -> str:
    """A table whose first row is its head, aligned also for reading as it is.

    The first ``left`` columns stand at the left, figures at the right.
    """
    widths = [max(3, *map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        " | ".join(
            cell.ljust(width) if at < left else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    rule = " | ".join(
        "-" * width if at < left else "-" * (width - 1) + ":" for at, width in enumerate(widths)
    )
    return "\n".join(f"| {line} |" for line in (lines[0], rule, *lines[1:]))


def _setting(figures: RunFigures, setting: SettingFigures) -> list[str]:
    outcomes = ", ".join(f"{count} {name}" for name, count in setting.outcomes.items() if count)
    rows = [("metric", "mean", "95% interval", "n", "unscored")]
    for names in grouped(figures.manifest.metrics).values():
        rows += [_row(name, setting.metrics[name]) for name in names]
    return [
        f"## {as_markdown(setting.name)}",
        f"{setting.finished:,} of {figures.manifest.cases.count:,} cases: {outcomes or 'none yet'}",
        markdown_table(rows),
    ]


def _row(name: str, measured: MetricFigures) -> tuple[str, str, str, str, str]:
    metric, summary = metric_named(name), measured.summary
    unit = f" {metric.unit}" if metric.unit and summary.mean is not None else ""
    return (
        f"{name}{'' if metric.higher_is_better else ' ↓'}",
        f"{metric.figure(summary.mean)}{unit}",
        metric.interval(summary.interval),
        str(summary.n),
        str(summary.unscored),
    )
