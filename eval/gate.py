"""Is a run good enough, and no worse than another? Yes or no, for continuous integration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from eval.compare import Comparison, MetricChange
from eval.reports.figures import MetricFigures, RunFigures, SettingFigures
from eval.reports.metric_names import headlines, metric_named


@dataclass(frozen=True)
class Check:
    """One condition on a metric of a setting; ``told`` is what was found, in words."""

    setting: str
    metric: str
    passed: bool
    told: str


def check_limits(
    figures: RunFigures,
    *,
    least: Mapping[str, float],
    most: Mapping[str, float],
    coverage: float | None = None,
) -> list[Check]:
    """Hold every setting's means against limits.

    A metric without a value fails, and one that fewer than ``coverage`` of its cases have (the
    run's own if None; cases that were not asked count as unscored).
    """
    asked = figures.manifest.coverage_asked if coverage is None else coverage
    return [
        check
        for setting in figures.settings
        for limits, sign in ((least, "≥"), (most, "≤"))
        for name, limit in limits.items()
        for check in [_check(setting, name, sign, limit, asked)]
    ]


def check_baseline(comparisons: Sequence[Comparison], names: Sequence[str]) -> list[Check]:
    """Hold metrics against another run's: one fails where it is worse with 95% confidence.

    Without names, the chief metrics that both runs have are looked at, time left out.
    """
    return [
        check
        for comparison in comparisons
        for check in _against(comparison, names or _chief(comparison))
    ]


def _check(setting: SettingFigures, name: str, sign: str, limit: float, asked: float) -> Check:
    measured = setting.metrics.get(name)
    mean = None if measured is None else measured.summary.mean
    if measured is None or mean is None:
        why = _why_no_value(measured)
        return Check(setting.name, name, passed=False, told=f"has no value{why}")
    metric = metric_named(name)
    if measured.coverage < asked:
        told = f"{measured.coverage:.1%} of its cases are scored, and {asked:.1%} must be"
        return Check(setting.name, name, passed=False, told=told)
    within = mean >= limit if sign == "≥" else mean <= limit
    told = f"{metric.figure(mean)}, must be {sign} {limit:g}"
    return Check(setting.name, name, passed=within, told=told)


def _why_no_value(measured: MetricFigures | None) -> str:
    if measured is None:
        return ": the run does not measure it"
    return "".join(f": {reason}" for reason in [*measured.reasons][:1])


def _against(comparison: Comparison, names: Sequence[str]) -> Iterator[Check]:
    changes = {change.name: change for change in comparison.metrics}
    for name in names:
        change = changes.get(name)
        if change is None:
            told = "has no value in both runs for any case"
            yield Check(comparison.after, name, passed=False, told=told)
            continue
        passed = change.verdict != "worse"
        yield Check(comparison.after, name, passed=passed, told=_told(change))


def _told(change: MetricChange) -> str:
    metric, difference = metric_named(change.name), change.difference
    return (
        f"{metric.figure(change.before)} before, {metric.figure(change.after)} now (difference "
        f"{metric.interval(difference.interval, signed=True)}, p {change.p_value}, "
        f"{difference.n:,} cases)"
    )


def _chief(comparison: Comparison) -> list[str]:
    names = headlines([change.name for change in comparison.metrics])
    return [name for name in names if not metric_named(name).unit]
