"""What can be done with an answer: judge it, ask again, edit the question, ask somebody else."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.models.extractive import ExtractiveModel
from app.ui.chat.asked import Asked
from app.ui.chat.conversation import Conversation, Wanted
from app.ui.chat.opinion import show_opinion
from app.ui.chat.sidebar import Choices, strategy_names
from app.ui.models.model_box import model_names
from ingest.library import Library


def show_actions(
    asked: Asked, conversation: Conversation, library: Library, choices: Choices
) -> None:
    """The row of buttons under an answer, and the form that a thumb down opens."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        judged = st.container(width="content")
        _button("Ask again", "refresh", asked, _ask_again, conversation)
        _button("Edit", "edit", asked, _edit, conversation)
        with st.popover("Ask otherwise", icon=":material/compare_arrows:", type="tertiary"):
            _ask_otherwise(asked, conversation, choices)
    if asked.answer is not None:
        show_opinion(asked, asked.answer, library, judged)


def _button(label: str, icon: str, asked: Asked, action: object, *args: object) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        type="tertiary",
        key=f"{label}-{asked.id}",
        on_click=action,  # type: ignore[arg-type]
        args=(asked, *args),
    )


def _ask_again(asked: Asked, conversation: Conversation) -> None:
    conversation.wanted = Wanted(asked.question, asked.place)


def _edit(asked: Asked, conversation: Conversation) -> None:
    conversation.editing = asked.place


def _ask_otherwise(asked: Asked, conversation: Conversation, choices: Choices) -> None:
    """Another model or way to answer for the same question; both answers stand side by side."""
    specs = model_names(choices.settings)
    first = specs.index(choices.spec) if choices.spec in specs else 0
    spec = st.selectbox("Model", specs, index=first, key=f"other-model-{asked.id}")
    strategy = st.selectbox(
        "Way to answer", strategy_names(choices.settings), key=f"other-strategy-{asked.id}"
    )
    if isinstance(choices.model, ExtractiveModel) and spec == choices.spec:
        st.caption("The built-in answerer has one way to answer: it quotes.")
    # Not a callback: its arguments would be what was chosen when the page was drawn before.
    if st.button("Ask, side by side", type="primary", key=f"ask-other-{asked.id}"):
        conversation.beside.add(asked.place)
        conversation.wanted = Wanted(asked.question, asked.place, spec, strategy)
        st.rerun()


def show_variants(there: Sequence[Asked], conversation: Conversation) -> None:
    """Which of several answers is shown; or all, side by side."""
    place = there[0].place
    numbers = {one.id: number for number, one in enumerate(there, 1)}
    shown = conversation.shown(place)
    with st.container(horizontal=True, vertical_alignment="center"):
        if place not in conversation.beside:
            chosen = st.segmented_control(
                "Answer",
                list(numbers),
                format_func=lambda id: f"Answer {numbers[id]}",
                default=shown.id,
                required=True,
                label_visibility="collapsed",
                key=f"variant-{place}-{len(there)}-{shown.id}",
            )
            if chosen and chosen != shown.id:
                conversation.chosen[place] = chosen
                st.rerun()
        st.button(
            "One at a time" if place in conversation.beside else "Side by side",
            icon=":material/splitscreen_left:",
            type="tertiary",
            key=f"beside-{place}",
            on_click=_toggle,
            args=(conversation.beside, place),
        )


def _toggle(places: set[int], place: int) -> None:
    places.symmetric_difference_update({place})
