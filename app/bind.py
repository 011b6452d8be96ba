"""Marks like [1] become citations, and each sentence is checked as it streams."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence

from app.events import (
    MARK,
    Answer,
    Call,
    Called,
    Chosen,
    Citation,
    Claim,
    ClaimChecked,
    Composed,
    Coverage,
    Done,
    Event,
    Found,
    Note,
    Receipt,
    Step,
    Token,
    Understood,
    UsedPassage,
    Withdrawn,
)
from app.grounding import check_claim
from app.terms import stems
from ingest.records import ChunkRecord
from ingest.sentences import split_sentences
from prompts.refusal import REFUSAL, is_refusal

UNFINISHED_MARK = re.compile(r"\s*\[[\d\s,;]*$")
# A model means its line ends, but for those in the middle of a sentence.
WRAPPED = re.compile(r"(?<=[^\s.!?:;\]]) *\n(?=[a-z])")
LIST_SIGN = re.compile(r"^([-*•]|\(?\d+[.)])(\s+|$)")
MARKS_FIRST = re.compile(rf"^\s*((?:{MARK.pattern}[\s.,;]*)+)")


class Bind:
    """The chain's last step."""

    def __init__(self, *, model: str, strategy: str, digest: str | None = None) -> None:
        self.model = model
        self.strategy = strategy
        self.digest = digest

    def run(self, events: Iterator[Event]) -> Iterator[Event]:
        """All events pass; sentences that are complete -> ClaimChecked; at the end Done."""
        record = _Record(self.model, self.strategy, self.digest)
        for event in events:
            record.note(event)
            yield event
            if isinstance(event, Token):
                yield from record.new_claims(finished=False)
        yield from record.new_claims(finished=True)
        yield Done(record.answer())


class _Record:
    """What has happened so far in one answer."""

    def __init__(self, model: str, strategy: str, digest: str | None) -> None:
        self.digest = digest
        self.started = time.monotonic()
        self.model = model
        self.strategy = strategy
        self.understood: Understood | None = None
        self.found: Found | None = None
        self.composed: Composed | None = None
        self.calls: list[Call] = []
        self.steps: list[Step] = []
        self.notes: list[str] = []
        self.coverage: Coverage | None = None
        self.text = ""
        self.claims: list[Claim] = []
        self.seconds_to_find = 0.0
        self.seconds_to_first_token: float | None = None

    def note(self, event: Event) -> None:
        """Keep what the answer will need."""
        elapsed = time.monotonic() - self.started
        match event:
            case Understood():
                self.understood = event
            case Found():
                self.found = event
                self.seconds_to_find = elapsed
            case Composed():
                self.composed = event
            case Called(call):
                self.calls.append(call)
            case Step():
                self.steps.append(event)
            case Coverage():
                self.coverage = event
            case Chosen(strategy):
                self.strategy = strategy
            case Note(text):
                self.notes.append(text)
            case Withdrawn():
                self.text = ""
                self.claims = []
            case Token(text):
                self.text += text
                if self.seconds_to_first_token is None:
                    self.seconds_to_first_token = elapsed

    def new_claims(self, *, finished: bool) -> Iterator[Event]:
        """Sentences that have become complete since the last call.

        The last sentence waits while the text streams: it may go on, or its marks may follow.
        """
        if REFUSAL.startswith(self.text.strip()) and not finished:
            return
        text = self.text if finished else UNFINISHED_MARK.sub("", self.text)
        sentences = marked_sentences(text)
        complete = sentences if finished else sentences[:-1]
        passages = self.composed.passages if self.composed else ()
        for sentence in complete[len(self.claims) :]:
            claim = bind_sentence(sentence, passages)
            self.claims.append(claim)
            yield ClaimChecked(claim)

    def answer(self) -> Answer:
        """The answer with its receipt."""
        if self.understood is None or self.composed is None or self.found is None:
            raise RuntimeError("the chain ended before a prompt was composed")
        shown = self.composed.passages
        ids = {id for passage in shown for id in (passage.id, *passage.joined)}
        receipt = Receipt(
            model=self.model,
            strategy=self.strategy,
            model_digest=self.digest,
            calls=tuple(self.calls),
            passages=tuple(
                UsedPassage(
                    id=p.id,
                    document=p.document,
                    page=p.page,
                    score=p.score,
                    flagged=self.composed.flagged.get(p.id, ()),
                    joined=p.joined,
                )
                for p in shown
            ),
            passages_left_out=self.composed.left_out,
            notes=tuple(dict.fromkeys(self.notes)),
            seconds_to_find=self.seconds_to_find,
            seconds_to_first_token=self.seconds_to_first_token,
            seconds=time.monotonic() - self.started,
        )
        return Answer(
            question=self.understood.ask.question,
            standalone_question=self.understood.question,
            text=self.text.strip(),
            steps=tuple(self.steps),
            claims=tuple(self.claims),
            passages=(*shown, *(p for p in self.found.passages if p.id not in ids)),
            receipt=receipt,
            refused=is_refusal(self.text),
            coverage=self.coverage,
        )


