"""The list of runs, the newest first, with what is at work above them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from app.ui.opened import open_answer_settings, open_library
from app.ui.person import for_admins
from app.ui.plain import plain
from eval.reports.figures import SettingFigures
from eval.reports.listing import RunListing
from eval.runs.folder import RunError, RunFolder
from eval.runs.variations import VariationError
from eval.ui.measured.at_work import RUNS_AT_WORK, begin, follow, is_at_work
from eval.ui.measured.run_work import RunWork, order_to_go_on
from eval.ui.measured.runs_found import FoundRun, listing_of, size_of
from eval.ui.measured.words import figure, metric_title, run_line

A_PAGE = 10  # runs
WAYS_SHOWN = 4
HEADLINES = ("claims_supported", "refused_rightly", "page_recall", "seconds")
LARGE = 64_000_000  # bytes of records that are not read only to list a run


def show_runs(runs: Sequence[FoundRun], *, on_open: Callable[[str], None]) -> None:
    """The view."""
    follow(RUNS_AT_WORK, "runs")
    if not runs:
        st.info(
            "There is no run yet. Make cases of your documents, and start one.",
            icon=":material/experiment:",
        )
        return
    pages = -(-len(runs) // A_PAGE)
    page = st.session_state.get("runs_page", 1)
    start = (min(page, pages) - 1) * A_PAGE
    for run in runs[start : start + A_PAGE]:
        with st.container(border=True, key=f"run-{runs.index(run)}"):
            _show_found(run, on_open)
    if pages > 1:
        st.pagination(pages, key="runs_page")


def _show_found(run: FoundRun, on_open: Callable[[str], None]) -> None:
    if run.folder is None:
        st.markdown(f"**{plain(run.name)}**")
        st.error(plain(run.error), icon=":material/error:")
        return
    at_work = is_at_work(run.folder.path)
    try:
        listing = None if at_work or size_of(run.folder) > LARGE else listing_of(run.folder)
    except RunError as error:
        st.markdown(f"**{plain(run.name)}**")
        st.error(plain(str(error)), icon=":material/error:")
        return
    with st.container(horizontal=True, wrap=False, vertical_alignment="center"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(run.folder.path.name)}**", width="content")
            _badge(listing, at_work)
        if listing:
            show_go_on(run.folder, listing, key=run.name)
        st.button("Open", key=f"open-{run.name}", on_click=on_open, args=(run.name,))
    st.caption(run_line(run.folder.manifest))
    if listing:
        for setting in listing.figures.settings[:WAYS_SHOWN]:
            st.markdown(_headline(setting, several=len(listing.figures.settings) > 1))
    elif not at_work:
        st.caption("It is large: open it for its scores.")


def _badge(listing: RunListing | None, at_work: bool) -> None:
    if at_work:
        st.badge("at work", color="blue")
    elif listing and listing.finished < listing.asked:
        st.badge(f"unfinished: {listing.finished:,} of {listing.asked:,}", color="orange")
    elif listing and (failed := failed_cases(listing)):
        st.badge(f"{failed:,} failed", color="orange")


def failed_cases(listing: RunListing) -> int:
    """How many cases have no answer, of all ways."""
    return sum(setting.outcomes["error"] for setting in listing.figures.settings)


def show_go_on(folder: RunFolder, listing: RunListing, *, key: str) -> None:
    """The button that asks what is missing or had failed, where anything is."""
    is_short = listing.finished < listing.asked or failed_cases(listing) > 0
    if is_short and not is_at_work(folder.path):
        st.button(
            "Go on", icon=":material/play_arrow:", key=f"go-on-{key}", on_click=for_admins(_go_on),
            args=(folder,), help="Asks what is missing and what had failed.",
        )  # fmt: skip


def _go_on(folder: RunFolder) -> None:
    settings, library = open_answer_settings(), open_library()
    try:
        work = RunWork(order_to_go_on(folder, settings), library, settings)
    except (RunError, VariationError) as error:
        st.toast(plain(str(error)), icon=":material/error:", duration="long")
    else:
        begin(RUNS_AT_WORK, work)


def _headline(setting: SettingFigures, *, several: bool) -> str:
    shares = [
        f"{plain(metric_title(name))} **{figure(name, mean)}**"
        for name in HEADLINES
        if name in setting.metrics
        and (mean := setting.metrics[name].summary.mean) is not None
    ]  # fmt: skip
    right = f"Right **{setting.outcomes['right']:,} of {setting.finished:,}**"
    told = " · ".join([right, *shares])
    coverage = min((one.coverage for one in setting.metrics.values()), default=1.0)
    scored = "" if coverage >= 1 else f" · {coverage:.0%} scored"
    return f"{f'**{plain(setting.name)}**: ' if several else ''}{told}{scored}"
