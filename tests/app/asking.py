"""Ask a chain and keep what streams out of it, also what came before it failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.chain import build_chain
from app.events import Answer, Ask, Done, Event, Token, Turn
from app.models.choose import choose_model
from app.models.model import ModelError
from app.settings import AnswerSettings
from ingest.library import Library
from ingest.search import Passage


@dataclass(frozen=True)
class Asked:
    """The events of one question, and the error that ended them, if one did."""

    events: list[Event]
    error: ModelError | None = None

    @property
    def kinds(self) -> list[str]:
        """The names of the events' classes, in order."""
        return [type(event).__name__ for event in self.events]

    @property
    def tokens(self) -> list[str]:
        """The pieces of text that streamed."""
        return [event.text for event in self.events if isinstance(event, Token)]

    @property
    def answer(self) -> Answer:
        """The answer of a question that did not fail."""
        assert self.error is None, self.error
        last = self.events[-1]
        assert isinstance(last, Done)
        return last.answer


def stream(library: Library, spec: str, settings: AnswerSettings, ask: Ask) -> Iterator[Event]:
    """The events of one question to the model that ``spec`` names."""
    model = choose_model(spec, library, settings).model
    return build_chain(library, model, settings).stream(ask)


def ask(
    library: Library,
    question: str,
    *,
    spec: str = "extractive",
    settings: AnswerSettings | None = None,
    history: Sequence[Turn] = (),
    documents: tuple[str, ...] | None = None,
) -> Asked:
    """Ask one question and consume all its events; a ModelError is kept beside them."""
    asked = Ask(question, history=tuple(history), documents=documents)
    events: list[Event] = []
    try:
        for event in stream(library, spec, settings or AnswerSettings(), asked):
            events.append(event)
    except ModelError as error:
        return Asked(events, error)
    return Asked(events)


def passage(text: str, *, number: int = 1, document: str = "a.pdf") -> Passage:
    """A passage as a search gives it, on the page of its number."""
    return Passage(
        id=f"{document}-{number}", document_id=f"id-of-{document}", document=document,
        title="A title", trail="", page=number, last_page=number, page_label=str(number),
        last_page_label=str(number), page_break=len(text),
        start=0, end=len(text), text=text,
        score=1.0 / number, dense_rank=number, lexical_rank=number, similarity=1.0 / number,
    )  # fmt: skip
