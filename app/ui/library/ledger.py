"""What became of each page of a document: how its text was had, and what was left out and why."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ingest.library import Library
from ingest.readers.content import LeftOut
from ingest.records import DocumentRecord

LONGEST_SAMPLE = 120  # characters of each text that was left out


def show_ledger(library: Library, record: DocumentRecord) -> None:
    """The ledger as a table, a row a page."""
    rows = [
        {"page": line.page, "method": line.method, "characters": line.characters,
         "chunks": line.chunks, "tokens": line.tokens, "left_out": left_out(line.left_out)}
        for line in library.catalog.ledger(record.id)
    ]  # fmt: skip
    config = st.column_config
    st.dataframe(
        rows,
        hide_index=True,
        alt="How each page was read",
        column_config={
            "page": config.NumberColumn("Page", width="small"),
            "method": config.TextColumn("Text from", width="small"),
            "characters": config.NumberColumn("Characters", width="small", format="localized"),
            "chunks": config.NumberColumn(
                "Chunks", width="small", help="Chunks that begin on the page."
            ),
            "tokens": config.NumberColumn(
                "Tokens", width="small", help="Of those chunks, with title and headings."
            ),
            "left_out": config.TextColumn("Left out, and why", width="large"),
        },
    )


def left_out(parts: Sequence[LeftOut]) -> str:
    """What was kept out of a page's chunks, with the reasons."""
    samples = ((part.reason, " ".join(part.text.split())) for part in parts)
    return "; ".join(
        f"{reason}: {text[:LONGEST_SAMPLE]}{'…' if len(text) > LONGEST_SAMPLE else ''}"
        for reason, text in samples
    )
