"""A follow-up becomes a question that stands alone: by the model, or by carrying terms over."""

from __future__ import annotations

import re
from collections.abc import Generator

from app.desk import Desk
from app.events import Ask, Event, Turn, Understood
from app.models.model import NoAnswerError
from ingest.search import STOP_WORDS

LEANS_ON = re.compile(
    r"^(and|but|or|also|so|then|what about|how about|why|when|where|who|which|how)\b[^\w]*$"
    r"|^(and|but|or|also|so|then|what about|how about)\b"
    r"|\b(it|its|they|them|their|theirs|he|him|his|she|her|hers|this|these|those|same|former|"
    r"latter)\b",
    re.IGNORECASE,
)
LONGEST_REWRITE = 500  # characters; a longer one is no question
HISTORY_TURNS = 3
LONGEST_ANSWER = 600  # characters of an earlier answer that a rewrite is shown


def understand(ask: Ask, desk: Desk) -> Generator[Event, None, str]:
    """The question so that it stands alone."""
    question = " ".join(ask.question.split())
    if ask.history and needs_context(question):
        question = yield from _standalone(question, ask.history, desk)
    yield Understood(ask, question)
    return question


def _standalone(
    question: str, history: tuple[Turn, ...], desk: Desk
) -> Generator[Event, None, str]:
    if desk.model is not None and not desk.continues_text:
        said = "\n".join(
            f"User: {turn.question}\nAssistant: {turn.answer[:LONGEST_ANSWER]}"
            for turn in history[-HISTORY_TURNS:]
        )
        try:
            rewritten = yield from desk.ask("condense", history=said, question=question)
        except NoAnswerError:
            rewritten = ""
        rewritten = rewritten.strip('"')
        if rewritten and "\n" not in rewritten and len(rewritten) <= LONGEST_REWRITE:
            return rewritten
    return carry_terms(question, history[-1].question)


def needs_context(question: str) -> bool:
    """Whether a question leans on what was said before."""
    names_nothing = all(term.isdigit() for term in _terms(question))
    return names_nothing or LEANS_ON.search(question) is not None


def carry_terms(question: str, earlier: str) -> str:
    """The follow-up with the telling words of the earlier question.

    A year or number in the follow-up takes the place of those of the earlier question.
    """
    own = [word.lower() for word in _terms(question)]
    has_number = any(word.isdigit() for word in own)
    carried = [
        word
        for word in _terms(earlier)
        if word.lower() not in own and not (has_number and word.isdigit())
    ]
    return f"{question} ({' '.join(carried)})" if carried else question


def _terms(question: str) -> list[str]:
    words = re.findall(r"\w+(?:['’]\w+)*", question)
    return [word for word in words if word.lower() not in STOP_WORDS]
