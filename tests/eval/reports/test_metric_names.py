"""Metrics under the names and in the figures that a reader sees."""

from __future__ import annotations

import pytest

from eval.metrics.metric import METRICS
from eval.reports.metric_names import (
    ALIASES,
    HEADLINES,
    UnknownMetric,
    full_name,
    grouped,
    headlines,
    metric_named,
)


def test_every_metric_has_a_group_and_every_short_name_a_metric() -> None:
    known = [*METRICS]
    groups = grouped(known)
    assert "Other" not in groups
    assert sorted(name for names in groups.values() for name in names) == sorted(known)
    assert {*ALIASES.values(), *HEADLINES} <= set(known)


def test_a_metric_of_another_version_is_shown_too() -> None:
    assert grouped(["token_f1", "rouge"]) == {"Answers": ["token_f1"], "Other": ["rouge"]}
    assert metric_named("rouge").figure(0.5) == "0.500"


def test_the_chief_metrics_come_in_their_order() -> None:
    assert headlines(["seconds", "page_mrr", "token_f1"]) == ["token_f1", "seconds"]


@pytest.mark.parametrize(
    ("name", "value", "signed", "figure"),
    [
        ("token_f1", 0.12345, False, "0.123"),
        ("token_f1", 0.12345, True, "+0.123"),
        ("token_f1", -0.0001, True, "0.000"),
        ("token_f1", None, False, "–"),
        ("seconds", 1.239, False, "1.24"),
        ("prompt_tokens", 812.04, False, "812.0"),
    ],
)
def test_figures_have_the_places_of_their_unit(
    name: str, value: float | None, signed: bool, figure: str
) -> None:
    assert metric_named(name).figure(value, signed=signed) == figure


def test_an_interval_is_two_figures_or_nothing() -> None:
    assert metric_named("seconds").interval((0.5, 2.0)) == "0.50 to 2.00"
    assert metric_named("token_f1").interval((-0.5, 0.25), signed=True) == "-0.500 to +0.250"
    assert metric_named("seconds").interval(None) == ""


def test_short_names_stand_for_metrics_and_other_names_are_refused() -> None:
    assert full_name("grounding", ()) == "claims_supported"
    assert full_name("rouge", ("rouge",)) == "rouge"
    with pytest.raises(UnknownMetric, match=r"^No metric is called truth; there are .*seconds"):
        full_name("truth", ("seconds",))
