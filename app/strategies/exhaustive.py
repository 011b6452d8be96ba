"""Read every document, for questions of how many, which of, and list all.

A search shows the best few passages, which is too few to count or to list by.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from app.citations import marked_numbers, marked_sentences, strip_marks
from app.compose import Count, passage_block, quote_passages
from app.desk import Desk
from app.events import Composed, Coverage, Event, Found, Message, Step, Token
from app.models.model import CutPromptError, NoAnswerError, NoRoomError
from app.strategies.strategy import Documents, Strategy
from ingest.records import DocumentRecord
from ingest.search import Passage
from prompts.refusal import REFUSAL

NOTHING = "NOTHING"


@dataclass
class _Reading:
    """What has been read and found so far; ``pages`` are those of documents read in part."""

    findings: list[tuple[str, Passage]] = field(default_factory=list)
    pages: set[tuple[str, int]] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)


def answer_from_everything(question: str, documents: Documents, desk: Desk) -> Iterator[Event]:
    """A call for each batch of passages, and one that puts the findings together.

    Findings that do not fit into one prompt are the answer as they are, one a line. A batch that
    the model says nothing to counts as not read: the coverage says so.
    """
    wanted = [d for d in desk.library.documents() if documents is None or d.id in documents]
    reading = _Reading()
    for document in wanted:
        yield from _read(question, document, desk, reading)
    yield coverage(wanted, reading.whole, reading.pages)
    yield from _answer(question, reading.findings, desk)


def _read(
    question: str, document: DocumentRecord, desk: Desk, reading: _Reading
) -> Iterator[Event]:
    """Read one document; a batch that is too long after all is read in smaller ones.

    That it is turns out when the server has read only a part of it, or has counted more in the
    batches before it than was thought when they were made.
    """

    def batched(passages: Sequence[Passage]) -> list[list[Passage]]:
        room = desk.room_in("collect", question=question, nothing=NOTHING)
        return list(batches(passages, room, desk.count))

    waiting = deque(batched(desk.library.read_document(document.id)))
    missed = False
    while waiting:
        batch = waiting.popleft()
        try:
            found = yield from desk.ask(
                "collect", question=question, passages=quote_passages(batch), nothing=NOTHING
            )
        except (CutPromptError, NoRoomError):
            smaller = batched(batch)
            if len(smaller) == 1:
                raise
            waiting.extendleft(reversed(smaller))
            continue
        except NoAnswerError as error:
            yield Step("missed", f"{document.name}: {error}")
            missed = True
            continue
        reading.pages |= pages_of(batch)
        reading.findings += cited_findings(found, batch)
    if not missed:
        reading.whole.add(document.id)
        reading.pages |= {(document.id, page) for page in range(1, document.pages + 1)}


def _answer(question: str, findings: Sequence[tuple[str, Passage]], desk: Desk) -> Iterator[Event]:
    passages = tuple({passage.id: passage for _, passage in findings}.values())
    yield Found(passages)
    if not passages:
        yield Composed(question, (), (), {}, 0)
        yield Token(REFUSAL)
        return
    notes = "\n".join(f"- {text}" for text, _ in findings)
    with suppress(NoRoomError):
        composed = yield from desk.compose(
            question, passages, addition="join", parts=notes, widened=False
        )
        if not composed.left_out:
            yield from desk.answer(composed)
            return
    yield Composed(question, passages, (), {}, 0)
    numbers = {passage.id: number for number, passage in enumerate(passages, 1)}
    yield Token("\n".join(f"{text} [{numbers[passage.id]}]" for text, passage in findings))


def batches(passages: Sequence[Passage], room: int, count: Count) -> Iterator[list[Passage]]:
    """Passages in order, together as long as they fit into so many tokens."""
    batch: list[Passage] = []
    taken = 0
    for passage in passages:
        size = count([Message("user", passage_block(len(batch) + 1, passage))])
        if batch and taken + size > room:
            yield batch
            batch, taken = [], 0
        batch.append(passage)
        taken += size
    if batch:
        yield batch


def cited_findings(text: str, batch: Sequence[Passage]) -> Iterator[tuple[str, Passage]]:
    """Each finding with the passage that it cites; one that cites none counts for nothing."""
    for sentence in marked_sentences(text):
        for number in marked_numbers(sentence)[:1]:
            if 1 <= number <= len(batch):
                yield strip_marks(sentence), batch[number - 1]


def pages_of(batch: Sequence[Passage]) -> set[tuple[str, int]]:
    """The pages that passages stand on."""
    return {
        (passage.document_id, page)
        for passage in batch
        for page in range(passage.page, passage.last_page + 1)
    }


def coverage(
    wanted: Sequence[DocumentRecord], whole: set[str], read: set[tuple[str, int]]
) -> Coverage:
    """How much was read; pages without text count as read where the rest of a document was."""
    pages = sum(document.pages for document in wanted)
    return Coverage(len(whole), len(wanted), len(read), pages)


EXHAUSTIVE = Strategy(
    name="exhaustive",
    summary='Read every document, for "how many", "list all" and "which of"; says what was read.',
    calls="1 for each batch of pages, and 1",
    tokens="all documents once",
    needs="a chat model",
    run=answer_from_everything,
)
