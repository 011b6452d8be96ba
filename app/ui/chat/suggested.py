"""Questions that this library answers, as buttons; made in a thread while the page is used."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from app.suggest import kept_suggestions, make_suggestions
from app.ui.chat.conversation import Conversation, Wanted, is_answering
from app.ui.library.chosen import require_library
from app.ui.plain import plain
from ingest.errors import CiteboundError
from ingest.library import Library

LOOK_SECONDS = 1.0  # between two looks whether the questions are there
QUIET_SECONDS = 1.5  # without a change, before questions are made
COLUMNS = 2

logger = logging.getLogger(__name__)


class Suggesting:
    """Makes questions for one state of a library at a time; answers that are coming go first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._given_up: int | None = None  # the generation of which none could be made

    def begin(self, library: Library) -> bool:
        """See to it that questions are made; whether there is hope for any."""
        with self._lock:
            if self._given_up == library.catalog.generation():
                return False
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, args=(library,), daemon=True)
                self._thread.start()
            return True

    def _run(self, library: Library) -> None:
        generation = -1
        try:
            while generation != (generation := library.catalog.generation()):
                time.sleep(QUIET_SECONDS)
            make_suggestions(library, wait=_wait_for_answers)
        except CiteboundError as error:
            logger.warning("no questions are suggested: %s", error)
            self._given_up = generation
        except Exception:
            logger.exception("making questions failed")
            self._given_up = generation


def _wait_for_answers() -> None:
    while is_answering():
        time.sleep(LOOK_SECONDS)


# By library; not in a cache of Streamlit, which whoever reaches the page can have cleared.
_suggesting: defaultdict[Path, Suggesting] = defaultdict(Suggesting)


def show_suggestions(conversation: Conversation, library: Library) -> None:
    """Draw the questions; those that are still being made come when they are ready."""
    questions = kept_suggestions(library)
    if questions is not None:
        _draw(questions, conversation)
    elif _suggesting[library.folder].begin(library):
        st.fragment(_look, run_every=LOOK_SECONDS)(library)


def _look(library: Library) -> None:
    """A quiet word that the questions are being made, until they are."""
    require_library(library.folder)
    if kept_suggestions(library) is not None or not _suggesting[library.folder].begin(library):
        st.rerun()
    st.caption("Finding questions that your documents answer…")


def _draw(questions: Sequence[str], conversation: Conversation) -> None:
    columns = st.columns(COLUMNS, gap="small")
    for number, question in enumerate(questions):
        columns[number % COLUMNS].button(
            plain(question),
            key=f"suggestion-{number}",
            width="stretch",
            on_click=_ask,
            args=(question, conversation),
        )


def _ask(question: str, conversation: Conversation) -> None:
    conversation.wanted = Wanted(question)
