"""Searching passages: of the whole library, of chosen documents, or of one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.page_name import page_name
from app.ui.library.address import open_document
from app.ui.plain import plain
from ingest.errors import CiteboundError
from ingest.library import Library
from ingest.search import Passage

TOP = 10  # passages that are shown


def show_search(library: Library, documents: Sequence[str] | None = None) -> None:
    """A box for a question and the passages that are found, in these documents or in all."""
    key = f"passages-{documents[0] if documents else 'all'}"
    wanted = st.text_input(
        "Find passages by meaning and by words",
        placeholder="A question, or words that stand in the text",
        type="search", icon=":material/search:", max_chars=1000, key=key, persist_state="session",
    )  # fmt: skip
    if not (wanted or "").strip():
        st.caption("This is the search that answers are made from; the scores say why a passage "
                   "was found.")  # fmt: skip
        return
    try:
        found = library.search(str(wanted), top=TOP, documents=documents)
    except CiteboundError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    if not found:
        st.markdown("Nothing was found.")
    for number, passage in enumerate(found, 1):
        _show_passage(passage, number, names_document=documents is None)


def _show_passage(passage: Passage, number: int, *, names_document: bool) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            page = page_name(passage.page, passage.page_label)
            where = [passage.document] if names_document else []
            where += [page, passage.trail] if passage.trail else [page]
            st.markdown(f"**{number}** {plain(' · '.join(where))}", width="stretch")
            st.button(
                "Open page", type="tertiary", icon=":material/open_in_full:",
                key=f"open-{passage.id}", on_click=open_document,
                args=(passage.document_id, passage.page),
            )  # fmt: skip
        st.markdown(plain(passage.text))
        st.caption(scores(passage))


def scores(passage: Passage) -> str:
    """Why a passage was found, in one line."""
    parts = [f"score {passage.score:.2f}"]
    if passage.similarity is not None:
        rank = f", place {passage.dense_rank}" if passage.dense_rank else ""
        parts.append(f"by meaning {passage.similarity:.2f}{rank}")
    if passage.lexical_rank:
        parts.append(f"by words: place {passage.lexical_rank}")
    if passage.rerank_score is not None:
        parts.append(f"reranker {passage.rerank_score:.2f}")
    return " · ".join(parts)
