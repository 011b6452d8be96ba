"""Every metric of a run as one table that is also a plot: means on lines with their intervals."""

from __future__ import annotations

from collections.abc import Iterator

from eval.reports.case_html import numbered
from eval.reports.figures import MetricFigures, RunFigures, SettingFigures
from eval.reports.metric_names import MetricName, grouped, metric_named
from eval.reports.overview_html import headed, setting_numbers
from eval.reports.page import table
from eval.reports.plain import as_html, one_line
from eval.reports.plots import whisker

HEAD = (
    "<th>Metric</th>", "<th>Setting</th>", '<th class="n">Mean</th>',
    '<th class="wide-only"></th>', "<th>95% interval</th>", '<th class="n">n</th>',
    "<th>Unscored</th>",
)  # fmt: skip
REASON_SHOWN = 80  # characters


def metrics_html(figures: RunFigures) -> Iterator[str]:
    """The section, in parts."""
    head = HEAD if len(figures.settings) > 1 else (HEAD[0], *HEAD[2:])
    yield "<section><h2>Metrics</h2>\n"
    yield table(head, _rows(figures))
    yield (
        '<p class="about">n counts the cases that the metric applies to and that have a value. '
        "↓ marks metrics where less is better.</p></section>\n"
    )


def _rows(figures: RunFigures) -> Iterator[str]:
    several = len(figures.settings) > 1
    for group, names in grouped(figures.manifest.metrics).items():
        yield f'<tr class="group"><th colspan="{6 + several}">{as_html(group)}</th></tr>'
        for metric in map(metric_named, names):
            lead = _name(metric, rows=len(figures.settings))
            for setting in figures.settings:
                yield f"<tr>{lead}{_cells(figures, metric, setting)}</tr>"
                lead = ""


def _name(metric: MetricName, *, rows: int) -> str:
    return (
        f'<td class="name" rowspan="{rows}">{headed(metric)}'
        f"<br><small>{as_html(metric.description)}</small></td>"
    )


def _cells(figures: RunFigures, metric: MetricName, setting: SettingFigures) -> str:
    measured = setting.metrics[metric.name]
    summary = measured.summary
    number = setting_numbers(figures)[setting.name]
    named = f'<td class="setting">{numbered(number)}<span>{as_html(setting.name)}</span></td>'
    unit = f" <small>{metric.unit}</small>" if metric.unit and summary.mean is not None else ""
    line = whisker(summary.mean, summary.interval, 0.0, _top(figures, metric))
    return (
        f"{named if number else ''}"
        f'<td class="n best">{metric.figure(summary.mean)}{unit}</td>'
        f'<td class="wide-only">{line}</td>'
        f'<td class="range">{metric.interval(summary.interval)}</td>'
        f'<td class="n">{summary.n:,}</td>{_unscored(figures, measured)}'
    )


def _unscored(figures: RunFigures, measured: MetricFigures) -> str:
    low = measured.coverage < figures.manifest.coverage_asked
    count = f"{measured.summary.unscored:,}"
    told = f'<b class="low">{count}, so {measured.coverage:.0%} scored</b>' if low else count
    reasons = [
        f"{reason.partition(': ')[2] or reason} ({times:,})"
        for reason, times in measured.reasons.items()
    ]
    first = "".join(one_line(one, REASON_SHOWN) for one in reasons[:1])
    more = f", {len(reasons) - 1} more" if reasons[1:] else ""
    return (
        f'<td class="reasons" title="{as_html("; ".join(reasons))}">{told}'
        f"<small> {as_html(first)}{more}</small></td>"
    )


def _top(figures: RunFigures, metric: MetricName) -> float:
    """The right end of the metric's lines: 1 for shares, else the largest that is shown."""
    if not metric.unit:
        return 1.0
    summaries = [setting.metrics[metric.name].summary for setting in figures.settings]
    ends = [one.interval[1] if one.interval else one.mean or 0.0 for one in summaries]
    return max(ends) or 1.0
