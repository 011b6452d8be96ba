"""Two runs compared case by case: what got worse first, and how sure the differences are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from app.ui.person import require_admin
from app.ui.plain import plain
from eval.compare import CompareError, Comparison, MetricChange, compare_runs
from eval.reports.compare_text import changed
from eval.runs.folder import RunError, RunFolder
from eval.ui.measured.case_view import outcome_badge, show_answer, show_right
from eval.ui.measured.charts import show_differences
from eval.ui.measured.runs_found import FoundRun, Stamp, listing_of, short_name, stamps
from eval.ui.measured.words import (
    difference,
    difference_interval,
    figure,
    metric_meaning,
    metric_title,
)

A_PAGE = 10  # cases
SEPARATOR = " · "


@dataclass(frozen=True)
class Side:
    """A way of a run; ``label`` tells it from all others."""

    label: str
    folder: RunFolder
    setting: str


def show_compare(runs: Sequence[FoundRun]) -> None:
    """The view."""
    sides = [
        Side(f"{run.name}{SEPARATOR}{setting.name}", run.folder, setting.name)
        for run in runs
        if run.folder
        for setting in run.folder.manifest.settings
    ]
    if len(sides) < 2:
        st.info(
            "It takes two runs over the same cases, or one that asked in two ways.",
            icon=":material/compare_arrows:",
        )
        return
    before, after = _choose(sides)
    try:
        comparison = _compared(before, after)
        _show_comparison(comparison)
    except (CompareError, RunError) as error:
        st.info(plain(str(error)), icon=":material/info:")
        return
    _show_worse(comparison, before, after)


def _choose(sides: Sequence[Side]) -> tuple[Side, Side]:
    known = {side.label: side for side in sides}
    labels = list(known)
    left, right = st.columns(2)
    before = left.selectbox(
        "Before", labels, index=1, key="before", bind="query-params", format_func=short_name
    )
    after = right.selectbox(
        "After", labels, index=0, key="after", bind="query-params", format_func=short_name
    )
    return known[str(before)], known[str(after)]


def _compared(before: Side, after: Side) -> Comparison:
    labels = (str(before.folder.path), before.setting, str(after.folder.path), after.setting)
    return _comparison(labels, stamps(before.folder, after.folder), before, after)


@st.cache_resource(show_spinner="Comparing case by case", max_entries=20)
def _comparison(
    labels: tuple[str, ...],  # noqa: ARG001 - this and the next are the cache's key
    seen: tuple[Stamp, ...],  # noqa: ARG001
    _before: Side,
    _after: Side,
) -> Comparison:
    settings = (_before.setting, _after.setting)
    (comparison,) = compare_runs(_before.folder, _after.folder, settings)
    return comparison


def _show_comparison(comparison: Comparison) -> None:
    st.markdown(f"**{plain(changed(comparison))}**")
    for note in comparison.notes:
        st.caption(plain(note))
    st.subheader("Differences", anchor=False)
    st.caption(
        "After less before, over the cases that both have. It is called better or worse where "
        "the 95% interval and the paired test are both sure."
    )
    show_differences(comparison)
    with st.expander("All differences"):
        st.table(
            [_row(change) for change in comparison.metrics], hide_index=True, border="horizontal"
        )


def _row(change: MetricChange) -> dict[str, str]:
    return {
        "Score": f"**{plain(metric_title(change.name))}**  \n"
        f":small[{plain(metric_meaning(change.name))}]",
        "Before": figure(change.name, change.before),
        "After": figure(change.name, change.after),
        "Difference": difference(change.name, change.difference.mean),
        "95% interval": difference_interval(change.name, change.difference.interval),
        "Verdict": change.verdict or "not sure",
        "Better / worse / same": f"{change.better:,} / {change.worse:,} / {change.same:,}",
    }


@st.fragment  # opening one draws nothing else anew
def _show_worse(comparison: Comparison, before: Side, after: Side) -> None:
    require_admin()
    st.subheader("What got worse", anchor=False)
    if not comparison.worse:
        st.markdown("No case did.")
        return
    try:
        _show_worse_cases(comparison, before, after)
    except RunError as error:
        st.info(plain(str(error)), icon=":material/info:")


def _show_worse_cases(comparison: Comparison, before: Side, after: Side) -> None:
    old = listing_of(before.folder).places(before.setting)
    new = listing_of(after.folder)
    questions = {row.case_id: row for row in new.rows if row.setting == after.setting}
    pages = -(-len(comparison.worse) // A_PAGE)
    page = min(st.session_state.get("worse_page", 1), pages)
    for change in comparison.worse[(page - 1) * A_PAGE : page * A_PAGE]:
        row = questions[change.case_id]
        heading = (
            f"{outcome_badge(change.before)} → {outcome_badge(change.after)} {plain(row.question)}"
        )
        with st.expander(heading, key=f"worse-{row.place}", on_change="rerun") as opened:
            if opened.open:
                _show_pair(before, old[change.case_id], after, row.place)
    if pages > 1:
        st.pagination(pages, key="worse_page")


def _show_pair(before: Side, old: int, after: Side, new: int) -> None:
    records = (before.folder.record_at(old), after.folder.record_at(new))
    show_right(records[1])
    for name, record, column in zip(
        ("Before", "After"), records, st.columns(2, gap="large"), strict=True
    ):
        with column:
            st.markdown(f"**{name}**")
            show_answer(record)
