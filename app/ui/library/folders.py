"""Watched folders: named here, looked at by the server, kept in step with the library."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import streamlit as st

from app.counted import counted
from app.ui.library.watching import LOOK_SECONDS, Seen, Watching
from app.ui.person import for_admins, require_admin
from app.ui.plain import plain
from ingest.errors import CiteboundError
from ingest.passwords import FILE_VARIABLE
from ingest.pipeline import Failure, Summary
from ingest.readers.pdf_second_opinion import ENCRYPTED, WRONG_PASSWORD
from ingest.watch import WatchedFolder

DRAW_SECONDS = 1.0
MOST_FAILURES = 20


def show_folders(watching: Watching) -> None:
    """What is watched, and the box for one more folder."""
    st.markdown(
        "A watched folder of this machine is read again when a file in it changes. Its files stay "
        "where they are; the library refers to them."
    )
    watched = st.container()
    with st.form("watch", border=True):
        path = st.text_input(
            "Folder on the machine that serves this page", placeholder="/home/me/papers",
            key="watch_path", max_chars=4000,
        )  # fmt: skip
        prune = st.checkbox(
            "Also remove documents whose files are gone", key="watch_prune",
            help="Otherwise a document stays when its file is deleted.",
        )  # fmt: skip
        asked = st.form_submit_button("Watch", icon=":material/visibility:")
    if asked and path:
        try:
            watching.add(Path(path.strip()), prune=prune)
        except (CiteboundError, OSError, ValueError) as error:
            st.error(plain(str(error)), icon=":material/error:")
        else:
            st.rerun()
    with watched:
        if folders_of(watching):
            st.fragment(_show_all, run_every=DRAW_SECONDS)(watching)


def folders_of(watching: Watching) -> list[WatchedFolder]:
    """The watched folders; where they cannot be read, one sentence says so and there are none."""
    try:
        return watching.folders()
    except CiteboundError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return []


def _show_all(watching: Watching) -> None:
    require_admin()
    for folder in folders_of(watching):
        with st.container(border=True):
            _show_folder(watching, folder)


def _show_folder(watching: Watching, folder: WatchedFolder) -> None:
    seen, key = watching.seen(folder.path), str(folder.path)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(str(folder.path))}**", width="stretch")
        label, icon = ("Go on", "play_arrow") if folder.paused else ("Pause", "pause")
        st.button(
            label, icon=f":material/{icon}:", type="tertiary", key=f"pause-{key}",
            on_click=for_admins(watching.pause), args=(folder.path,),
            kwargs={"paused": not folder.paused},
        )  # fmt: skip
        st.button("Stop watching", icon=":material/close:", type="tertiary", key=f"stop-{key}",
                  help="Its documents stay in the library.",
                  on_click=for_admins(watching.stop), args=(folder.path,))  # fmt: skip
    prune = "removes" if folder.prune else "keeps"
    st.caption(f"{state(folder, seen)} · {prune} documents whose files are gone")
    if seen.changed is not None and seen.summary is not None:
        st.caption(f"Last taken in {_time(seen.changed)}: {taken_in(seen.summary)}.")
    if seen.error:
        st.error(plain(seen.error), icon=":material/error:")
    if seen.failures:
        lines = [f"- {plain(str(one.path.name))}: {plain(_reason(one))}"
                 for one in seen.failures[:MOST_FAILURES]]  # fmt: skip
        if len(seen.failures) > MOST_FAILURES:
            lines.append(f"- and {len(seen.failures) - MOST_FAILURES:,} more")
        st.warning("Could not be taken in:\n" + "\n".join(lines), icon=":material/warning:")


def _reason(failure: Failure) -> str:
    if failure.reason in (ENCRYPTED, WRONG_PASSWORD):
        return f"it is encrypted; start the page with {FILE_VARIABLE} naming a file of passwords"
    return failure.reason


def state(folder: WatchedFolder, seen: Seen) -> str:
    """What is being done about a folder, as Markdown."""
    if folder.paused:
        return "Paused"
    if seen.waiting_for:
        return f"Waiting: the library is being written to by {plain(seen.waiting_for)}"
    if seen.looked is None:
        return "Looking for the first time"
    doing = "looking now" if seen.busy else f"every {LOOK_SECONDS:g} s"
    return f"Looked at {_time(seen.looked)}, {doing}"


def taken_in(summary: Summary) -> str:
    """What an ingest has changed, in words."""
    counts = {
        "added": summary.added, "updated": summary.updated, "moved": summary.moved,
        "removed": summary.removed, "copies": summary.duplicate,
    }  # fmt: skip
    said = ", ".join(f"{count:,} {word}" for word, count in counts.items() if count)
    if not said:
        return "nothing was new"
    return f"{said} ({counted(summary.pages, 'page')})"


def _time(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds):%H:%M:%S}"
