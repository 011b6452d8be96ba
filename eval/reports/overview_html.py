"""The first table of a report: a row for each setting, with outcomes and the chief metrics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from eval.reports.case_html import dot, numbered
from eval.reports.figures import RunFigures, SettingFigures
from eval.reports.metric_names import MetricName, headlines, metric_named
from eval.reports.outcome import OUTCOMES
from eval.reports.page import table
from eval.reports.plain import as_html
from eval.reports.plots import share_bar


def setting_numbers(figures: RunFigures) -> dict[str, str]:
    """The number that a page calls each setting by; empty where there is one setting."""
    if len(figures.settings) == 1:
        return {figures.settings[0].name: ""}
    return {setting.name: str(number) for number, setting in enumerate(figures.settings, 1)}


def outcome_legend(outcomes: Iterable[str]) -> str:
    """What the colours of outcomes mean."""
    items = (
        f"<li>{dot(name)}<b>{name}</b> {as_html(meaning)}</li>"
        for name, meaning in OUTCOMES.items()
        if name in outcomes
    )
    return f'<ul class="legend">{"".join(items)}</ul>\n'


def overview_html(figures: RunFigures) -> Iterator[str]:
    """The section, in parts."""
    names = [name for name in headlines(figures.manifest.metrics) if _applies(figures, name)]
    metrics = [metric_named(name) for name in names]
    numbers = setting_numbers(figures)
    head = ["<th>Setting</th>", "<th>Outcomes</th>", '<th class="n">Cases</th>']
    head += [f'<th class="n" title="{as_html(m.description)}">{headed(m)}</th>' for m in metrics]
    yield "<section><h2>Overview</h2>\n"
    yield table(head, (_overview_row(figures, one, numbers, metrics) for one in figures.settings))
    yield outcome_legend(
        {name for one in figures.settings for name, count in one.outcomes.items() if count}
    )
    yield "</section>\n"


def _applies(figures: RunFigures, name: str) -> bool:
    summaries = [setting.metrics[name].summary for setting in figures.settings]
    return any(summary.n or summary.unscored for summary in summaries)


def _overview_row(
    figures: RunFigures,
    setting: SettingFigures,
    numbers: dict[str, str],
    metrics: Sequence[MetricName],
) -> str:
    asked = figures.manifest.cases.count
    left = asked - setting.finished
    cases = f"{setting.finished}" + (f'<br><small class="low">{left} left</small>' if left else "")
    cells = "".join(f'<td class="n">{_mean(figures, setting, metric)}</td>' for metric in metrics)
    return (
        f'<tr><td class="name">{numbered(numbers[setting.name])}{as_html(setting.name)}</td>'
        f"<td>{share_bar(dict(reversed(setting.outcomes.items())))}</td>"
        f'<td class="n">{cases}</td>{cells}</tr>'
    )


def _mean(figures: RunFigures, setting: SettingFigures, metric: MetricName) -> str:
    mean = setting.metrics[metric.name].summary.mean
    shown = metric.figure(mean)
    return f'<span class="best">{shown}</span>' if _is_best(figures, metric, mean) else shown


def _is_best(figures: RunFigures, metric: MetricName, mean: float | None) -> bool:
    means = [setting.metrics[metric.name].summary.mean for setting in figures.settings]
    known = [value for value in means if value is not None]
    if mean is None or len(set(known)) < 2:
        return False
    return mean == (max if metric.higher_is_better else min)(known)


def headed(metric: MetricName) -> str:
    """A metric's name over a column; an arrow where less is better."""
    way = "" if metric.higher_is_better else " ↓"
    return f"{as_html(metric.name.replace('_', ' '))}{way}"
