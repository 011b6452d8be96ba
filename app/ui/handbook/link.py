"""Links to sections of the handbook."""

from __future__ import annotations

import streamlit as st

from app.ui import pages

CHAPTER, SECTION = "chapter", "section"  # in the address


def link(label: str, chapter: str, section: str, *, icon: str | None = None) -> None:
    """Draw a link to a section, by the keys of it and its chapter."""
    st.page_link(
        pages.HANDBOOK, label=label, icon=icon, query_params={CHAPTER: chapter, SECTION: section}
    )
