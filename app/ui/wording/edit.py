"""The page of prompts: their parts, what a model gets of them, and two beside each other."""

from __future__ import annotations

import streamlit as st

from app.models.choose import AnswerModel
from app.models.model import ModelError
from app.own_prompts import answer_prompts, own_names
from app.settings import AnswerSettings
from app.ui.models.model_box import choose_named, model_box
from app.ui.opened import open_answer_settings, open_library
from app.ui.person import current_person
from app.ui.plain import plain
from app.ui.wording.draft import Draft, read_draft
from app.ui.wording.live_preview import follow_typing
from app.ui.wording.parts_form import show_parts
from app.ui.wording.preview_view import show_preview
from app.ui.wording.side_by_side import show_side_by_side
from app.ui.wording.store import CHOSEN, show_delete, show_store
from ingest.library import Library
from prompts.template import PromptError

QUESTION = "wording_question"


def show_prompts() -> None:
    """The page."""
    settings, library = open_answer_settings(), open_library()
    st.header("Prompts", anchor=False)
    st.caption(
        "A prompt is what a model is told around your question and the passages found for it. "
        "Change one, see what the model gets, and keep it under a name of its own."
    )
    question = _question_box(library)
    edit, compare = st.tabs(["Edit", "Side by side"], key="wording_tab", on_change="rerun")
    with edit:
        if edit.open:
            _show_editor(question, library, settings)
    with compare:
        if compare.open:
            show_side_by_side(question, library, settings)


def _question_box(library: Library) -> str:
    """A question of the library that is open; one is there from the start."""
    documents = library.documents()
    first = f"What is “{documents[0].title}” about?" if documents else ""
    st.session_state.setdefault(QUESTION, first)
    written = st.text_input(
        "Question to try it with",
        max_chars=1000,
        placeholder="Ask something of your documents",
        key=QUESTION,
        persist_state="session",
    )
    return str(written or "").strip()


def _show_editor(question: str, library: Library, settings: AnswerSettings) -> None:
    follow_typing()
    left, right = st.columns(2, gap="large")
    with left:
        name = _prompt_box()
    with right:
        spec = model_box("Model that gets it", "wording_model", settings)
    try:
        draft = read_draft(name)
    except PromptError as error:
        st.error(plain(str(error)), icon=":material/error:")
        if current_person().admin and name in own_names():
            show_delete(name)
        return
    with left:
        show_parts(draft)
        show_store(draft)
    with right, st.container(key="preview"):
        _show_what_is_sent(question, draft, spec, library, settings)


def _prompt_box() -> str:
    names, own = answer_prompts(), set(own_names())
    if st.session_state.get(CHOSEN) not in names:
        st.session_state.pop(CHOSEN, None)
    return str(
        st.selectbox(
            "Prompt",
            names,
            format_func=lambda name: f"{name} (your own)" if name in own else name,
            help="Those that come with the program stay as they are; save a change under a name "
            "of your own.",
            key=CHOSEN,
            persist_state="session",
        )
    )


def _show_what_is_sent(
    question: str, draft: Draft, spec: str, library: Library, settings: AnswerSettings
) -> None:
    if draft.prompt is None:
        st.info(
            "Put right what is told at the parts; then this shows what the model gets.",
            icon=":material/edit:",
        )
        return
    if not question:
        st.info("Write a question above to see what the model gets.", icon=":material/edit:")
        return
    model = _chosen_model(spec, library, settings)
    if model is not None:
        show_preview(question, prompt=draft.prompt, library=library, model=model, settings=settings)


def _chosen_model(spec: str, library: Library, settings: AnswerSettings) -> AnswerModel | None:
    try:
        return choose_named(spec, library, settings)
    except ModelError as error:
        st.warning(plain(str(error)), icon=":material/warning:")
        return None


show_prompts()
