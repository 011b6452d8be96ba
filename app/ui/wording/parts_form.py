"""The boxes of a prompt's parts; what is wrong with a part is told under its box."""

from __future__ import annotations

import streamlit as st

from app.ui.plain import plain
from app.ui.wording.draft import (
    EXEMPLAR_FIELDS,
    Draft,
    add_exemplar,
    exemplar_key,
    exemplar_numbers,
    part_key,
    remove_exemplar,
)

PARTS = {  # in the order of the page: what each is called, and what it is for
    "persona": ("Persona", "Who the model is to be."),
    "task": ("Task", "What it is to do. This part must not be empty."),
    "context": (
        "Context",
        "What is said with each question: {passages} is where the passages that were found stand, "
        "and {question} where the question does.",
    ),
    "format": (
        "Format",
        "What an answer looks like. {refusal} is the sentence to write where the documents do not "
        "hold the answer.",
    ),
    "tone": ("Tone", "How it sounds."),
}


def show_parts(draft: Draft) -> None:
    """The boxes."""
    for part, (label, help_text) in PARTS.items():
        st.text_area(
            label,
            key=part_key(draft.name, part),
            help=plain(help_text),
            height="content",
            persist_state="session",
        )
        _show_complaints(draft, part)
        if part == "context":
            _show_exemplars(draft)


def _show_complaints(draft: Draft, part: str) -> None:
    for complaint in draft.wrong_in(part):
        where = "" if part == "exemplars" else f"Line {complaint.line}: "
        said = f"{where}{complaint.text}."
        st.error(plain(f"{said[0].upper()}{said[1:]}"), icon=":material/error:")


def _show_exemplars(draft: Draft) -> None:
    """The examples, folded up where there is nothing to see."""
    numbers = exemplar_numbers(draft.name)
    label = f"Examples ({len(numbers)})" if numbers else "Examples (none)"
    with st.expander(label, icon=":material/school:", expanded=bool(numbers)):
        st.caption(
            "Questions with passages and the answers that they deserve, which the model is shown "
            "first. An answer names its passages by number, as in \\[1\\]. A line of three dashes "
            "stands between two passages."
        )
        for position, number in enumerate(numbers, 1):
            _show_exemplar(draft.name, number, position)
        st.button(
            "Add an example",
            icon=":material/add:",
            on_click=add_exemplar,
            args=(draft.name,),
            key=f"add-exemplar-{draft.name}",
        )
    _show_complaints(draft, "exemplars")


def _show_exemplar(name: str, number: int, position: int) -> None:
    with st.container(border=True):
        for field in EXEMPLAR_FIELDS:
            st.text_area(
                f"{field.capitalize()} of example {position}",
                key=exemplar_key(name, number, field),
                height="content",
                persist_state="session",
            )
        st.button(
            f"Remove example {position}",
            icon=":material/delete:",
            type="tertiary",
            on_click=remove_exemplar,
            args=(name, number),
            key=f"remove-exemplar-{name}-{number}",
        )
