"""What is exported of a conversation: plain data, made of the answers that are shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from app.answer_lines import LineKind, Span, lines_of, summary
from app.events import Answer, Citation, Claim
from app.page_name import OTHER_THAN_PAGES, page_name
from ingest.records import ExchangeState

RUNNING = "This answer was still coming when the conversation was exported."
STOPPED = "This answer was stopped before it was whole."
UNCHECKED = "What had come of it is not checked."
NO_PROOF = "It is cited, but does not prove the sentence."

# Controls, halves of characters, what turns the direction of all that follows, and what is none.
UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
UNSAFE_IN_NAMES = re.compile(r"[^\w -]+")
LONGEST_NAME = 60


class Told(Protocol):
    """A question with what came of it, as the page or the library has it."""

    @property
    def question(self) -> str: ...
    @property
    def choices(self) -> Mapping[str, str]: ...
    @property
    def state(self) -> ExchangeState: ...
    @property
    def text(self) -> str: ...
    @property
    def claims(self) -> tuple[Claim, ...]: ...
    @property
    def answer(self) -> Answer | None: ...
    @property
    def error(self) -> str | None: ...


@dataclass(frozen=True)
class Note:
    """A footnote: the ``number`` of its source; ``reference`` is its own, within the answer."""

    number: int
    reference: int


@dataclass(frozen=True)
class ExportedSentence:
    """A sentence; ``reason`` is why it is not proved, empty where it is or cannot be checked."""

    spans: tuple[Span, ...]
    notes: tuple[Note, ...]
    state: Literal["supported", "unsupported", "not checkable", "unchecked"]
    reason: str


@dataclass(frozen=True)
class ExportedLine:
    """A line of an answer; ``sign`` is that of a list's item."""

    kind: LineKind
    sign: str
    sentences: tuple[ExportedSentence, ...]


@dataclass(frozen=True)
class Proof:
    """A page that is cited, and the quotes that prove; none where nothing on it does."""

    page: str
    quotes: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """What a footnote stands for; ``references`` are those of the notes that lead to it."""

    number: int
    document: str
    proofs: tuple[Proof, ...]
    references: tuple[int, ...]