def check_text(text: str, passages: Sequence[ChunkRecord]) -> list[Claim]:
    """The sentences of a text that is complete, each bound to what it cites and checked."""
    return [bind_sentence(sentence, passages) for sentence in marked_sentences(text)]


def marked_sentences(text: str) -> list[str]:
    """The sentences of a text, each with its marks."""
    lines = [split_sentences(line) for line in WRAPPED.sub(" ", text).split("\n")]
    return attach_marks([sentence for line in lines for sentence in line])


def attach_marks(sentences: Sequence[str]) -> list[str]:
    """Move marks that stand after a sentence's full stop to the sentence that they belong to.

    The signs of a list's items are no sentences and go.
    """
    attached: list[str] = []
    for sentence in sentences:
        first = MARKS_FIRST.match(sentence)
        if first and attached:
            attached[-1] += " " + first.group(1).strip()
            sentence = sentence[first.end() :].strip()
        sentence = LIST_SIGN.sub("", sentence)
        if sentence:
            attached.append(sentence)
    return attached


def bind_sentence(sentence: str, passages: Sequence[ChunkRecord]) -> Claim:
    """One sentence with its marks -> a claim with its citations, checked against them.

    Marks that name no passage are dropped; the claim then stands without proof.
    """
    text = strip_marks(sentence)
    if is_refusal(text):
        return Claim(text, (), None, "not checkable", "it says that there is no answer")
    numbers = [number for number in marked_numbers(sentence) if 1 <= number <= len(passages)]
    citations = tuple(_cite(number, passages[number - 1], text) for number in numbers)
    evidence = "\n".join(passages[number - 1].text for number in numbers)
    support = check_claim(text, evidence)
    return Claim(text, citations, support.value, support.verdict, support.reason)


def marked_numbers(sentence: str) -> list[int]:
    """The numbers in a sentence's marks, in order, each once."""
    found = [int(n) for group in MARK.findall(sentence) for n in re.findall(r"\d+", group)]
    return list(dict.fromkeys(found))


def strip_marks(sentence: str) -> str:
    """A sentence without its marks."""
    text = " ".join(MARK.sub(" ", sentence).split())
    return re.sub(r"\s+([.,;:!?])", r"\1", text)


def _cite(number: int, passage: ChunkRecord, claim: str) -> Citation:
    quote = best_quote(claim, passage.text)
    page, label = passage.page_of(quote)
    return Citation(
        number=number,
        document_id=passage.document_id,
        document=passage.document,
        page=page,
        page_label=label,
        quote=quote,
    )


def best_quote(claim: str, text: str) -> str:
    """The sentence of a passage that shares most words with a claim, the shorter among equals."""
    wanted = set(stems(claim))

    def shared(sentence: str) -> tuple[int, int]:
        return len(wanted & set(stems(sentence))), -len(sentence)

    return max(split_sentences(text), key=shared, default=text)
