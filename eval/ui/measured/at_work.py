"""What is at work for all visitors, so that it outlives a click and a page that is loaded anew."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import streamlit as st

from app.counted import counted
from app.ui.person import for_admins, require_admin
from app.ui.plain import plain
from eval.ui.measured.make_work import MakeWork
from eval.ui.measured.run_work import RunWork
from eval.ui.measured.work import Work

AnyWork = TypeVar("AnyWork", bound=Work)

# Not in a cache of Streamlit, which whoever reaches the page can have cleared.
RUNS_AT_WORK: list[RunWork] = []  # those that were started here, the newest last
CASES_IN_MAKING: list[MakeWork] = []  # files of cases, the newest last
_beginning = threading.Lock()  # several visitors may begin at once
LOOK_SECONDS = 1.0  # between two looks at what is at work
MINUTE = 60


def begin(known: list[AnyWork], work: AnyWork) -> None:
    """Start a piece of work, and forget those that are over."""
    with _beginning:
        known[:] = [one for one in known if not one.is_over]
        known.append(work)
    work.start()


def is_at_work(folder: Path) -> bool:
    """Whether the run in this folder is being asked."""
    return any(work.folder == folder and not work.is_over for work in RUNS_AT_WORK)


def follow(known: Sequence[Work], key: str) -> None:
    """The work; while it goes on it is drawn anew by itself, and nothing else is."""
    if known:
        states = [work.state for work in known]
        every = None if all(work.is_over for work in known) else LOOK_SECONDS
        st.fragment(_show, run_every=every)(known, states, key)


def _show(known: Sequence[Work], states: Sequence[str], key: str) -> None:
    require_admin()
    if [work.state for work in known] != states:
        st.rerun()
    for number, work in enumerate(known):
        if not work.is_over:
            _show_running(work, f"{key}-{number}")
        elif work.error is not None:
            st.error(f"{plain(work.name)}: {plain(work.error)}", icon=":material/error:")
        elif work.state == "cancelled":
            st.info(f"{plain(work.name)}: {said_cancelled(work)}", icon=":material/pause:")
        else:
            st.success(f"{plain(work.name)}: {said_done(work)}", icon=":material/check:")


def _show_running(work: Work, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        share = work.finished / work.total if work.total else 0.0
        st.progress(min(1.0, share), text=f"{plain(work.name)}: {plain(progress(work))}")
        st.button(
            "Cancel", icon=":material/close:", type="tertiary", on_click=for_admins(work.cancel),
            disabled=work.state == "ending", key=f"cancel-{key}",
        )  # fmt: skip
    if isinstance(work, RunWork) and work.fault:
        st.caption(f"The last that failed: {plain(work.fault)}")


def progress(work: Work) -> str:
    """How far work is, in words."""
    if work.state == "ending":
        return "ending"
    told = f"{work.finished:,} of {work.total:,}"
    if not isinstance(work, RunWork):
        return f"{told} cases" if work.finished else "reading the documents"
    if not work.total:
        return "getting ready"
    failed = f", {work.failed:,} failed" if work.failed else ""
    left = work.seconds_left()
    return f"{told} questions{failed}{'' if left is None else f', {duration(left)} left'}"


def duration(seconds: float) -> str:
    """About how long, for a person."""
    if seconds < MINUTE:
        return f"about {max(1, round(seconds))} s"
    minutes = round(seconds / MINUTE)
    return f"about {minutes} min" if minutes < MINUTE else f"about {minutes / MINUTE:.1f} h"


def said_cancelled(work: Work) -> str:
    """What cancelling has left."""
    if not isinstance(work, RunWork):
        return "cancelled; nothing was written."
    if not work.folder:
        return "cancelled before anything was asked."
    return (
        f"cancelled; {counted(work.finished - work.failed, 'answer')} of {work.total:,} "
        "kept. Go on with it below."
    )


def said_done(work: Work) -> str:
    """What finished work has brought."""
    if isinstance(work, RunWork):
        failed = f", {work.failed:,} of them without an answer" if work.failed else ""
        return f"{counted(work.finished, 'question')} asked{failed}."
    short = work.total - work.finished
    less = f"; the documents gave {short:,} fewer than asked for" if short else ""
    return f"{counted(work.finished, 'case')} made{less}."
