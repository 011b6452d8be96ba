"""Choose the way by the question: everything is read for one that asks for all, where it is little.

A search shows the best few passages, which cannot answer "list all" or "how many of the reports".
Such questions are known in English alone; in other languages the strategy exhaustive is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.desk import Desk
from app.events import Chosen, Event, Note
from app.strategies.direct import DIRECT
from app.strategies.exhaustive import EXHAUSTIVE, NOTHING
from app.strategies.strategy import Documents, Strategy

SOURCES = (
    r"(?:documents|files|pdfs|reports|papers|articles|filings|contracts|letters|records|"
    r"books|invoices|minutes|emails|studies|cases|companies)"
)
ASKS_FOR_ALL = re.compile(
    r"\b(?:list|name|enumerate|give|show|find|collect)\s+(?:me\s+|us\s+)?(?:all|every|each)\b"
    rf"|\bhow many\s+(?:of\s+(?:the|these|those|my|our)\s+)?(?:\w+\s+)?{SOURCES}\b"
    r"|\bwhich\s+of\s+(?:the|these|those|my|our)\b"
    rf"|\b(?:which|what)\s+(?:\w+\s+)?{SOURCES}\b"
    rf"|\b(?:in|across|over|from)\s+(?:all|every|each)\s+(?:\w+\s+){{0,3}}(?:{SOURCES}|document|report)\b",
    re.IGNORECASE,
)
PASSAGE_TOKENS = 200  # about what a passage takes in a prompt


def answer_as_asked(question: str, documents: Documents, desk: Desk) -> Iterator[Event]:
    """The exhaustive way for a question that asks for all, else the direct one.

    Where reading everything would take more calls than settings allow, the answer says so.
    """
    strategy = DIRECT
    if ASKS_FOR_ALL.search(question):
        calls = _calls_to_read(question, documents, desk)
        if calls <= desk.settings.auto_calls:
            strategy = EXHAUSTIVE
        else:
            yield Note(
                "This question asks for everything, and only the passages found were looked at: "
                f"to read every document takes about {calls:,} calls of the model. Choose the "
                "strategy exhaustive for that."
            )
    yield Chosen(strategy.name)
    yield from strategy.run(question, documents, desk)


def _calls_to_read(question: str, documents: Documents, desk: Desk) -> int:
    """About how many calls the exhaustive way takes; each document is read by itself."""
    room = max(1, desk.room_in("collect", question=question, nothing=NOTHING))
    wanted = [d for d in desk.library.documents() if documents is None or d.id in documents]
    return 1 + sum(-(-document.chunks * PASSAGE_TOKENS // room) for document in wanted)


AUTO = Strategy(
    name="auto",
    summary="Read every document for a question that asks for all, else answer directly.",
    calls="1, or 1 for each batch of pages and 1, at most auto_calls",
    tokens="1x, or all documents once",
    needs="a chat model; one that only continues text is asked by the strategy base",
    run=answer_as_asked,
)
