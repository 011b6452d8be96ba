"""Metrics, times and runs in words, the same on all views."""

from __future__ import annotations

from datetime import datetime

from app.counted import counted
from app.ui.plain import plain
from eval.metrics.summary import Summary
from eval.reports.metric_names import metric_named
from eval.runs.folder import Manifest

TITLES = {  # of the chief metrics; the others are called by their own names
    "judged_correctness": "Judged right",
    "answer_given": "Right answer given",
    "token_f1": "Words shared with the right answer",
    "claims_supported": "Sentences proved",
    "hallucination": "Answers with something unproved",
    "answered_rightly": "Answered where it should be",
    "refused_rightly": "Refused where it should be",
    "page_recall": "Right page found",
    "seconds": "Time an answer takes",
}
WAYS_TOLD = 3
NEW_LINE = "\n"


def metric_title(name: str) -> str:
    """A metric's name for a person; it may hold any text where another program wrote it."""
    words = name.replace("_", " ")
    return TITLES.get(name, words[:1].upper() + words[1:])


def metric_meaning(name: str) -> str:
    """What a metric says, in one sentence, behind the name that commands know it by."""
    metric = metric_named(name)
    told = f"{name}: {metric.description}" if metric.description else name
    return f"{told}{'.' if metric.higher_is_better else '; less is better.'}"


def figure(name: str, value: float | None) -> str:
    """A value: a share as percent, others with their unit; a dash where there is none."""
    metric = metric_named(name)
    if metric.unit or value is None:
        return f"{metric.figure(value)} {metric.unit}".strip() if value is not None else "–"
    return f"{_percent(value)}%"


def interval(name: str, ends: tuple[float, float] | None) -> str:
    """A 95% interval; empty where there is none."""
    metric = metric_named(name)
    if metric.unit or ends is None:
        return metric.interval(ends)
    return f"{_percent(ends[0])} to {_percent(ends[1])}%"


def figure_and_interval(name: str, summary: Summary) -> str:
    """A mean with its 95% interval below it, as Markdown."""
    ends = interval(name, summary.interval)
    return f"{figure(name, summary.mean)}{f'  {NEW_LINE}:small[{ends}]' if ends else ''}"


def difference(name: str, value: float) -> str:
    """A difference with its sign: points of percent, or the metric's unit."""
    metric = metric_named(name)
    if metric.unit:
        return f"{metric.figure(value, signed=True)} {metric.unit}"
    return f"{_points(value)} points"


def difference_interval(name: str, ends: tuple[float, float]) -> str:
    """The 95% interval of a difference."""
    metric = metric_named(name)
    if metric.unit:
        return metric.interval(ends, signed=True)
    return f"{_points(ends[0])} to {_points(ends[1])}"


def _percent(value: float) -> str:
    return f"{100 * value:.1f}".removesuffix(".0")


def _points(value: float) -> str:
    rounded = round(100 * value, 1) or 0.0  # no minus before a zero
    return f"{rounded:+.1f}" if rounded else "0"


def when(created: str) -> str:
    """An ISO time as the person reads a clock; as it stands where it is none."""
    try:
        return f"{datetime.fromisoformat(created).astimezone():%-d %b %Y, %H:%M}"
    except ValueError:
        return created


def run_line(manifest: Manifest) -> str:
    """What a run is, on one line, as Markdown."""
    names = [setting.name for setting in manifest.settings]
    more = f" and {len(names) - WAYS_TOLD} more" if names[WAYS_TOLD:] else ""
    parts = [
        when(manifest.created),
        counted(manifest.cases.count, "case"),
        "; ".join(names[:WAYS_TOLD]) + more,
        f"judge {manifest.judge.name}",
    ]
    return plain(" · ".join(parts))
