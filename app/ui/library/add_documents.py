"""Adding documents: files and folders that are dropped, and what becomes of each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

import streamlit as st

from app.counted import counted
from app.people.settings import PageSettings
from app.ui.library.uploads import Sent, State, Uploads
from app.ui.person import for_admins, require_admin
from app.ui.plain import plain
from ingest.readers.source import ENDINGS, KINDS
from ingest.settings import load_settings
from ingest.upload import Upload

LOOK_SECONDS = 1.0  # between two looks at uploads that are being taken in
MOST_FAILURES, MOST_RECENT = 50, 5  # of them that are shown
ROUND = "upload_round"  # counts up, so that what was handed over is no longer in the box
FILES, FOLDER = "Files", "A whole folder"


def show_add(uploads: Uploads) -> None:
    """The boxes to drop into."""
    what = st.segmented_control(
        "What to add", [FILES, FOLDER], default=FILES, required=True, key="upload_what"
    )
    number = st.session_state.setdefault(ROUND, 0)
    largest = load_settings(PageSettings).upload_mb
    if what == FOLDER:
        key = f"upload-folder-{number}"
        st.file_uploader(
            "Drop a folder here, or choose one",
            type=[ending.removeprefix(".") for ending in ENDINGS],
            accept_multiple_files="directory", max_upload_size=largest, key=key,
            on_change=for_admins(hand_over), args=(uploads, key, largest),
        )  # fmt: skip
        st.caption("All documents in it and in the folders below it; files of other kinds are not.")
    else:
        key = f"upload-files-{number}"
        st.file_uploader(
            "Drop files here, or choose them",
            accept_multiple_files=True, max_upload_size=largest, key=key,
            on_change=for_admins(hand_over), args=(uploads, key, largest),
        )  # fmt: skip
    st.caption(f"{KINDS}. The library keeps a copy of each; nothing leaves this machine.")


def hand_over(uploads: Uploads, key: str, largest_mb: int) -> None:
    """Give what was dropped to the thread that takes it in, and empty the box."""
    files = [one for one in st.session_state[key] or [] if not _is_hidden(one.name)]
    sent = [Upload(one.name, one.getvalue()) for one in files]
    uploads.add(sent, largest_mb=largest_mb)
    st.session_state[ROUND] += 1


def _is_hidden(name: str) -> bool:
    return PurePath(name).name.startswith(".")


def show_uploads(uploads: Uploads, was_running: bool, *, quiet: bool = False) -> None:
    """What was sent: failures first; drawn anew by itself while files are being taken in.

    ``was_running`` is how it stood when the page began to be drawn: if that has changed, all of it
    is drawn anew. What went well is left out where it shall be ``quiet``.
    """
    if uploads.sent:
        every = LOOK_SECONDS if was_running else None
        st.fragment(_show_quietly if quiet else _show, run_every=every)(uploads, was_running)


def _show(uploads: Uploads, was_running: bool) -> None:
    with st.container(border=True, key="uploads"):
        _show_quietly(uploads, was_running)
        _show_taken(uploads, uploads.counts())
        if not was_running:
            st.button("Clear this list", type="tertiary", on_click=for_admins(uploads.clear))


def _show_quietly(uploads: Uploads, was_running: bool) -> None:
    require_admin()
    if uploads.running != was_running:
        st.rerun()
    counts = uploads.counts()
    if was_running:
        _show_progress(uploads, counts)
    _show_failures(uploads, counts)
    if counts.get("locked"):
        _show_locked(uploads)


def _show_progress(uploads: Uploads, counts: dict[State, int]) -> None:
    waiting = [one for one in list(uploads.sent) if one.state == "waiting"]
    total = len(uploads.sent)
    done = total - counts.get("waiting", 0)
    said = f"Taking in {waiting[0].name}: {done:,} of {counted(total, 'file')} done" if (
        waiting) else "Finishing"  # fmt: skip
    if uploads.pages >= 1:
        said += f", {uploads.pages:,.0f} pages so far"
    if uploads.waiting_for:
        said = f"Waiting: the library is being written to by {uploads.waiting_for}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(done / total if total else 0.0, text=plain(said))
        st.button(
            "Cancel", icon=":material/close:", type="tertiary", on_click=for_admins(uploads.cancel)
        )


def _show_failures(uploads: Uploads, counts: dict[State, int]) -> None:
    failed = [one for one in list(uploads.sent) if one.state == "failed"]
    if failed:
        lines = [f"{plain(one.name)} was not added: {plain(one.reason)}."
                 for one in failed[:MOST_FAILURES]]  # fmt: skip
        if len(failed) > MOST_FAILURES:
            lines.append(f"and {len(failed) - MOST_FAILURES:,} more")
        st.error(as_list(lines), icon=":material/error:")
    if cancelled := counts.get("cancelled"):
        st.info(f"Cancelled: {counted(cancelled, 'file')} not added.", icon=":material/block:")


def as_list(lines: Sequence[str]) -> str:
    """Lines as Markdown: one is a sentence, more are a list."""
    return lines[0] if len(lines) == 1 else "\n".join(f"- {line}" for line in lines)


def _show_locked(uploads: Uploads) -> None:
    """The files that need a password, and where to write it."""
    locked = [one for one in list(uploads.sent) if one.state == "locked"]
    names = ", ".join(plain(one.name) for one in locked[:MOST_RECENT])
    more = f" and {len(locked) - MOST_RECENT} more" if len(locked) > MOST_RECENT else ""
    wrong = any("none of the passwords" in one.reason for one in locked)
    said = "is not opened by that password" if wrong else "needs a password"
    st.warning(f"Encrypted, and {said}: {names}{more}.", icon=":material/lock:")
    with st.form("unlock", clear_on_submit=True, border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(
                "Password of encrypted files", type="password", key="upload_password",
                autocomplete="off",
            )  # fmt: skip
            st.form_submit_button("Open", on_click=for_admins(_unlock), args=(uploads,))
        st.caption("It is used once and never stored.")


def _unlock(uploads: Uploads) -> None:
    if password := st.session_state["upload_password"]:
        uploads.unlock(password)


def _show_taken(uploads: Uploads, counts: dict[State, int]) -> None:
    taken = [one for one in list(uploads.sent) if one.state in ("added", "known")]
    if not taken:
        return
    added, known = counts.get("added", 0), counts.get("known", 0)
    said = [f"{counted(added, 'file')} added"] if added else []
    said += [f"{counted(known, 'file')} in the library already"] if known else []
    if len(taken) > 1:
        st.markdown(f":material/check: {', '.join(said)}." + _latest(taken))
    for one in reversed(taken[-MOST_RECENT:]):
        st.caption(_became(one))


def _latest(taken: Sequence[Sent]) -> str:
    return " The latest:" if len(taken) > MOST_RECENT else ""


def _became(one: Sent) -> str:
    if one.state == "known":
        return f"{plain(one.name)} was in the library already."
    size = f"{counted(one.pages, 'page')}, {counted(one.chunks, 'passage')}"
    return f"{plain(one.name)} was added: {size}."
