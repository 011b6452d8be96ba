"""The handbook, a section at a time, which the address names: other pages can link to it."""

from __future__ import annotations

import streamlit as st

from app.handbook import Chapter, Section, chapters, with_links
from app.ui import pages
from app.ui.handbook.link import CHAPTER, SECTION
from app.ui.rows import rows


def show_handbook() -> None:
    """The page: the contents in the sidebar, one section, and the ways to its neighbours."""
    everything = [(chapter, section) for chapter in chapters() for section in chapter.sections]
    place = _place_in_address(everything)
    chapter, section = everything[place]
    with st.sidebar:
        _show_contents(chapter, section)
    st.caption(chapter.title)
    st.header(section.title, anchor=False)
    st.markdown(with_links(section.text, pages.HANDBOOK_ADDRESS))
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        for step, icon in ((-1, "chevron_left"), (1, "chevron_right")):
            if 0 <= place + step < len(everything):
                _button(*everything[place + step], key=f"step{step}", icon=icon)


def _place_in_address(everything: list[tuple[Chapter, Section]]) -> int:
    """Where the section of the address stands; the first of its chapter where it names none."""
    asked = st.query_params.get(CHAPTER), st.query_params.get(SECTION)
    keys = [(chapter.key, section.key) for chapter, section in everything]
    if asked in keys:
        return keys.index(asked)
    return next((place for place, (key, _) in enumerate(keys) if key == asked[0]), 0)


def _show_contents(shown: Chapter, current: Section) -> None:
    """All chapters; of the one that is shown, its sections."""
    for number, chapter in enumerate(chapters(), 1):
        is_shown = chapter == shown
        with st.expander(f"{number}. {chapter.title}", expanded=is_shown), rows(f"part-{number}"):
            for section in chapter.sections:
                _button(chapter, section, is_current=is_shown and section == current)


def _button(
    chapter: Chapter,
    section: Section,
    *,
    key: str = "contents",
    icon: str | None = None,
    is_current: bool = False,
) -> None:
    st.button(
        f"**{section.title}**" if is_current else section.title,
        key=f"{key}-{chapter.key}-{section.key}",
        icon=icon and f":material/{icon}:",
        type="tertiary",
        on_click=_go_to,
        args=(chapter, section),
    )


def _go_to(chapter: Chapter, section: Section) -> None:
    st.query_params.from_dict({CHAPTER: chapter.key, SECTION: section.key})


show_handbook()
