"""Split a question that needs several places, answer the parts, join them (Press et al., 2022)."""

from __future__ import annotations

from collections.abc import Iterator

from app.citations import strip_marks
from app.desk import Desk
from app.events import Event, Found
from app.listed_lines import listed_lines
from app.strategies.strategy import Documents, Strategy
from ingest.search import Passage

MOST_PARTS = 4


def answer_in_parts(question: str, documents: Documents, desk: Desk) -> Iterator[Event]:
    """A call that splits, a search and a call for each part, a call that joins.

    A question that is not split is answered directly. The answers to the parts are hints for the
    last call and no evidence: its passages are those of all parts, the best of each first.
    """
    split = yield from desk.ask("decompose", question=question)
    parts = listed_lines(split)[:MOST_PARTS]
    if len(parts) < 2:
        parts = [question]
    notes: list[str] = []
    found: list[tuple[Passage, ...]] = []
    for part in parts:
        passages = yield from desk.find([part], documents)
        found.append(passages)
        if len(parts) > 1 and passages:
            composed = yield from desk.compose(part, passages)
            answered = yield from desk.draft("part", composed)
            notes.append(f"- {part} {strip_marks(answered)}")
    passages = interleave(found)[: desk.settings.passages]
    yield Found(passages)
    if notes:
        composed = yield from desk.compose(
            question, passages, addition="join", parts="\n".join(notes)
        )
    else:
        composed = yield from desk.compose(question, passages)
    yield from desk.answer(composed)


def interleave(found: list[tuple[Passage, ...]]) -> tuple[Passage, ...]:
    """The first of each, then the second of each, and so on, each passage once."""
    longest = max(map(len, found), default=0)
    rows = (passages[row] for row in range(longest) for passages in found if row < len(passages))
    return tuple({passage.id: passage for passage in rows}.values())


DECOMPOSITION = Strategy(
    name="decomposition",
    summary="Split a question that needs several documents, answer the parts, and join them.",
    calls=f"2 to {MOST_PARTS + 2}",
    tokens=f"2x to {MOST_PARTS + 2}x",
    needs="a chat model",
    run=answer_in_parts,
)
