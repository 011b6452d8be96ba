"""A comparison of two runs as Markdown and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from eval.compare import Comparison, MetricChange
from eval.reports.markdown import markdown_table
from eval.reports.metric_names import metric_named
from eval.reports.plain import as_markdown
from eval.reports.worse_cases import WorseCase, said

ANSWER_SHOWN = 300  # characters
HEAD = (
    "metric", "before", "after", "difference", "95% interval", "p", "better", "worse", "same",
    "",
)  # fmt: skip


def compare_markdown(
    comparisons: Sequence[Comparison], worse: Sequence[Sequence[WorseCase]]
) -> str:
    """Tables of metrics, then the cases that got worse with both answers."""
    parts = [
        part
        for comparison, cases in zip(comparisons, worse, strict=True)
        for part in _comparison(comparison, cases)
    ]
    return "\n\n".join(parts) + "\n"


def compare_to_json(
    comparisons: Sequence[Comparison], worse: Sequence[Sequence[WorseCase]]
) -> dict[str, Any]:
    """The comparisons as ``--json`` prints them."""
    return {
        "comparisons": [
            {
                "before": comparison.before,
                "after": comparison.after,
                "shared": comparison.shared,
                "notes": list(comparison.notes),
                "metrics": {change.name: _change_to_json(change) for change in comparison.metrics},
                "cases": {"better": comparison.better, "worse": len(comparison.worse)},
                "worse": [_case_to_json(case) for case in cases],
            }
            for comparison, cases in zip(comparisons, worse, strict=True)
        ]
    }


def changed(comparison: Comparison) -> str:
    """How many cases changed, in a sentence."""
    return (
        f"Of {comparison.shared:,} cases {len(comparison.worse):,} got worse and "
        f"{comparison.better:,} better."
    )


def _comparison(comparison: Comparison, cases: Sequence[WorseCase]) -> list[str]:
    rows = [HEAD, *map(_row, comparison.metrics)]
    return [
        f"# {as_markdown(comparison.before)} → {as_markdown(comparison.after)}",
        *map(as_markdown, comparison.notes),
        markdown_table(rows),
        changed(comparison),
        *("\n".join(_case(case)) for case in cases),
    ]


def _row(change: MetricChange) -> tuple[str, ...]:
    metric, difference = metric_named(change.name), change.difference
    return (
        f"{change.name}{'' if metric.higher_is_better else ' ↓'}",
        metric.figure(change.before),
        metric.figure(change.after),
        metric.figure(difference.mean, signed=True),
        metric.interval(difference.interval, signed=True),
        change.p_value,
        *map(str, (change.better, change.worse, change.same)),
        change.verdict,
    )


def _case(case: WorseCase) -> list[str]:
    change = case.change
    return [
        f"- {as_markdown(change.case_id)}: {change.before} → {change.after}: "
        f"{as_markdown(case.after.case.question)}",
        f"  - before: {as_markdown(said(case.before), ANSWER_SHOWN)}",
        f"  - after: {as_markdown(said(case.after), ANSWER_SHOWN)}",
    ]


def _change_to_json(change: MetricChange) -> dict[str, Any]:
    return {
        "before": change.before,
        "after": change.after,
        **asdict(change.difference),
        "better": change.better,
        "worse": change.worse,
        "same": change.same,
        "verdict": change.verdict,
    }


def _case_to_json(case: WorseCase) -> dict[str, Any]:
    change = case.change
    return {
        "id": change.case_id,
        "question": case.after.case.question,
        "answers": list(case.after.case.answers),
        "before": {"outcome": change.before, "answer": said(case.before)},
        "after": {"outcome": change.after, "answer": said(case.after)},
    }
