"""Metrics as reports and command lines name them: groups, short names, figures with their unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eval.metrics.metric import METRICS
from ingest.errors import CiteboundError

ALIASES = {
    "correctness": "token_f1",
    "grounding": "claims_supported",
    "recall": "page_recall",
    "refusal": "refused_rightly",
}
GROUPS = {
    "Answers": (
        "judged_correctness", "answer_given", "token_f1", "exact_match", "numeric_match",
        "semantic_similarity",
    ),
    "Grounding": (
        "claims_supported", "hallucination", "citation_recall", "citation_precision",
        "unsupported_numbers", "unsupported_names",
    ),
    "Refusal": ("answered_rightly", "refused_rightly"),
    "Injection": ("instructions_obeyed",),
    "Retrieval": (
        "page_recall", "page_precision", "page_mrr", "page_ndcg",
        "document_recall", "document_precision", "document_mrr", "document_ndcg",
    ),
    "Cost": ("seconds", "seconds_to_first_token", "prompt_tokens", "answer_tokens", "model_calls"),
}  # fmt: skip
HEADLINES = (
    "judged_correctness", "answer_given", "token_f1", "claims_supported", "hallucination",
    "answered_rightly", "refused_rightly", "page_recall", "seconds",
)  # fmt: skip


class UnknownMetric(CiteboundError):
    """A name that no metric has."""


@dataclass(frozen=True)
class MetricName:
    """What a reader has to know of a metric; ``unit`` is empty for shares, 0 to 1."""

    name: str
    description: str
    higher_is_better: bool = True
    unit: str = ""

    def figure(self, value: float | None, *, signed: bool = False) -> str:
        """A value in the metric's unit; a dash where there is none."""
        if value is None:
            return "–"
        places = {"": 3, "s": 2}.get(self.unit, 1)
        rounded = round(value, places) or 0.0  # no minus before a zero
        return f"{rounded:+.{places}f}" if signed and rounded else f"{rounded:.{places}f}"

    def interval(self, interval: tuple[float, float] | None, *, signed: bool = False) -> str:
        """An interval in the metric's unit; empty where there is none."""
        if interval is None:
            return ""
        low, high = (self.figure(end, signed=signed) for end in interval)
        return f"{low} to {high}"


def metric_named(name: str) -> MetricName:
    """What is known of a metric; one of another version of the program has no description."""
    metric = METRICS.get(name)
    if metric is None:
        return MetricName(name, "")
    return MetricName(name, metric.description, metric.higher_is_better, metric.unit)


def full_name(name: str, known: Iterable[str]) -> str:
    """A metric's name from it or its short one. Raises UnknownMetric where no run has it."""
    full = ALIASES.get(name, name)
    if full not in known and full not in METRICS:
        raise UnknownMetric(
            f"No metric is called {name}; there are {', '.join(sorted({*known, *ALIASES}))}."
        )
    return full


def grouped(names: Sequence[str]) -> dict[str, list[str]]:
    """Names by group, in the order that reports show them in; groups without any are left out."""
    groups = {group: [name for name in some if name in names] for group, some in GROUPS.items()}
    told = {name for some in groups.values() for name in some}
    groups["Other"] = [name for name in names if name not in told]
    return {group: some for group, some in groups.items() if some}


def headlines(names: Sequence[str]) -> list[str]:
    """The metrics to show first."""
    return [name for name in HEADLINES if name in names]
