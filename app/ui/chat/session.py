"""The conversation of one visitor."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from app.events import Turn
from app.ui.chat.exchange import Exchange

KEY = "conversation"


@dataclass
class Conversation:
    """The exchanges so far, the oldest first; ``number`` tells conversations apart."""

    number: int = 0
    exchanges: list[Exchange] = field(default_factory=list)

    def history(self) -> tuple[Turn, ...]:
        """What was asked and answered, for questions that lean on it."""
        answers = [exchange.answer for exchange in self.exchanges if exchange.answer]
        return tuple(Turn(answer.standalone_question, answer.text) for answer in answers)

    def stop(self) -> None:
        """End whatever still runs."""
        for exchange in self.exchanges:
            exchange.stop()


def current_conversation() -> Conversation:
    """This visitor's conversation."""
    found = st.session_state.setdefault(KEY, Conversation())
    assert isinstance(found, Conversation)  # noqa: S101 - the key is ours alone
    return found


def start_anew() -> None:
    """Leave the conversation and begin another."""
    left = current_conversation()
    left.stop()
    st.session_state[KEY] = Conversation(left.number + 1)
