"""What streams out of the answer chain, and what an answer is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, Self

from ingest.search import Passage

CUT_OFF = "The answer was cut off: it used up its tokens. Raise answer_tokens in settings."
MARK = re.compile(r"\[\s*(\d+(?:\s*[,;]\s*\d+)*)\s*\]")  # passage numbers in an answer: [1], [1, 2]
Verdict = Literal["supported", "unsupported", "not checkable"]


@dataclass(frozen=True)
class Turn:
    """An earlier question of the conversation, as it was understood, with its answer."""

    question: str
    answer: str


@dataclass(frozen=True)
class Ask:
    """What goes into the chain; ``documents`` are document ids to search in (None: all)."""

    question: str
    history: tuple[Turn, ...] = ()
    documents: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Citation:
    """A claim's footnote: ``number`` is the passage's, ``quote`` what proves the claim in it."""

    number: int
    document_id: str
    document: str
    page: int
    page_label: str
    quote: str


@dataclass(frozen=True)
class Claim:
    """One sentence of an answer with what it cites and how well that proves it.

    ``support`` is 0 to 1, None where the sentence cannot be checked; ``reason`` explains a verdict
    other than supported.
    """

    text: str
    citations: tuple[Citation, ...]
    support: float | None
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True)
class Message:
    """One message that was sent to a model."""

    role: Literal["system", "user"]
    text: str


@dataclass(frozen=True)
class Receipt:
    """What was really sent and counted; seconds are from the question on, tokens the server's."""

    model: str
    prompt: str | None = None
    prompt_fingerprint: str | None = None
    messages: tuple[Message, ...] = ()
    options: dict[str, object] = field(default_factory=dict)
    passages_left_out: int = 0
    prompt_tokens: int | None = None
    answer_tokens: int | None = None
    cut_off: bool = False
    seconds_to_find: float = 0.0
    seconds_to_first_token: float | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Answer:
    """An answer whole; ``standalone_question`` is the question as it was understood."""

    question: str
    standalone_question: str
    text: str
    claims: tuple[Claim, ...]
    passages: tuple[Passage, ...]
    receipt: Receipt
    refused: bool


class Event:
    """Something that happened on the way to an answer.

    Adding two gives the later one, so that ``invoke`` on the chain gives the last event: Done.
    """

    def __add__(self, later: Self) -> Self:
        return later


@dataclass(frozen=True)
class Understood(Event):
    """The question as it will be searched for."""

    ask: Ask
    question: str


@dataclass(frozen=True)
class Found(Event):
    """The passages that were found, the best first."""

    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Composed(Event):
    """What the model will get; ``passages`` are those that fitted, numbered from 1."""

    question: str
    passages: tuple[Passage, ...]
    messages: tuple[Message, ...]
    prompt: str | None
    prompt_fingerprint: str | None
    left_out: int


@dataclass(frozen=True)
class Token(Event):
    """A piece of the answer's text."""

    text: str


@dataclass(frozen=True)
class Usage(Event):
    """What the server counted, and the options that it was called with.

    ``cut_off`` is whether the answer ended because its tokens were used up.
    """

    prompt_tokens: int | None
    answer_tokens: int | None
    options: dict[str, object]
    cut_off: bool


@dataclass(frozen=True)
class ClaimChecked(Event):
    """A sentence of the answer is complete, bound to its citations and checked."""

    claim: Claim


@dataclass(frozen=True)
class Done(Event):
    """The answer is complete."""

    answer: Answer
