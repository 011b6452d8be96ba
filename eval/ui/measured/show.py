"""How good the answers are: the page and its views; a run has an address that can be kept.

For admins: runs hold passages of all libraries, and questions that people asked.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.ui.person import require_admin
from app.ui.plain import plain
from eval.cases.named import cases_folder
from eval.ui.measured.compare_view import show_compare
from eval.ui.measured.leaderboard_view import show_leaderboard
from eval.ui.measured.run_view import show_run
from eval.ui.measured.runs_found import FoundRun, find_runs
from eval.ui.measured.runs_view import show_runs
from eval.ui.measured.start_view import show_start

RUN, FOLDER = "run", "folder"  # parameters of the page's address
RUNS, START, COMPARE, LEADERBOARD = "Runs", "Start a run", "Compare", "Leaderboard"


def show_eval() -> None:
    """The page."""
    st.set_page_config(layout="wide")
    st.header("Eval", anchor=False)
    st.caption(
        "Ask many questions whose right answers are known, and see how often your documents are "
        "answered rightly."
    )
    require_admin()
    view = st.segmented_control(
        "View", [RUNS, START, COMPARE, LEADERBOARD],
        default=RUNS, required=True, key="view", bind="query-params",
        label_visibility="collapsed", on_change=_leave_run,
    )  # fmt: skip
    folder = _folder()
    if view == START:
        show_start(folder)
        return
    runs = find_runs(folder)
    if view == COMPARE:
        show_compare(runs)
    elif view == LEADERBOARD:
        show_leaderboard(runs)
    elif (run := _chosen(runs)) is not None:
        show_run(run, on_leave=_leave_run)
    else:
        show_runs(runs, on_open=_open_run)
        _choose_folder(folder)


def _open_run(name: str) -> None:
    st.query_params[RUN] = name


def _leave_run() -> None:
    st.query_params.pop(RUN, None)


def _chosen(runs: list[FoundRun]) -> FoundRun | None:
    """The run that the address names, if it is one of those that were found."""
    name = st.query_params.get(RUN)
    return next((run for run in runs if run.name == name), None)


def _folder() -> Path:
    """Where cases and runs lie: the usual folder, or the one that the address names."""
    named = st.query_params.get(FOLDER)
    if not named:
        return cases_folder()
    try:
        return Path(named).expanduser()
    except RuntimeError:  # ~NAME, where nobody is called NAME
        return Path(named)


def _choose_folder(folder: Path) -> None:
    with st.expander("Where cases and runs lie"):
        st.text_input(
            "Folder", str(folder), key="eval_folder", on_change=_look_in,
            help="Files of cases, and the runs over them in a folder named runs beside them. "
            "Empty: the usual one.",
        )  # fmt: skip
        if not folder.is_dir():
            st.caption(plain(f"{folder} is not there yet; the first cases make it."))


def _look_in() -> None:
    named = str(st.session_state["eval_folder"]).strip()
    if named and named != str(cases_folder()):
        st.query_params[FOLDER] = named
    else:
        st.query_params.pop(FOLDER, None)


show_eval()
