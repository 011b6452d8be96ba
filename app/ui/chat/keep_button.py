"""A thumb up under an answer keeps it as an exemplar of the library; a second click takes it back.

The button is in no fragment: Streamlit holds clicks in one back until a page that follows an answer
is drawn to its end. The page starts over instead, and the answer goes on in its own thread.
"""

from __future__ import annotations

import streamlit as st

from app.events import Answer
from app.exemplars import is_proved, keep, liked_answer
from app.ui.plain import plain
from ingest.errors import CiteboundError
from ingest.library import Library


def show_keep_button(answer: Answer, library: Library, key: str) -> None:
    """The button, under an answer that is proved whole."""
    if not is_proved(answer):
        return
    kept = library.catalog.holds_exemplar(liked_answer(answer).id)
    st.button(
        "Kept as an example" if kept else "Keep as an example",
        icon=":material/check:" if kept else ":material/thumb_up:",
        type="tertiary",
        help="Click again to take it back." if kept else "Few-shot shows it to the model later.",
        on_click=_take_back if kept else _keep,
        args=(answer, library, key),
        key=f"keep-{key}",
    )
    if error := st.session_state.pop(f"not-{key}", None):
        st.error(plain(error), icon=":material/error:")


def _keep(answer: Answer, library: Library, key: str) -> None:
    try:
        keep(liked_answer(answer), library)
    except CiteboundError as error:
        st.session_state[f"not-{key}"] = str(error)


def _take_back(answer: Answer, library: Library, key: str) -> None:
    try:
        library.catalog.remove_exemplar(liked_answer(answer).id)
    except CiteboundError as error:
        st.session_state[f"not-{key}"] = str(error)
