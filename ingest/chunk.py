"""Pages -> chunks that the embedder can read whole.

A chunk is embedded together with its header (document title and heading trail), so the header's
tokens are counted in. A chunk begins and ends at sentence boundaries, stays under one heading and
on one page; a sentence that runs over the page's end is finished in the chunk where it began.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import pairwise
from typing import NamedTuple

from ingest.errors import EmbedderError
from ingest.packing import Packed, Packer
from ingest.readers.content import Heading, Page, SourceContent
from ingest.sentences import Span, sentence_spans
from ingest.token_counts import TokenCounts, TokenOffsets, token_counts

HEADER_SHARE = 0.25  # of the token limit, at most; a longer header loses its outer headings
LEAST_ROOM = 8  # tokens for text in a chunk
PAGE_BREAK = "\f"


@dataclass(frozen=True)
class Chunk:
    """What is embedded and found.

    ``start`` and ``end`` count characters of the document's text: its pages joined by a form feed.
    ``page_break`` is where in ``text`` the last page begins: its end if it is on one page only.
    """

    id: str
    ordinal: int
    first_page: int
    last_page: int
    page_break: int
    start: int
    end: int
    trail: str
    text: str
    header: str
    tokens: int

    @property
    def embedded_text(self) -> str:
        """The text that the embedder is given."""
        return f"{self.header}\n{self.text}"

    @property
    def fingerprint(self) -> str:
        """Of the embedded text: chunks with the same one have the same vector."""
        return hashlib.sha256(self.embedded_text.encode()).hexdigest()[:32]


def cut_chunks(
    content: SourceContent, *, document_id: str, tokenizer: TokenOffsets, target_tokens: int
) -> list[Chunk]:
    """Cut a document into chunks of about ``target_tokens``, none over the tokenizer's limit.

    Every character that the tokenizer reads is in exactly one chunk.
    """
    text = PAGE_BREAK.join(page.text for page in content.pages)
    page_spans = _page_spans(content.pages)
    sections = _sections(content, text, page_spans)
    counts = token_counts(tokenizer)
    limit = min(tokenizer.max_tokens, target_tokens)
    writer = _ChunkWriter(text, content.title, document_id, counts, limit)
    for page in content.pages:
        counts.learn(page.text)
    for section, sentences in _sentence_groups(text, page_spans, sections):
        for draft in writer.pack(section.trail, sentences):
            packed = draft.packed
            pages = _page_of(page_spans, packed.start), _page_of(page_spans, packed.end - 1)
            writer.write(draft, section.trail, pages)
    return writer.chunks


class _Draft(NamedTuple):
    """A chunk before it has its place."""

    packed: Packed
    header: str
    body: str
    tokens: int


@dataclass
class _ChunkWriter:
    """Makes the chunks of one document."""

    text: str
    title: str
    document_id: str
    counts: TokenCounts
    limit: int
    chunks: list[Chunk] = field(default_factory=list)

    def pack(self, trail: str, sentences: Sequence[Span]) -> list[_Draft]:
        """Pack, and pack again a little tighter where the parts' tokens do not add up exactly.

        They do where words do; other tokenizers may join or split at the seams.
        """
        limit = self.limit
        while True:
            packer = Packer(self.text, self.counts, partial(self._room, trail, limit))
            drafts = [self._draft(packed, trail) for packed in packer.pack(sentences)]
            most = max((draft.tokens for draft in drafts), default=0)
            if most <= self.counts.tokenizer.max_tokens:
                return drafts
            limit -= most - self.counts.tokenizer.max_tokens

    def write(self, draft: _Draft, trail: str, pages: tuple[int, int]) -> None:
        """Add a chunk."""
        packed, header, body, tokens = draft
        ordinal = len(self.chunks)
        key = f"{self.document_id}\0{ordinal}\0{header}\0{body}"
        self.chunks.append(
            Chunk(
                id=hashlib.sha256(key.encode()).hexdigest()[:32],
                ordinal=ordinal,
                first_page=pages[0],
                last_page=pages[1],
                page_break=self._page_break(packed),
                start=packed.start,
                end=packed.end,
                trail=_full_trail(trail, packed.table_header),
                text=body,
                header=header,
                tokens=tokens,
            )
        )

    def _room(self, trail: str, limit: int, table_header: str) -> int:
        room = limit - self.counts.header(self._header(trail, table_header))
        if room < LEAST_ROOM:
            raise EmbedderError(
                f"The embedder's limit of {limit} tokens leaves {room} for text beside its prompt "
                "and the document's title; raise chunk_tokens in settings or choose another "
                "embedder."
            )
        return room

    def _header(self, trail: str, table_header: str) -> str:
        allowed = int(self.limit * HEADER_SHARE)
        return _header(self.title, _full_trail(trail, table_header), self.counts, allowed)

    def _draft(self, packed: Packed, trail: str) -> _Draft:
        header = self._header(trail, packed.table_header)
        body = self.text[packed.start : packed.end].replace(PAGE_BREAK, "\n")
        return _Draft(packed, header, body, self.counts.count_embedded(header, body))

    def _page_break(self, packed: Packed) -> int:
        at = self.text.rfind(PAGE_BREAK, packed.start, packed.end)
        return (at if at >= 0 else packed.end) - packed.start


def _full_trail(trail: str, table_header: str) -> str:
    return " > ".join(filter(None, (trail, table_header)))


@dataclass(frozen=True)
class _Section:
    start: int
    trail: str


def _page_spans(pages: Sequence[Page]) -> list[Span]:
    spans, start = [], 0
    for page in pages:
        spans.append((start, start + len(page.text)))
        start += len(page.text) + len(PAGE_BREAK)
    return spans


def _page_of(page_spans: Sequence[Span], offset: int) -> int:
    return bisect_left(page_spans, offset, key=lambda span: span[1]) + 1


def _sections(content: SourceContent, text: str, page_spans: Sequence[Span]) -> list[_Section]:
    """Where each heading of the outline stands in the text, with the headings above it."""
    sections = [_Section(0, "")]
    trail: list[Heading] = []
    for heading in content.outline:
        trail = [above for above in trail if above.level < heading.level] + [heading]
        names = " > ".join(above.title for above in trail if above.title != content.title)
        start, end = page_spans[heading.page - 1]
        if start < (last := sections[-1].start) <= end:
            start = last  # on the same page it stands below the one before
        sections.append(_Section(_find_heading(text, heading.title, start, end), names))
    return sorted(sections, key=lambda section: section.start)  # an outline may go back


def _find_heading(text: str, title: str, start: int, end: int) -> int:
    """Where a heading stands; ``start`` where it does not. An outline has its own capitals."""
    found = text.find(title, start, end)
    if found >= 0:
        return found
    if _plain(title) not in _plain(text[start:end]):  # far faster than to compile a pattern
        return start
    pattern = r"\s+".join(re.escape(word) for word in title.split())
    match = re.compile(pattern, re.IGNORECASE).search(text, start, end)
    return match.start() if match else start


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _sentence_groups(
    text: str, page_spans: Sequence[Span], sections: Sequence[_Section]
) -> Iterator[tuple[_Section, list[Span]]]:
    """The sentences of each part of the text that is on one page and under one heading."""
    taken = 0
    starts = [section.start for section in sections]  # in order
    for number, (start, end) in enumerate(page_spans, 1):
        begin = max(start, taken)
        cuts = sorted(set(starts[bisect_right(starts, begin) : bisect_left(starts, end)]))
        for part_start, part_end in pairwise([begin, *cuts, end]):
            spans = sentence_spans(text[part_start:part_end])
            sentences = [(part_start + left, part_start + right) for left, right in spans]
            if part_end == end and sentences and number < len(page_spans):
                tail = _tail_on_next_page(text, sentences[-1], page_spans[number])
                sentences[-1] = (sentences[-1][0], tail)
            if sentences:
                yield sections[bisect_right(starts, part_start) - 1], sentences
                taken = max(taken, sentences[-1][1])


def _tail_on_next_page(text: str, last: Span, next_page: Span) -> int:
    """Where a page's last sentence ends: on the next page if it plainly runs on there."""
    start, end = next_page
    following = text[start:end]
    unfinished = re.search(r"[\w,;-]$", text[last[0] : last[1]]) is not None
    if unfinished and following.lstrip()[:1].islower():
        first = sentence_spans(following)[0]
        return start + first[1]
    return last[1]


@lru_cache(maxsize=200)
def _header(title: str, trail: str, counts: TokenCounts, allowed: int) -> str:
    """Title and trail; outer headings, then the title's end, go while it is too long."""
    headings = trail.split(" > ") if trail else []
    while True:
        header = " > ".join([title, *headings])
        if counts.count(header) <= allowed:
            return header
        if not headings:
            spans = counts.tokenizer.token_spans(header)
            return header[: spans[min(allowed, len(spans)) - 1][1]].rstrip()
        headings = headings[1:]
