"""Search with the question put in several ways."""

from __future__ import annotations

from collections.abc import Iterator

from app.desk import Desk
from app.events import Event
from app.listed_lines import listed_lines
from app.strategies.strategy import Documents, Strategy

MOST_QUERIES = 4


def answer_by_several_queries(question: str, documents: Documents, desk: Desk) -> Iterator[Event]:
    """A call that rewrites, a search for each wording, a call that answers."""
    rewritten = yield from desk.ask("rewrite", question=question)
    queries = [question, *listed_lines(rewritten)[:MOST_QUERIES]]
    passages = yield from desk.find(queries, documents)
    composed = yield from desk.compose(question, passages)
    yield from desk.answer(composed)


MULTI_QUERY = Strategy(
    name="multi-query",
    summary="Put the question in several ways and search with all of them.",
    calls="2",
    tokens="1x and a few lines",
    needs="a chat model",
    run=answer_by_several_queries,
)
