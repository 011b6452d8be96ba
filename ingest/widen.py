"""Passages widened by their neighbours: a chunk alone may begin after what it speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ingest.records import ChunkRecord
from ingest.search import Passage

MOST_PAGES = 2  # that a record's text may be of
MOST_BETWEEN = 4  # characters, all white space, between chunks that follow one another


def without_repeats(passages: Iterable[Passage]) -> list[Passage]:
    """Passages of which no two say the same, as the pages of copied documents do; the first stays.

    White space and capitals make no difference.
    """
    texts: dict[str, Passage] = {}
    for passage in passages:
        texts.setdefault(" ".join(passage.text.casefold().split()), passage)
    return list(texts.values())


def widen(
    passages: Sequence[Passage], neighbours: Mapping[str, Sequence[ChunkRecord]], count: int
) -> list[Passage]:
    """The first ``count`` passages with their neighbours of the same section; the rest as they are.

    ``neighbours`` are, by a passage's id, the chunks around it and itself, in the document's order.
    A passage that has gone into one before it is left out, so that no text stands there twice.
    """
    taken: set[str] = set()
    widened = []
    for rank, passage in enumerate(passages):
        if passage.id not in taken:
            around = neighbours.get(passage.id, ()) if rank < count else ()
            parts = _section(passage, [one for one in around if one.id not in taken])
            taken.update(part.id for part in parts)
            widened.append(_joined_passage(passage, parts))
    return widened


def join_chunks(parts: Sequence[ChunkRecord]) -> ChunkRecord:
    """Chunks that follow one another, on two pages at most, as one; its id is the first one's."""
    first, last = parts[0], parts[-1]
    text, page_break = "", 0
    for part in parts:
        text += "\n" if text else ""
        if part.last_page > first.page and not page_break:
            page_break = len(text) + (part.page_break if part.page == first.page else 0)
        text += part.text
    same_page = last.last_page == first.page
    return replace(
        first,
        last_page=last.last_page,
        last_page_label=last.last_page_label,
        page_break=len(text) if same_page else page_break,
        end=last.end,
        text=text,
    )


def _section(passage: Passage, around: Sequence[ChunkRecord]) -> list[ChunkRecord]:
    """The passage with those before and after it that belong to its section."""
    at = next((at for at, one in enumerate(around) if one.id == passage.id), None)
    if at is None:
        return [passage]
    parts = [around[at]]
    for one in reversed(around[:at]):
        if not _belongs(one, parts[0]) or parts[-1].last_page - one.page >= MOST_PAGES:
            break
        parts.insert(0, one)
    for one in around[at + 1 :]:
        if not _belongs(parts[-1], one) or one.last_page - parts[0].page >= MOST_PAGES:
            break
        parts.append(one)
    return parts


def _belongs(before: ChunkRecord, after: ChunkRecord) -> bool:
    """Whether two chunks follow one another under one heading, or the one above it.

    A chunk that begins inside a table has the table's header at the end of its trail.
    """
    shorter, longer = sorted((before.trail, after.trail), key=len)
    one_section = longer == shorter or longer.startswith(f"{shorter} > " if shorter else "")
    return one_section and 0 <= after.start - before.end <= MOST_BETWEEN


def _joined_passage(passage: Passage, parts: Sequence[ChunkRecord]) -> Passage:
    if len(parts) == 1:
        return passage
    joined = join_chunks(parts)
    return replace(
        passage,
        page=joined.page,
        page_label=joined.page_label,
        last_page=joined.last_page,
        last_page_label=joined.last_page_label,
        page_break=joined.page_break,
        start=joined.start,
        end=joined.end,
        text=joined.text,
        joined=tuple(part.id for part in parts),
    )
