"""Models and ways to answer in order, on one's own documents: quality against time and tokens."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.ui.plain import plain
from eval.leaderboard import (
    QUALITIES,
    Leaderboard,
    LeaderboardError,
    Row,
    chief_metrics,
    make_leaderboard,
)
from eval.runs.folder import RunError
from eval.ui.measured.charts import show_quality_against
from eval.ui.measured.runs_found import FoundRun, listing_of, short_name
from eval.ui.measured.words import figure, interval, metric_meaning, metric_title

TOKENS = ("prompt_tokens", "answer_tokens")
BEST = "What most ways have"


def show_leaderboard(runs: Sequence[FoundRun]) -> None:
    """The view."""
    readable = {run.name: run for run in runs if run.folder}
    if not readable:
        st.info("There is no run yet to put in order.", icon=":material/leaderboard:")
        return
    chosen = st.multiselect(
        "Runs", list(readable), default=_same_cases(list(readable.values())), key="ranked",
        placeholder="Choose runs", format_func=short_name,
    )  # fmt: skip
    by = st.selectbox(
        "Order by", [BEST, *QUALITIES], key="ranked_by",
        format_func=lambda name: name if name == BEST else metric_title(name),
    )  # fmt: skip
    if not chosen:
        return
    try:
        figures = [
            listing_of(folder).figures
            for name in chosen
            if (folder := readable[name].folder) is not None
        ]
        board = make_leaderboard(figures, by=None if by == BEST else by)
    except (LeaderboardError, RunError) as error:
        st.info(plain(str(error)), icon=":material/info:")
        return
    _show_board(board)


def _same_cases(runs: Sequence[FoundRun]) -> list[str]:
    """The runs over the same cases as the newest one."""
    newest = runs[0].folder
    return [
        run.name
        for run in runs
        if run.folder and newest
        and run.folder.manifest.cases.sha256 == newest.manifest.cases.sha256
    ]  # fmt: skip


def _show_board(board: Leaderboard) -> None:
    for note in board.notes:
        st.warning(plain(note), icon=":material/warning:")
    over = " and ".join(metric_title(name).lower() for name in (board.by, *board.costs))
    st.caption(
        plain(
            f"A best buy is a way to which no other is as good in {over}, and better in one. "
            f"({metric_meaning(board.by)})"
        )
    )
    if all(any(row.mean(name) is not None for row in board.rows) for name in TOKENS):
        time, tokens = st.columns(2, gap="large")
        with tokens:
            show_quality_against(board, TOKENS, "tokens an answer, read and written")
    else:
        time = st.container()
    with time:
        show_quality_against(board, ("seconds",), "seconds an answer")
    st.table([_row(board, row) for row in board.rows], hide_index=True, border="horizontal")


def _row(board: Leaderboard, row: Row) -> dict[str, str]:
    quality = row.metrics.get(board.by)
    names = chief_metrics(board)
    ends = interval(board.by, quality.interval if quality else None)
    return {
        "": f"**{row.rank}**" if row.rank else "–",
        "Way": f"{plain(row.setting)}{' :blue-badge[best buy]' if row.on_front else ''}"
        f"  \n:small[{plain(row.run)}]",
        plain(metric_title(board.by)): f"**{figure(board.by, row.mean(board.by))}**  \n"
        f":small[{ends}]",
        **{plain(metric_title(name)): figure(name, row.mean(name)) for name in names[1:]},
    }
