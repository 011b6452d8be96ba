"""What a strategy is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.desk import Desk
from app.events import Event
from ingest.errors import CiteboundError

Documents = tuple[str, ...] | None  # ids of those to search in; None: all


class StrategyError(CiteboundError):
    """A strategy that does not exist, or that a model cannot carry out."""


@dataclass(frozen=True)
class Strategy:
    """A way from a question to an answer, and what it costs.

    ``prompt`` is the purpose of the prompt that its answer is composed with. ``run`` takes the
    question, the documents to search in and the desk, and streams what happens: Found, Composed
    and the answer's Tokens among it. ``calls`` says how often the model is called,
    ``tokens`` how many tokens it reads and writes beside a direct answer.
    """

    name: str
    summary: str
    calls: str
    tokens: str
    needs: str
    run: Callable[[str, Documents, Desk], Iterator[Event]]
    prompt: str = "answer"
