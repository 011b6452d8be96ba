"""The first documents: an upload box, or the sample handbook with one click."""

from __future__ import annotations

import streamlit as st

from app import sample
from app.people.settings import PageSettings
from app.ui.library.add_documents import ROUND, hand_over
from app.ui.library.uploads import Uploads
from app.ui.person import for_admins
from ingest.readers.source import ENDINGS, KINDS
from ingest.settings import load_settings
from ingest.upload import Upload


def show_first_documents(uploads: Uploads) -> None:
    """The ways to add the first documents."""
    largest = load_settings(PageSettings).upload_mb
    key = f"first-documents-{st.session_state.setdefault(ROUND, 0)}"
    st.file_uploader(
        f"{KINDS}; they stay on this machine.",
        type=[ending.removeprefix(".") for ending in ENDINGS],
        accept_multiple_files=True,
        max_upload_size=largest,
        key=key,
        on_change=for_admins(_add_uploads),
        args=(uploads, key, largest),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Try it with the sample handbook",
            icon=":material/auto_stories:",
            on_click=for_admins(_add_sample),
            args=(uploads, largest),
        )
        st.caption("Five short PDFs on language models and on how this program works.")


def _add_uploads(uploads: Uploads, key: str, largest_mb: int) -> None:
    uploads.clear(keep_locked=True)
    hand_over(uploads, key, largest_mb)


def _add_sample(uploads: Uploads, largest_mb: int) -> None:
    uploads.clear(keep_locked=True)
    files = [Upload(path.name, path.read_bytes()) for path in sorted(sample.FOLDER.glob("*.pdf"))]
    uploads.add(files, largest_mb=largest_mb)
