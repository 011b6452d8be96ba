"""The list of documents: searchable, sortable, with what can be done to the chosen ones."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas
import streamlit as st

from app.counted import counted
from app.ui.library.address import open_document
from app.ui.library.keeper import Keeper
from app.ui.library.leaving import show_leaving
from app.ui.person import current_person
from ingest.library import Library
from ingest.records import DocumentRecord

ROW_HEIGHT = 35  # pixels, as Streamlit draws them
MOST_ROWS = 15  # that are seen at once; more are scrolled to
OPENED = "opened_row"
OPEN = ":material/open_in_full: Open"
SEARCH = "list_search"


def show_list(keeper: Keeper) -> None:
    """The box that narrows the list, the list, and the buttons for the chosen documents."""
    library = keeper.library
    records, table = _rows(library.folder, library.catalog.generation(), library)
    wanted = st.text_input(
        "Search by name or title", type="search", live=True, key=SEARCH, persist_state="session",
        placeholder="Name or title", icon=":material/search:",
    )  # fmt: skip
    found = narrowed(table, wanted or "")
    if found.empty:
        st.markdown("No document has this in its name or title.")
        return
    chosen = _show_table(found, records, f"{library.catalog.generation()}-{wanted}")
    _show_actions(keeper, chosen, len(found), len(table))


def narrowed(table: pandas.DataFrame, wanted: str) -> pandas.DataFrame:
    """The rows that have all these words in name or title, whatever their case."""
    for word in wanted.casefold().split():
        table = table[table["sought"].str.contains(word, regex=False)]
    return table


@st.cache_resource(show_spinner=False, max_entries=8)
def _rows(
    folder: Path,  # noqa: ARG001 - part of the cache's key
    generation: int,  # noqa: ARG001 - part of the cache's key: what has changed is read anew
    _library: Library,
) -> tuple[list[DocumentRecord], pandas.DataFrame]:
    """All documents, and the same as a table; nobody may change either."""
    with _library.catalog.snapshot():
        records, methods = _library.documents(), _library.catalog.methods()
    return records, as_table(records, methods)


def as_table(records: list[DocumentRecord], methods: dict[str, dict[str, int]]) -> pandas.DataFrame:
    """A row for each document; ``sought`` is what a search looks in."""
    return pandas.DataFrame(
        {
            "open": OPEN,
            "name": [one.name for one in records],
            "title": [one.title for one in records],
            "pages": [one.pages for one in records],
            "passages": [one.chunks for one in records],
            "text": [text_from(methods.get(one.id, {})) for one in records],
            "size": [one.bytes for one in records],
            "added": [datetime.fromtimestamp(one.added) for one in records],
            "sought": [f"{one.name}\n{one.title}".casefold() for one in records],
        }
    )


def text_from(methods: dict[str, int]) -> str:
    """How a document's text was had, in a word or two; pages without text do not count."""
    used = [method for method in methods if method != "none"]
    if len(used) == 1 and used[0] != "text layer and OCR":
        return used[0]
    return "mixed" if used else "none"


def _show_table(
    found: pandas.DataFrame, records: list[DocumentRecord], state: str
) -> list[DocumentRecord]:
    """The rows; those that are chosen."""
    shown = found.drop(columns="sought")
    positions = found.index.to_list()
    config = st.column_config
    selected = st.dataframe(
        shown,
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        row_height=ROW_HEIGHT,
        height=ROW_HEIGHT * (min(len(found), MOST_ROWS) + 1) + 2,
        key=f"documents-{state}",
        alt="Documents of the library",
        column_config={
            "open": config.ButtonColumn(
                "", type="tertiary", key=OPENED, width=90, on_click=_open_row,
                args=([records[position].id for position in positions],),
            ),
            "name": config.TextColumn("Name", width="medium"),
            "title": config.TextColumn("Title", width="medium"),
            "pages": config.NumberColumn("Pages", width="small", format="localized"),
            "passages": config.NumberColumn("Passages", width="small", format="localized"),
            "text": config.TextColumn(
                "Text from", width="small", help="The file's own text layer, OCR, or both (mixed)."
            ),
            "size": config.NumberColumn("Size", width="small", format="bytes"),
            "added": config.DatetimeColumn("Added", width="small", format="D MMM YYYY"),
        },
    )  # fmt: skip
    return [records[positions[row]] for row in selected["selection"]["rows"]]


def _open_row(ids: list[str]) -> None:
    open_document(ids[st.session_state[OPENED]["row"]])


def _show_actions(keeper: Keeper, chosen: list[DocumentRecord], found: int, total: int) -> None:
    """How many are shown or chosen, and what can be done to those."""
    said = counted(total, "document") if found == total else f"{found:,} of {total:,} documents"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{counted(len(chosen), 'document')} chosen." if chosen else f"{said}.",
                   width="stretch")  # fmt: skip
        if len(chosen) == 1:
            st.button(
                "Open", icon=":material/open_in_full:", on_click=open_document, args=(chosen[0].id,)
            )
        if current_person().admin:
            show_leaving(keeper, chosen)
