"""The part of the page's address that names a document and a page of it."""

from __future__ import annotations

import streamlit as st

DOCUMENT, PAGE = "document", "page"


def open_document(document_id: str, page: int = 1) -> None:
    """Show this page of this document from now on."""
    st.query_params[DOCUMENT] = document_id
    if page == 1:
        st.query_params.pop(PAGE, None)
    else:
        st.query_params[PAGE] = str(page)


def close_document() -> None:
    """Show the list again."""
    for name in (DOCUMENT, PAGE):
        st.query_params.pop(name, None)


def page_in_address(most: int) -> int:
    """The page (from 1) that the address names; the first where it names none that there is."""
    asked = st.query_params.get(PAGE, "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
    return number if 1 <= number <= most else 1
