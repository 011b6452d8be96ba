"""Marks like [1] become citations, and each sentence is checked as it streams."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

from app.citations import bind_sentence, marked_sentences
from app.events import (
    Answer,
    Call,
    Called,
    Chosen,
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
from app.grounding import Check
from prompts.refusal import REFUSAL, is_refusal

UNFINISHED_MARK = re.compile(r"\s*\[[\d\s,;]*$")


class Bind:
    """The chain's last step."""

    def __init__(
        self, *, model: str, strategy: str, check: Check, digest: str | None = None
    ) -> None:
        self.model = model
        self.strategy = strategy
        self.check = check
        self.digest = digest

    def run(self, events: Iterator[Event]) -> Iterator[Event]:
        """All events pass; sentences that are complete -> ClaimChecked; at the end Done."""
        record = _Record(self.model, self.strategy, self.digest, self.check)
        for event in events:
            record.note(event)
            yield event
            if isinstance(event, Token):
                yield from record.new_claims(finished=False)
        yield from record.new_claims(finished=True)
        yield Done(record.answer())


class _Record:
    """What has happened so far in one answer."""

    def __init__(self, model: str, strategy: str, digest: str | None, check: Check) -> None:
        self.digest = digest
        self.check = check
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
        topic = self.understood.question if self.understood else ""
        for sentence in complete[len(self.claims) :]:
            claim = bind_sentence(sentence, passages, self.check, topic=topic)
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
