"""Removing and forgetting documents: asked once more, then followed to the end."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.counted import counted
from app.ui.library.address import close_document
from app.ui.library.chosen import require_library
from app.ui.library.departures import Departure, Departures, Kind
from app.ui.library.folders import folders_of
from app.ui.library.keeper import Keeper
from app.ui.person import for_people, require_admin
from app.ui.plain import plain
from ingest.records import DocumentRecord

LOOK_SECONDS = 1.0  # between two looks at what is going
NAMES_SHOWN = 10
MEANS: dict[Kind, str] = {
    "remove": "Answers will no longer use them. Files outside the library stay where they are.",
    "forget": "No byte of their text, vectors and copies stays in the library, and its files are "
    "searched to prove it; the files that they were read from stay where they are.",
}


def show_leaving(keeper: Keeper, chosen: Sequence[DocumentRecord], *, back: bool = False) -> None:
    """The two buttons for some documents; ``back`` leads to the list afterwards."""
    going = keeper.departures.running
    if st.button("Remove", icon=":material/delete:", key="remove", disabled=going or not chosen):
        _confirm_removal(keeper, chosen, back)
    if st.button(
        "Forget", icon=":material/delete_forever:", key="forget", disabled=going or not chosen,
        help="As Remove, and no byte of it is left in the library's files.",
    ):  # fmt: skip
        _confirm_forgetting(keeper, chosen, back)


@st.dialog("Remove from the library?")
def _confirm_removal(keeper: Keeper, chosen: Sequence[DocumentRecord], back: bool) -> None:
    _confirm(keeper, "remove", chosen, back)


@st.dialog("Forget for good?")
def _confirm_forgetting(keeper: Keeper, chosen: Sequence[DocumentRecord], back: bool) -> None:
    _confirm(keeper, "forget", chosen, back)


def _confirm(keeper: Keeper, kind: Kind, chosen: Sequence[DocumentRecord], back: bool) -> None:
    require_admin()
    st.markdown("\n".join(f"- {plain(document.name)}" for document in chosen[:NAMES_SHOWN]))
    if len(chosen) > NAMES_SHOWN:
        st.markdown(f"and {len(chosen) - NAMES_SHOWN:,} more")
    st.caption(MEANS[kind])
    roots = [folder.path for folder in folders_of(keeper.watching)]
    if any(path.is_relative_to(root) for one in chosen for path in one.paths for root in roots):
        st.warning(
            "Some lie in a watched folder, which would be read again when it changes: move those "
            "files away first."
        )
    label = f"{kind.capitalize()} {counted(len(chosen), 'document')}"
    if st.button(label, type="primary"):
        if not keeper.departures.begin(kind, chosen):
            st.info("Other documents are going just now; do this again when they are gone.")
            return
        if back:
            close_document()
        st.rerun()


def show_departures(departures: Departures, was_running: bool) -> None:
    """What is going and what has gone; drawn anew by itself while something goes.

    ``was_running`` is how it stood when the page began to be drawn: if that has changed, all of it
    is drawn anew.
    """
    if departures.last:
        every = LOOK_SECONDS if was_running else None
        st.fragment(_show, run_every=every)(departures, was_running)


def _show(departures: Departures, was_running: bool) -> None:
    require_library(departures.library.folder)
    if departures.running != was_running:
        st.rerun()
    if last := departures.last:
        with st.container(horizontal=True, vertical_alignment="center"):
            _show_one(last)
            if not was_running:
                st.button(
                    "Close",
                    icon=":material/close:",
                    type="tertiary",
                    on_click=for_people(departures.clear),
                )


def _show_one(one: Departure) -> None:
    what = plain(one.documents[0].name) if len(one.documents) == 1 else (
        counted(len(one.documents), "document"))  # fmt: skip
    if one.state == "failed":
        st.error(f"{what} did not go: {plain(one.error)}", icon=":material/error:")
    elif one.state == "running":
        doing = "Removing" if one.kind == "remove" else "Forgetting"
        waits = f", waiting for {plain(one.waiting_for)}" if one.waiting_for else ""
        st.info(f"{doing} {what}{waits}.", icon=":material/hourglass_top:")
    elif one.forgotten is None:
        st.success(f"{what} was removed.", icon=":material/check:")
    elif one.forgotten.places_after:
        st.error(
            f"{what}: {counted(one.forgotten.places_after, 'place')} still hold traces; run: "
            "citebound library rebuild",
            icon=":material/error:",
        )
    else:
        st.success(
            f"{what} was forgotten: {counted(one.forgotten.places_before, 'place')} in the "
            "library's files held pieces of it, none does now.",
            icon=":material/check:",
        )
