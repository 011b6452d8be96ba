"""Keeping a prompt under a name, going back to what its file says, deleting it."""

from __future__ import annotations

import streamlit as st

from app.own_prompts import delete_prompt, own_names, save_prompt
from app.ui.person import current_person, for_admins, require_admin
from app.ui.plain import plain
from app.ui.wording.draft import Draft, forget_draft, read_draft
from prompts.template import PromptError

CHOSEN = "wording_prompt"
NAME, ERROR, KEPT = "wording_name", "wording_error", "wording_kept"


def show_store(draft: Draft) -> None:
    """The box for a name with its buttons, and what came of them."""
    is_own = draft.name in own_names()
    if current_person().admin:
        _show_save(draft, is_own=is_own)
    else:
        st.caption("Only administrators save prompts; yours can be tried side by side.")
    with st.container(horizontal=True):
        if draft.changed:
            st.button(
                "Start over",
                icon=":material/undo:",
                type="tertiary",
                help="Every part as it was saved.",
                on_click=forget_draft,
                args=(draft.name,),
            )
        if is_own and current_person().admin:
            show_delete(draft.name)


def show_delete(name: str) -> None:
    """The button that deletes an own prompt, after a question."""
    if st.button("Delete", icon=":material/delete:", type="tertiary"):
        _confirm_deletion(name)


def _show_save(draft: Draft, *, is_own: bool) -> None:
    key = f"{NAME}-{draft.name}"
    form = st.form("save_prompt", border=False)
    row = form.container(horizontal=True, vertical_alignment="bottom")
    row.text_input(
        "Save as",
        value=draft.name if is_own else "",
        placeholder="my-answer",
        max_chars=40,
        key=key,
    )
    row.form_submit_button(
        "Save", icon=":material/save:", on_click=for_admins(_save), args=(draft.name, key)
    )
    if error := st.session_state.pop(ERROR, None):
        st.error(plain(error), icon=":material/error:")
    if kept := st.session_state.pop(KEPT, None):
        st.success(
            f"{plain(kept)} is kept; choose it beside the chat, or with `--prompt`.",
            icon=":material/check:",
        )


def _save(chosen: str, key: str) -> None:
    """Keep what stands in the boxes, and go on with it under its name."""
    name = str(st.session_state[key]).strip()
    try:
        draft = read_draft(chosen)
        if draft.prompt is None:
            raise PromptError("First put right what is told at the parts.")
        if name in own_names() and name != chosen:
            raise PromptError(
                f"There is a prompt {name!r} already: choose it to change it, or give another name."
            )
        save_prompt(name, draft.prompt.parts)
    except PromptError as error:
        st.session_state[ERROR] = str(error)
        return
    forget_draft(chosen)
    forget_draft(name)
    st.session_state[CHOSEN] = st.session_state[KEPT] = name


@st.dialog("Delete this prompt?")
def _confirm_deletion(name: str) -> None:
    require_admin()
    st.markdown(f"**{plain(name)}**")
    st.caption("Its file is deleted. Answers that were given with it stay.")
    if st.button("Delete it", type="primary"):
        try:
            delete_prompt(name)
        except PromptError as error:
            st.error(plain(str(error)), icon=":material/error:")
        else:
            forget_draft(name)
            st.rerun()
