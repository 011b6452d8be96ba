"""A follow-up becomes a question that stands alone: by the model, or by carrying terms over."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.events import Ask, Event, Turn, Understood
from app.models.model import AnswerModel, NoAnswerError
from ingest.search import STOP_WORDS
from prompts.template import load_prompt

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


class Understand:
    """The chain's first step."""

    def __init__(self, model: AnswerModel) -> None:
        self.model = model

    def run(self, asks: Iterator[Ask]) -> Iterator[Event]:
        """Ask -> Understood."""
        for ask in asks:
            question = " ".join(ask.question.split())
            if ask.history and needs_context(question):
                question = self._standalone(question, ask.history)
            yield Understood(ask, question)

    def _standalone(self, question: str, history: tuple[Turn, ...]) -> str:
        if self.model.can_write:
            prompt = load_prompt("condense", purpose="condense")
            said = "\n".join(
                f"User: {turn.question}\nAssistant: {turn.answer[:LONGEST_ANSWER]}"
                for turn in history[-HISTORY_TURNS:]
            )
            system, user = prompt.render(history=said, question=question)
            try:
                rewritten = self.model.complete(system, user).strip().strip('"')
            except NoAnswerError:
                rewritten = ""
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
