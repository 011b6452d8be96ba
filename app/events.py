"""What streams out of the answer chain, and what an answer is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, Self

from ingest.search import Passage

CUT_OFF = "The answer was cut off: it used up its tokens. Raise answer_tokens in settings."
PROMPT_CUT = (
    "The server read less of the prompt than was sent, so it was asked again with a smaller one."
)
# tool: what a tool answered; text: plain, to be continued as it stands
Role = Literal["system", "user", "assistant", "tool", "text"]
# Passage numbers in an answer: [1], [1, 2]. Python makes no number of thousands of digits.
MARK = re.compile(r"\[\s*(\d{1,9}(?:\s*[,;]\s*\d{1,9})*)\s*\]")
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
    other than supported; ``rebound`` says why what is cited is not what the model has marked.
    """

    text: str
    citations: tuple[Citation, ...]
    support: float | None
    verdict: Verdict
    reason: str = ""
    rebound: str = ""


@dataclass(frozen=True)
class Message:
    """One message that was sent to a model; one of the role ``text`` stands alone."""

    role: Role
    text: str


@dataclass(frozen=True)
class Call:
    """One call of a model: what was sent, what came, and what it cost.

    ``step`` says what for; ``prompts`` are the fingerprints of the prompt files by name;
    ``sampling`` is what was asked for, ``options`` what the server was sent for it. ``tokens_sent``
    are counted or estimated before; the other tokens are the server's count, None where it gives
    none. Seconds are those of the call; ``cut_off`` is whether
    it ended because its tokens were used up, ``prompt_cut`` whether the server read less of the
    prompt than was sent. ``tools`` are the names of those that the model could call.
    """

    step: str
    messages: tuple[Message, ...]
    prompts: dict[str, str]
    sampling: dict[str, object]
    options: dict[str, object]
    text: str
    thought: str
    tokens_sent: int
    prompt_tokens: int | None
    answer_tokens: int | None
    seconds_to_first_token: float | None
    seconds: float
    cut_off: bool
    prompt_cut: bool = False
    tools: tuple[str, ...] = ()


@dataclass(frozen=True)
class UsedPassage:
    """A passage on a receipt; ``flagged`` are its sentences that read as instructions.

    ``joined`` are the ids of the chunks that were shown as one, where there was more than its own.
    """

    id: str
    document: str
    page: int
    score: float
    flagged: tuple[str, ...]
    joined: tuple[str, ...] = ()


@dataclass(frozen=True)
class Receipt:
    """What was really sent and counted; seconds are from the question on.

    ``notes`` are what a reader of the answer should know of how it came about.
    """

    model: str
    strategy: str
    model_digest: str | None = None
    calls: tuple[Call, ...] = ()
    passages: tuple[UsedPassage, ...] = ()
    passages_left_out: int = 0
    notes: tuple[str, ...] = ()
    seconds_to_find: float = 0.0
    seconds_to_first_token: float | None = None
    seconds: float = 0.0

    @property
    def prompt_tokens(self) -> int | None:
        """Tokens that all calls read, None where a server did not count."""
        return _sum(call.prompt_tokens for call in self.calls)

    @property
    def answer_tokens(self) -> int | None:
        """Tokens that all calls wrote, None where a server did not count."""
        return _sum(call.answer_tokens for call in self.calls)

    @property
    def cut_off(self) -> bool:
        """Whether the answer ended because its tokens were used up."""
        return bool(self.calls) and self.calls[-1].cut_off

    @property
    def warnings(self) -> list[str]:
        """What a reader of the answer should know of how it came about."""
        return [*self.notes, *([CUT_OFF] if self.cut_off else [])]


def _sum(counts: Iterable[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


@dataclass(frozen=True)
class Answer:
    """An answer whole; ``standalone_question`` is the question as it was understood.

    ``passages`` are numbered from 1 as the answer's marks are; what was found and not shown to the
    model comes last. ``coverage`` is None where the best passages were searched for.
    """

    question: str
    standalone_question: str
    text: str
    steps: tuple[Step, ...]
    claims: tuple[Claim, ...]
    passages: tuple[Passage, ...]
    receipt: Receipt
    refused: bool
    coverage: Coverage | None = None

    @property
    def checked(self) -> int:
        """How many sentences could be checked."""
        return sum(claim.verdict != "not checkable" for claim in self.claims)

    @property
    def proved(self) -> int:
        """How many of them what they cite proves."""
        return sum(claim.verdict == "supported" for claim in self.claims)


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
class Chosen(Event):
    """The strategy that was chosen by itself."""

    strategy: str


@dataclass(frozen=True)
class Note(Event):
    """Something that a reader of the answer should know of how it came about."""

    text: str


@dataclass(frozen=True)
class Found(Event):
    """The passages that were found, the best first."""

    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Composed(Event):
    """What the model will get; ``passages`` are those that fitted, numbered from 1.

    ``shown`` is how they stand in the prompt; ``flagged`` are, by a passage's id, its sentences
    that read as instructions; ``unwidened`` are the passages before neighbours joined them.
    """

    question: str
    passages: tuple[Passage, ...]
    messages: tuple[Message, ...]
    prompts: dict[str, str]
    left_out: int
    shown: str = ""
    flagged: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unwidened: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Step(Event):
    """Something done on the way that is no part of the answer: a draft, a vote, a rewrite.

    ``name`` says what was done, ``text`` what came of it; it is never evidence.
    """

    name: str
    text: str


@dataclass(frozen=True)
class Coverage(Event):
    """How much was read for an answer that is about everything."""

    documents: int
    all_documents: int
    pages: int
    all_pages: int

    def __str__(self) -> str:
        return (
            f"read {self.documents} of {self.all_documents} documents, "
            f"{self.pages} of {self.all_pages} pages"
        )


@dataclass(frozen=True)
class Thought(Event):
    """A piece of what the model thinks before it answers; never evidence."""

    text: str


@dataclass(frozen=True)
class Token(Event):
    """A piece of the answer's text."""

    text: str


@dataclass(frozen=True)
class Withdrawn(Event):
    """The tokens that have come are void; the answer begins anew."""


@dataclass(frozen=True)
class Called(Event):
    """A call of the model is over."""

    call: Call


@dataclass(frozen=True)
class ClaimChecked(Event):
    """A sentence of the answer is complete, bound to its citations and checked."""

    claim: Claim


@dataclass(frozen=True)
class Done(Event):
    """The answer is complete."""

    answer: Answer
