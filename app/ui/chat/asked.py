"""What is kept of a question and its answer, and what it is on the page again."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

from app.events import Answer, Claim
from app.ui.chat.exchange import Exchange
from ingest.catalog import Catalog
from ingest.records import ExchangeRecord, ExchangeState, OpinionRecord

ENDED = "The program was ended while this answer was coming; ask again to have it whole."
OLDER = "This answer was kept by another version of the program, which told more of it."

_answers = TypeAdapter(Answer)


@dataclass
class Asked:
    """One question of a conversation on the page: running, or as it was kept.

    Several at one ``place`` (from 1) are variants. ``running`` is None where it is over since
    before the page was opened.
    """

    id: str
    place: int
    asked: float
    question: str
    choices: Mapping[str, str]
    running: Exchange | None = None
    kept_state: ExchangeState = "stopped"
    kept_text: str = ""
    kept_answer: Answer | None = None
    kept_so_far: Answer | None = None
    kept_error: str | None = None
    opinion: OpinionRecord | None = field(default=None)

    @property
    def state(self) -> ExchangeState:
        """Where it stands."""
        return self.running.state if self.running else self.kept_state

    @property
    def text(self) -> str:
        """What has come of the answer."""
        return self.running.text if self.running else self.kept_text

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The sentences that are checked."""
        return self.so_far.claims if self.so_far else ()

    @property
    def answer(self) -> Answer | None:
        """The answer, once it is whole."""
        return self.running.answer if self.running else self.kept_answer

    @property
    def so_far(self) -> Answer | None:
        """The answer, or as much of it as has come, with the passages that it cites."""
        if self.answer is not None:
            return self.answer
        return self.running.so_far if self.running else self.kept_so_far

    @property
    def error(self) -> str | None:
        """Why there is none."""
        return self.running.error if self.running else self.kept_error

    def stop(self) -> None:
        """End it where it runs; what has come stays."""
        if self.running:
            self.running.stop()


def begin(
    catalog: Catalog, conversation: str, place: int, question: str, choices: Mapping[str, str]
) -> Asked:
    """Take a question down; its exchange, to be started, keeps itself."""
    asked = Asked(uuid.uuid4().hex, place, time.time(), question, choices)
    record = _record(asked, conversation)
    catalog.add_exchange(record)

    def keep(exchange: Exchange) -> None:
        catalog.update_exchange(_record(asked, conversation, exchange))

    asked.running = Exchange(question, keep)
    return asked


def _record(asked: Asked, conversation: str, exchange: Exchange | None = None) -> ExchangeRecord:
    answer = exchange.answer if exchange else None
    over = exchange is not None and exchange.state != "running"
    said = exchange.so_far if exchange and over and answer is None else answer
    return ExchangeRecord(
        id=asked.id,
        conversation=conversation,
        place=asked.place,
        asked=asked.asked,
        question=asked.question,
        choices=json.dumps(dict(asked.choices), ensure_ascii=False),
        state=exchange.state if exchange else "running",
        text=answer.text if answer else (exchange.text if exchange else ""),
        answer=_answers.dump_json(said).decode() if said else "",
        error=(exchange.error or "") if exchange else "",
        documents=_documents(exchange),
    )


def _documents(exchange: Exchange | None) -> tuple[str, ...]:
    """The ids of the documents that an answer may tell of."""
    if exchange is None:
        return ()
    answer, found = exchange.answer, exchange.found
    passages = answer.passages if answer else (found.passages if found else ())
    return tuple(sorted({passage.document_id for passage in passages}))


def restore(record: ExchangeRecord) -> Asked:
    """A kept exchange as it is shown again; of one that was stopped, what had come."""
    answer, error = None, record.error or None
    if record.answer:
        try:
            answer = _answers.validate_json(record.answer)
        except ValidationError:
            error = OLDER
    if record.state == "running":  # and nothing runs that would say more
        error = ENDED
    return Asked(
        id=record.id,
        place=record.place,
        asked=record.asked,
        question=record.question,
        choices=json.loads(record.choices),
        kept_state=record.state if record.state != "running" else "stopped",
        kept_text=record.text,
        kept_answer=answer if record.state == "answered" else None,
        kept_so_far=answer,
        kept_error=error,
        opinion=record.opinion,
    )


def variants(asked: Sequence[Asked]) -> list[list[Asked]]:
    """What was asked at each place, in order."""
    places = sorted({one.place for one in asked})
    return [[one for one in asked if one.place == place] for place in places]
