"""One run: what was asked, what became of the cases, the scores with intervals, every case."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from app.counted import counted
from app.ui.person import require_admin
from app.ui.plain import plain
from eval.reports.figures import MetricFigures, RunFigures, SettingFigures, read_figures
from eval.reports.listing import CaseRow, RunListing
from eval.reports.metric_names import grouped, headlines
from eval.reports.outcome import OUTCOMES
from eval.reports.run_facts import run_facts
from eval.reports.run_html import run_html
from eval.runs.folder import RunError, RunFolder
from eval.ui.measured.at_work import RUNS_AT_WORK, follow, is_at_work
from eval.ui.measured.case_view import show_case
from eval.ui.measured.charts import show_outcomes, show_scores
from eval.ui.measured.runs_found import FoundRun, listing_of
from eval.ui.measured.runs_view import show_go_on
from eval.ui.measured.words import (
    figure,
    figure_and_interval,
    interval,
    metric_meaning,
    metric_title,
    run_line,
)

A_PAGE = 10  # cases
IN_A_FILE = 500  # cases of each way that the report to download has whole


def show_run(run: FoundRun, *, on_leave: Callable[[], None]) -> None:
    """The view."""
    st.button("All runs", icon=":material/arrow_back:", type="tertiary", on_click=on_leave)
    if run.folder is None:
        st.error(plain(run.error), icon=":material/error:")
        return
    try:
        listing = listing_of(run.folder)
    except RunError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    _show_head(run.folder, listing, run.name)
    if not listing.rows:
        st.info("No case is finished yet.", icon=":material/hourglass_empty:")
        return
    _show_outcomes(listing.figures)
    _show_scores(listing.figures)
    _show_cases(run.folder, listing, run.name)


def _show_head(folder: RunFolder, listing: RunListing, name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(folder.path.name), anchor=False, width="stretch")
        show_go_on(folder, listing, key=name)
        st.download_button(
            "Report", lambda: _report(folder), f"{folder.path.name}.html", "text/html",
            icon=":material/download:", on_click="ignore",
            help="One HTML file with all figures and cases, to keep or to send.",
        )  # fmt: skip
    st.caption(run_line(folder.manifest))
    if is_at_work(folder.path):
        follow([work for work in RUNS_AT_WORK if work.folder == folder.path], "run")
    elif listing.finished < listing.asked:
        st.warning(
            f"This run is unfinished: {listing.finished:,} of {listing.asked:,} answers are "
            "there, and the figures are about these.",
            icon=":material/hourglass_bottom:",
        )
    with st.expander("What was asked of what"):
        for title, value, more in run_facts(folder.manifest):
            st.markdown(f"**{plain(title)}** {plain(value)}")
            st.caption(plain(more))


def _report(folder: RunFolder) -> bytes:
    figures = read_figures(folder, worst=IN_A_FILE)
    return "".join(run_html(folder, figures)).encode("utf8")


def _show_outcomes(figures: RunFigures) -> None:
    st.subheader("What became of the cases", anchor=False)
    show_outcomes(figures)
    several = len(figures.settings) > 1
    rows = [
        {"": f"**{outcome}**", "What it means": f"{meaning[:1].upper()}{meaning[1:]}",
         **{_column(setting, several): f"{setting.outcomes[outcome]:,}"
            for setting in figures.settings}}
        for outcome, meaning in reversed(OUTCOMES.items())
        if any(setting.outcomes[outcome] for setting in figures.settings)
    ]  # fmt: skip
    st.table(rows, hide_index=True, border="horizontal")
    for setting in figures.settings:
        if told := _refusals(setting):
            st.caption(f"{plain(setting.name) + ': ' if several else ''}{told}")


def _column(setting: SettingFigures, several: bool) -> str:
    return plain(setting.name) if several else "Cases"


def _refusals(setting: SettingFigures) -> str:
    """Who was refused an answer, in a sentence; empty where no question has none."""
    refused = setting.refusals
    held = refused.get((True, False), 0) + refused.get((True, True), 0)
    not_held = refused.get((False, False), 0) + refused.get((False, True), 0)
    if not not_held:
        return ""
    return (
        f"Answered: {refused.get((True, False), 0):,} of {counted(held, 'question')} that the "
        f"documents answer. Refused, as it should be: {refused.get((False, True), 0):,} of "
        f"{not_held:,} that they do not."
    )


def _show_scores(figures: RunFigures) -> None:
    st.subheader("Scores", anchor=False)
    st.caption(
        "The mean over the cases, and the range in which it would lie 95 times of 100 if other "
        "cases like these were asked."
    )
    show_scores(figures)
    several = len(figures.settings) > 1
    names = [name for name in headlines(figures.manifest.metrics) if _has_value(figures, name)]
    st.table(
        [
            {"Score": _name_and_meaning(name),
             **{_column(setting, several) if several else "Mean and 95% interval":
                figure_and_interval(name, setting.metrics[name].summary)
                for setting in figures.settings}}
            for name in names
        ],
        hide_index=True, border="horizontal",
    )  # fmt: skip
    with st.expander("All scores, and what could not be scored"):
        _show_all_scores(figures)


def _has_value(figures: RunFigures, name: str) -> bool:
    return any(setting.metrics[name].summary.n for setting in figures.settings)


def _name_and_meaning(name: str) -> str:
    return f"**{plain(metric_title(name))}**  \n:small[{plain(metric_meaning(name))}]"


def _show_all_scores(figures: RunFigures) -> None:
    names = [setting.name for setting in figures.settings]
    chosen = st.selectbox("Way to answer", names, key="scores_of") if names[1:] else names[0]
    setting = next(one for one in figures.settings if one.name == chosen)
    for group, some in grouped(figures.manifest.metrics).items():
        st.markdown(f"**{plain(group)}**")
        st.table(
            [_score_row(name, setting.metrics[name]) for name in some],
            hide_index=True, border="horizontal",
        )  # fmt: skip


def _score_row(name: str, metric: MetricFigures) -> dict[str, str]:
    found = metric.summary
    reason = next(iter(metric.reasons), "")
    return {
        "Score": _name_and_meaning(name),
        "Mean": figure(name, found.mean),
        "95% interval": interval(name, found.interval),
        "Cases": f"{found.n:,}",
        "Not scored": f"{found.unscored:,}",
        "Most often because": plain(reason.partition(": ")[2] or reason),
    }


@st.fragment  # opening one draws nothing else anew
def _show_cases(folder: RunFolder, listing: RunListing, name: str) -> None:
    require_admin()
    st.subheader("Cases", anchor=False)
    rows = _filtered(listing, name)
    st.caption(f"{counted(len(rows), 'case')}, the ones to look at first first.")
    pages = max(1, -(-len(rows) // A_PAGE))
    page = min(st.session_state.get(f"cases-{name}", 1), pages)
    several = len(listing.figures.settings) > 1
    for row in rows[(page - 1) * A_PAGE : page * A_PAGE]:
        show_case(folder, row, several=several, key=f"{name}-{row.place}")
    if pages > 1:
        st.pagination(pages, key=f"cases-{name}")


def _filtered(listing: RunListing, name: str) -> Sequence[CaseRow]:
    ways = [setting.name for setting in listing.figures.settings]
    present = {row.outcome for row in listing.rows}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input("Find in questions", key=f"find-{name}", width=280)
        way = (
            st.selectbox("Way to answer", ["All", *ways], key=f"way-{name}", width=280)
            if ways[1:] else "All"
        )  # fmt: skip
        outcomes = st.pills(
            "Outcome", [one for one in OUTCOMES if one in present], selection_mode="multi",
            key=f"outcome-{name}",
        )  # fmt: skip
    wanted = words.casefold().strip()
    return [
        row for row in listing.rows
        if wanted in row.question.casefold()
        and (way == "All" or row.setting == way)
        and (not outcomes or row.outcome in outcomes)
    ]  # fmt: skip
