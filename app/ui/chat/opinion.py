"""Thumbs under an answer: what is said of it is kept, and a wrong answer becomes a case.

Nothing here runs in a fragment or waits, so a click never disturbs an answer that is coming.
"""

from __future__ import annotations

import time

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.events import Answer
from app.exemplars import is_proved, keep, liked_answer
from app.page_name import page_name
from app.ui.chat.asked import Asked
from app.ui.person import for_people
from app.ui.plain import plain
from ingest.errors import CiteboundError
from ingest.library import Library
from ingest.records import OpinionRecord

ELSEWHERE, NOWHERE = "not among these", "the documents do not answer it"


def show_opinion(asked: Asked, answer: Answer, library: Library, place: DeltaGenerator) -> None:
    """The thumbs, drawn into ``place``; under a thumb down what was wrong can be said."""
    key = f"thumbs-{asked.id}"
    opinion = asked.opinion
    with place:
        st.feedback(
            "thumbs",
            key=key,
            default=None if opinion is None else int(opinion.good),
            on_change=for_people(_judge),
            args=(asked, answer, library, key),
        )
    if error := st.session_state.pop(f"not-{asked.id}", None):
        st.error(plain(error), icon=":material/error:")
    if opinion is None:
        return
    if opinion.good:
        _show_example(asked, answer, library)
    else:
        _ask_what_is_right(asked, answer, opinion, library)


def _judge(asked: Asked, answer: Answer, library: Library, key: str) -> None:
    """Keep or take back a thumb; what was kept as an example under the other one goes."""
    thumb = st.session_state[key]
    opinion = None if thumb is None else OpinionRecord(bool(thumb), given=time.time())
    _keep_opinion(asked, opinion, library)
    if not thumb:
        _drop_example(asked, answer, library)


def _keep_opinion(asked: Asked, opinion: OpinionRecord | None, library: Library) -> None:
    try:
        library.catalog.set_opinion(asked.id, opinion)
        asked.opinion = opinion
    except CiteboundError as error:
        st.session_state[f"not-{asked.id}"] = str(error)


def _show_example(asked: Asked, answer: Answer, library: Library) -> None:
    """The button that keeps a good answer, if it is proved whole, for few-shot to show."""
    if not is_proved(answer):
        st.caption("Thank you. Only an answer that is proved whole can be kept as an example.")
        return
    kept = library.catalog.holds_exemplar(liked_answer(answer).id)
    st.button(
        "Kept as an example" if kept else "Keep as an example",
        icon=":material/check:" if kept else ":material/bookmark_add:",
        type="tertiary",
        help="Click again to take it back."
        if kept
        else "The way few-shot shows it to the model beside questions like this one.",
        on_click=for_people(_drop_example if kept else _keep_example),
        args=(asked, answer, library),
        key=f"example-{asked.id}",
    )


def _keep_example(asked: Asked, answer: Answer, library: Library) -> None:
    try:
        keep(liked_answer(answer), library)
    except CiteboundError as error:
        st.session_state[f"not-{asked.id}"] = str(error)


def _drop_example(asked: Asked, answer: Answer, library: Library) -> None:
    try:
        library.catalog.remove_exemplar(liked_answer(answer).id)
    except CiteboundError as error:
        st.session_state[f"not-{asked.id}"] = str(error)


def _ask_what_is_right(
    asked: Asked, answer: Answer, opinion: OpinionRecord, library: Library
) -> None:
    """The form under a thumb down; all of it may be left empty."""
    pages = _pages(answer)
    with st.form(f"wrong-{asked.id}"):
        st.text_input("What is wrong?", opinion.reason, key=f"reason-{asked.id}")
        st.text_input("What would be right?", opinion.correction, key=f"right-{asked.id}")
        st.pills(
            "Where does it stand?",
            [*pages, ELSEWHERE, NOWHERE],
            default=_chosen(opinion, pages),
            key=f"where-{asked.id}",
        )
        st.form_submit_button(
            "Keep as a case to measure with",
            icon=":material/playlist_add_check:",
            on_click=for_people(_say_what_is_right),
            args=(asked, pages, library),
        )
    if opinion.correction or opinion.page or not opinion.answerable:
        st.caption("Kept: it is a case on the Eval page.")
    else:
        st.caption("Say what is right or where it stands, and it becomes a case to measure with.")


def _pages(answer: Answer) -> dict[str, tuple[str, int]]:
    """The pages of the passages that were read, as they are shown, with document and number."""
    return {
        plain(f"{one.document}, {page_name(one.page, one.page_label)}"): (one.document, one.page)
        for one in answer.passages
    }


def _chosen(opinion: OpinionRecord, pages: dict[str, tuple[str, int]]) -> str | None:
    if not opinion.answerable:
        return NOWHERE
    said = (opinion.document, opinion.page)
    return next((name for name, page in pages.items() if page == said), None)


def _say_what_is_right(asked: Asked, pages: dict[str, tuple[str, int]], library: Library) -> None:
    where = st.session_state[f"where-{asked.id}"]
    document, page = pages.get(where or "", ("", 0))
    opinion = OpinionRecord(
        good=False,
        reason=str(st.session_state[f"reason-{asked.id}"]).strip(),
        correction=str(st.session_state[f"right-{asked.id}"]).strip(),
        document=document,
        page=page,
        answerable=where != NOWHERE,
        given=time.time(),
    )
    _keep_opinion(asked, opinion, library)
