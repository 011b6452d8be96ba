"""The conversation that a visitor has open: read from the library, its running answers found again.

Its address is ``?conversation=ID``, so a page that is loaded anew shows the same one.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from app.events import Turn
from app.ui.chat.asked import Asked, begin, restore, variants
from app.ui.person import Person
from ingest.library import Library

KEY, ADDRESS = "conversation", "conversation"
MOST_CHARACTERS = 4000  # of a question


@dataclass(frozen=True)
class Wanted:
    """A question to be asked with the next run of the page; ``place`` is None for the next one.

    ``model`` and ``strategy`` are those to ask in the place of the chosen ones.
    """

    question: str
    place: int | None = None
    model: str | None = None
    strategy: str | None = None


@dataclass(frozen=True)
class OpenPage:
    """A footnote whose page stands open beside the answers."""

    asked: str
    number: int


@dataclass
class Conversation:
    """What was asked so far; ``id`` is None until something is.

    ``chosen`` are, by place, the variants that are shown where it is not the newest; at the places
    ``beside`` all stand side by side. ``editing`` is the place whose question is being edited.
    """

    library: Path
    owner: str
    id: str | None = None
    asked: list[Asked] = field(default_factory=list)
    chosen: dict[int, str] = field(default_factory=dict)
    beside: set[int] = field(default_factory=set)
    editing: int | None = None
    wanted: Wanted | None = None
    open_page: OpenPage | None = None

    @property
    def last_place(self) -> int:
        """The place of the last question; 0 where there is none."""
        return max((one.place for one in self.asked), default=0)

    def shown(self, place: int) -> Asked:
        """The variant that is shown at a place."""
        there = [one for one in self.asked if one.place == place]
        return next((one for one in there if one.id == self.chosen.get(place)), there[-1])

    def find(self, id: str) -> Asked | None:
        """What was asked under this id."""
        return next((one for one in self.asked if one.id == id), None)

    def history(self, before: int) -> tuple[Turn, ...]:
        """What was asked and answered before a place, for questions that lean on it."""
        shown = [self.shown(there[0].place) for there in variants(self.asked)]
        answers = [one.answer for one in shown if one.place < before and one.answer]
        return tuple(Turn(answer.standalone_question, answer.text) for answer in answers)

    def stop(self) -> None:
        """End whatever still runs."""
        for one in self.asked:
            one.stop()


# The answers that are coming, of all visitors: a page that is loaded anew finds its own. Not in a
# cache of Streamlit, which whoever reaches the page can have cleared.
_running: dict[str, Asked] = {}


def is_answering() -> bool:
    """Whether an answer is coming, to whomever."""
    return any(one.state == "running" for one in list(_running.values()))


def current_conversation(library: Library, person: Person) -> Conversation:
    """The conversation that the address names, or a new one; as the library has it now.

    What was forgotten or deleted meanwhile is gone from it, and what was asked elsewhere is in it.
    """
    kept = st.session_state.get(KEY)
    if (
        not isinstance(kept, Conversation)
        or kept.library != library.folder
        or kept.owner != person.name
    ):
        kept = Conversation(library.folder, person.name, st.query_params.get(ADDRESS))
    if (id := kept.id) is not None:
        if not library.catalog.holds_conversation(id, person.name):
            wanted = kept.wanted if kept.wanted and kept.wanted.place is None else None
            kept = Conversation(library.folder, person.name, wanted=wanted)
        elif library.catalog.exchange_ids(id) != [one.id for one in kept.asked]:
            kept.asked = _asked(library, id, kept.asked)
    st.session_state[KEY] = kept
    if kept.id is not None:
        st.query_params[ADDRESS] = kept.id
    elif ADDRESS in st.query_params:
        del st.query_params[ADDRESS]
    return kept


def _read(library: Library, id: str, owner: str) -> Conversation:
    return Conversation(library.folder, owner, id, _asked(library, id))


def _asked(library: Library, id: str, known: Sequence[Asked] = ()) -> list[Asked]:
    """What was asked in a conversation; what is known already stays what it is."""
    found = {**_running, **{one.id: one for one in known}}
    return [found.get(one.id) or restore(one) for one in library.catalog.exchanges(id)]


def open_conversation(library: Library, id: str, owner: str) -> None:
    """Show another conversation; what runs in the one that is left goes on."""
    st.session_state[KEY] = _read(library, id, owner)


def start_anew(library: Library, owner: str) -> None:
    """Leave the conversation and begin another; what runs in it goes on."""
    st.session_state[KEY] = Conversation(library.folder, owner)


def add_question(
    conversation: Conversation,
    library: Library,
    question: str,
    choices: Mapping[str, str],
    *,
    place: int | None = None,
) -> Asked:
    """Put a question into the conversation, at the end or as a variant; it is to be started."""
    conversation.stop()
    if conversation.id is None:
        conversation.id = uuid.uuid4().hex
        library.catalog.add_conversation(conversation.id, conversation.owner, time.time())
        st.query_params[ADDRESS] = conversation.id
    place = place or conversation.last_place + 1
    asked = begin(library.catalog, conversation.id, place, question, choices)
    conversation.asked.append(asked)
    conversation.chosen.pop(place, None)
    for id in [id for id, one in list(_running.items()) if one.state != "running"]:
        _running.pop(id, None)
    _running[asked.id] = asked
    return asked


def branch(conversation: Conversation, library: Library, before: int) -> Conversation:
    """A new conversation with what is shown before a place; the old one stays as it is."""
    made = Conversation(library.folder, conversation.owner, uuid.uuid4().hex)
    assert made.id is not None  # noqa: S101 - it was given just now
    catalog = library.catalog
    catalog.add_conversation(made.id, made.owner, time.time())
    for there in variants(conversation.asked):
        if (place := there[0].place) < before:
            catalog.copy_exchange(conversation.shown(place).id, uuid.uuid4().hex, made.id)
    made.asked = [restore(one) for one in catalog.exchanges(made.id)]
    return made