@dataclass(frozen=True)
class ExportedTurn:
    """A question with its answer.

    ``understood`` is the question as it was searched for, where that differs; ``ended`` says what
    became of an answer that is not whole; ``warnings`` are what a reader of it should know.
    """

    question: str
    understood: str
    how: str
    lines: tuple[ExportedLine, ...]
    refused: bool
    ended: str
    summary: str
    warnings: tuple[str, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class ExportedConversation:
    """A conversation as it is exported; ``library`` is the library's name."""

    title: str
    library: str
    exported: datetime
    turns: tuple[ExportedTurn, ...]

    @property
    def about(self) -> str:
        """Where it comes from, and when it was exported."""
        return (
            f"Asked of the library “{self.library}”; exported by Citebound on "
            f"{self.exported:%Y-%m-%d at %H:%M}."
        )


def exported_conversation(
    title: str, library: str, shown: Sequence[Told], *, exported: datetime
) -> ExportedConversation:
    """The conversation; ``shown`` are its questions, each with the one answer that is shown."""
    turns = tuple(_turn(told) for told in shown)
    return ExportedConversation(visible(title) or "Conversation", visible(library), exported, turns)


def file_name(title: str) -> str:
    """A title as a file's name without ending, which every system takes."""
    name = " ".join(UNSAFE_IN_NAMES.sub(" ", title).split())[:LONGEST_NAME].strip(" -")
    return f"Citebound - {name or 'conversation'}"


def visible(text: str) -> str:
    """A text on one line; characters that show nothing and may do harm stand as code points."""
    return UNSHOWN.sub(lambda found: code_point(found[0]), " ".join(text.split()))


def code_point(character: str) -> str:
    """A character that cannot be shown, by its number."""
    return f"[U+{ord(character):04X}]"


def _turn(told: Told) -> ExportedTurn:
    answer = told.answer
    lines = _lines(answer.text if answer else told.text, told.claims)
    question = visible(told.question)
    understood = visible(answer.standalone_question) if answer else question
    return ExportedTurn(
        question=question,
        understood=understood if understood != question else "",
        how=_how(told),
        lines=lines,
        refused=bool(answer and answer.refused),
        ended="" if answer else visible(_ended(told)),
        summary=visible(summary(answer)) if answer else "",
        warnings=tuple(map(visible, answer.receipt.warnings)) if answer else (),
        sources=_sources(lines, told.claims),
    )


def _how(told: Told) -> str:
    """Which model has answered, and in which way."""
    model, way = told.choices.get("model", ""), told.choices.get("strategy", "")
    if told.answer:
        model, way = told.answer.receipt.model, told.answer.receipt.strategy
    parts = (("Model", model), ("way to answer", way))
    return visible("; ".join(f"{name}: {value}" for name, value in parts if value))


def _ended(told: Told) -> str:
    if told.state == "running":
        said = RUNNING
    elif told.error is None:
        said = STOPPED
    else:
        said = f"This answer failed: {told.error}" if told.state == "failed" else told.error
    return f"{said} {UNCHECKED}" if told.text.strip() and not told.claims else said


def _lines(text: str, claims: Sequence[Claim]) -> tuple[ExportedLine, ...]:
    found, references = [], 0
    for line in lines_of(text, claims):
        sentences = []
        for sentence in line.sentences:
            spans = tuple(Span(span.style, _visible_span(span.text)) for span in sentence.spans)
            shown = _sentence(spans, sentence.claim, references)
            references += len(shown.notes)
            sentences.append(shown)
        found.append(ExportedLine(line.kind, visible(line.sign), tuple(sentences)))
    return tuple(found)


def _sentence(spans: tuple[Span, ...], claim: Claim | None, references: int) -> ExportedSentence:
    """A sentence; ``references`` is how many footnotes stand before it."""
    if claim is None:
        return ExportedSentence(spans, (), "unchecked", "")
    numbers = dict.fromkeys(citation.number for citation in claim.citations)
    notes = tuple(Note(number, references + i) for i, number in enumerate(numbers, 1))
    reason = visible(claim.reason) if claim.verdict == "unsupported" else ""
    return ExportedSentence(spans, notes, claim.verdict, reason)


def _visible_span(text: str) -> str:
    """A piece of a sentence, with the space that parts it from its neighbours."""
    before, after = text[:1].isspace(), text[-1:].isspace()
    return f"{' ' if before else ''}{visible(text)}{' ' if after else ''}"


def _sources(lines: Sequence[ExportedLine], claims: Sequence[Claim]) -> tuple[Source, ...]:
    """What the footnotes stand for, by number."""
    cited: dict[int, list[tuple[Citation, bool]]] = {}
    for claim in claims:
        for citation in claim.citations:
            proves = claim.verdict == "supported"
            cited.setdefault(citation.number, []).append((citation, proves))
    leading: dict[int, list[int]] = {}
    for line in lines:
        for sentence in line.sentences:
            for note in sentence.notes:
                leading.setdefault(note.number, []).append(note.reference)
    return tuple(
        Source(
            number,
            visible(citations[0][0].document),
            _proofs(citations),
            tuple(leading.get(number, ())),
        )
        for number, citations in sorted(cited.items())
    )


def _proofs(citations: Sequence[tuple[Citation, bool]]) -> tuple[Proof, ...]:
    quotes: dict[str, list[str]] = {}
    for citation, proves in citations:
        on_page = quotes.setdefault(_page(citation), [])
        if proves:
            on_page.append(visible(citation.quote))
    return tuple(Proof(page, tuple(dict.fromkeys(said))) for page, said in quotes.items())


def _page(citation: Citation) -> str:
    """The page's name, with what is printed on it where that is another one."""
    name, label = page_name(citation.page, citation.page_label), citation.page_label
    if not label or label == str(citation.page) or OTHER_THAN_PAGES.match(label):
        return visible(name)
    return visible(f"{name} (printed: {label})")
