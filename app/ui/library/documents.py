"""The library: what is in it, taking documents in, removing documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from app.people.uploads import check_upload
from app.ui.counted import counted
from app.ui.opened import open_library
from app.ui.person import current_person, require_admin
from app.ui.plain import plain
from ingest.errors import CiteboundError
from ingest.library import Library
from ingest.pipeline import ingest_upload
from ingest.readers.source import ENDINGS, KINDS
from ingest.records import DocumentRecord


@dataclass(frozen=True)
class Taken:
    """What became of an uploaded file, as Markdown."""

    message: str
    failed: bool


def show_library() -> None:
    """The page."""
    library = open_library()
    st.header("Library", anchor=False)
    admin = current_person().admin
    if admin:
        _upload(library)
    else:
        st.caption("Documents are added and removed by admins.")
    documents = library.documents()
    if not documents:
        then = ": add documents above, then ask about them." if admin else "."
        st.markdown(f"Nothing is here yet{then}")
        return
    pages = sum(document.pages for document in documents)
    st.caption(f"{counted(len(documents), 'document')}, {counted(pages, 'page')}.")
    _table(documents)
    if admin:
        _removal(library, documents)


def _upload(library: Library) -> None:
    """The upload box; each file is taken in once, and what became of it stays on the page."""
    taken: dict[str, Taken] = st.session_state.setdefault("taken", {})
    files = st.file_uploader(
        f"Add documents: {KINDS}",
        type=[ending.removeprefix(".") for ending in ENDINGS],
        accept_multiple_files=True,
        key="upload",
    )
    password = st.text_input(
        "Password of encrypted files", type="password", on_change=_try_again, args=(taken,)
    )
    fresh = [file for file in files if file.file_id not in taken]
    progress = st.empty()
    for number, file in enumerate(fresh, 1):
        said = f"Reading {plain(file.name)} ({number} of {len(fresh)})"
        progress.progress((number - 1) / len(fresh), text=said)
        taken[file.file_id] = take_in(file.name, file.getvalue(), library, password)
    progress.empty()
    for file in files:
        outcome = taken[file.file_id]
        if outcome.failed:
            st.error(outcome.message, icon=":material/error:")
        else:
            st.success(outcome.message, icon=":material/check:")


def _try_again(taken: dict[str, Taken]) -> None:
    """Forget the files that failed, so that they are read with the new password."""
    for key in [key for key, outcome in taken.items() if outcome.failed]:
        del taken[key]


def take_in(name: str, data: bytes, library: Library, password: str = "") -> Taken:
    """One uploaded file into the library, or the reason why not."""
    try:
        check_upload(name, len(data))
        summary = ingest_upload(name, data, library, passwords=[password] if password else [])
    except CiteboundError as error:
        return Taken(f"{plain(name)} was not added: {plain(str(error))}", failed=True)
    if summary.failures:
        reason = plain(summary.failures[0].reason)
        return Taken(f"{plain(name)} was not added: {reason}.", failed=True)
    if not summary.added:
        return Taken(f"{plain(name)} was in the library already.", failed=False)
    size = f"{counted(summary.pages, 'page')}, {counted(summary.chunks, 'passage')}"
    return Taken(f"{plain(name)} was added: {size}.", failed=False)


def _table(documents: Sequence[DocumentRecord]) -> None:
    rows = [
        {"name": d.name, "title": d.title, "pages": d.pages, "passages": d.chunks,
         "added": datetime.fromtimestamp(d.added)}
        for d in documents
    ]  # fmt: skip
    st.dataframe(
        rows,
        hide_index=True,
        column_config={
            "name": st.column_config.TextColumn("Name", width="medium"),
            "title": st.column_config.TextColumn("Title", width="medium"),
            "pages": st.column_config.NumberColumn("Pages", width="small"),
            "passages": st.column_config.NumberColumn("Passages", width="small"),
            "added": st.column_config.DatetimeColumn("Added", format="D MMM YYYY", width="small"),
        },
    )


def _removal(library: Library, documents: Sequence[DocumentRecord]) -> None:
    """The choice of documents to remove, and the button that asks once more."""
    known = {document.id: document for document in documents}
    chosen = st.multiselect(
        "Remove documents",
        list(known),
        format_func=lambda key: known[key].name if key in known else key,
        placeholder="Choose documents",
        key=f"removal-{library.catalog.generation()}",
    )
    label = f"Remove {counted(len(chosen), 'document')}"
    if chosen and st.button(label, icon=":material/delete:"):
        _confirm_removal(library, [known[key] for key in chosen])


@st.dialog("Remove from the library?")
def _confirm_removal(library: Library, chosen: Sequence[DocumentRecord]) -> None:
    require_admin()
    for document in chosen:
        st.markdown(plain(document.name))
    st.caption("Answers will no longer use them. Files outside the library stay where they are.")
    if st.button("Remove", type="primary"):
        try:
            with library.writing():
                for document in chosen:
                    library.remove(document.id)
        except CiteboundError as error:
            st.error(plain(str(error)), icon=":material/error:")
        else:
            st.rerun()


show_library()
