"""Pages -> chunks that the embedder can read whole.

A chunk is embedded together with its header (document title and heading trail), so the header's
tokens are counted in. A chunk begins and ends at sentence boundaries, stays under one heading and
on one page; a sentence that runs over the page's end is finished in the chunk where it began.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from ingest.errors import EmbedderError
from ingest.readers.content import Heading, Page, SourceContent
from ingest.sentences import Span, sentence_spans

HEADER_SHARE = 0.25  # of the token limit, at most; a longer header loses its outer headings
LEAST_ROOM = 8  # tokens for text in a chunk
PAGE_BREAK = "\f"


class TokenOffsets(Protocol):
    """What the chunker needs of a tokenizer."""

    max_tokens: int

    def token_spans(self, text: str) -> list[Span]:
        """The character span of each token of ``text``, special tokens left out."""

    def count_tokens(self, text: str) -> int:
        """Tokens of ``text`` as it is embedded, special tokens and prompt counted in."""


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


def cut_chunks(
    content: SourceContent, *, document_id: str, tokenizer: TokenOffsets, target_tokens: int
) -> list[Chunk]:
    """Cut a document into chunks of about ``target_tokens``, none over the tokenizer's limit.

    Every character that the tokenizer reads is in exactly one chunk.
    """
    text = PAGE_BREAK.join(page.text for page in content.pages)
    page_spans = _page_spans(content.pages)
    sections = _sections(content, text, page_spans)
    chunks: list[Chunk] = []
    for section, sentences in _sentence_groups(text, page_spans, sections):
        limit = min(tokenizer.max_tokens, target_tokens)
        header = _header(content.title, section.trail, tokenizer, int(limit * HEADER_SHARE))
        for start, end in _pack_within_limit(text, sentences, header, tokenizer, limit):
            pages = _page_of(page_spans, start), _page_of(page_spans, end - 1)
            chunks.append(
                _chunk(text, (start, end), pages, section.trail, header, document_id,
                       ordinal=len(chunks), tokenizer=tokenizer)
            )  # fmt: skip
    return chunks


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
        pattern = r"\s+".join(re.escape(word) for word in heading.title.split())
        match = re.compile(pattern, re.IGNORECASE).search(text, max(start, sections[-1].start), end)
        sections.append(_Section(match.start() if match else max(start, sections[-1].start), names))
    return sections


def _sentence_groups(
    text: str, page_spans: Sequence[Span], sections: Sequence[_Section]
) -> Iterator[tuple[_Section, list[Span]]]:
    """The sentences of each part of the text that is on one page and under one heading."""
    taken = 0
    for number, (start, end) in enumerate(page_spans, 1):
        begin = max(start, taken)
        cuts = sorted({section.start for section in sections if begin < section.start < end})
        for part_start, part_end in pairwise([begin, *cuts, end]):
            spans = sentence_spans(text[part_start:part_end])
            sentences = [(part_start + left, part_start + right) for left, right in spans]
            if part_end == end and sentences and number < len(page_spans):
                tail = _tail_on_next_page(text, sentences[-1], page_spans[number])
                sentences[-1] = (sentences[-1][0], tail)
            if sentences:
                section = [item for item in sections if item.start <= part_start][-1]
                yield section, sentences
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


def _header(title: str, trail: str, tokenizer: TokenOffsets, allowed: int) -> str:
    """Title and trail; outer headings, then the title's end, go while it is too long."""
    headings = trail.split(" > ") if trail else []
    while True:
        header = " > ".join([title, *headings])
        spans = tokenizer.token_spans(header)
        if len(spans) <= allowed:
            return header
        if not headings:
            return header[: spans[allowed - 1][1]].rstrip()
        headings = headings[1:]


def _pack_within_limit(
    text: str, sentences: Sequence[Span], header: str, tokenizer: TokenOffsets, limit: int
) -> list[Span]:
    """Pack, and pack again a little tighter where the parts' tokens do not add up exactly.

    They do for WordPiece; other tokenizers may join or split at the seams.
    """
    while True:
        spans = _pack(text, sentences, header, tokenizer, limit)
        bodies = [text[start:end].replace(PAGE_BREAK, "\n") for start, end in spans]
        most = max((tokenizer.count_tokens(f"{header}\n{body}") for body in bodies), default=0)
        if most <= tokenizer.max_tokens:
            return spans
        limit -= most - tokenizer.max_tokens


def _pack(
    text: str, sentences: Sequence[Span], header: str, tokenizer: TokenOffsets, limit: int
) -> list[Span]:
    """Fill chunks with whole sentences; a sentence over the limit is cut where it hurts least."""
    room = limit - tokenizer.count_tokens(f"{header}\n")
    if room < LEAST_ROOM:
        raise EmbedderError(
            f"The embedder's limit of {limit} tokens leaves {room} for text beside its prompt and "
            "the document's title; raise chunk_tokens in settings or choose another embedder."
        )
    pieces: list[tuple[Span, int]] = []
    for span in sentences:
        pieces.extend(_cut_long(text, span, tokenizer, room))
    total = sum(count for _, count in pieces)
    even = total / max(1, -(-total // room))  # so that the last chunk is not a scrap
    packed: list[Span] = []
    used = 0
    for (start, end), count in pieces:
        if packed and used + count <= room and used + count / 2 <= even:
            packed[-1] = (packed[-1][0], end)
            used += count
        else:
            packed.append((start, end))
            used = count
    return packed


def _cut_long(
    text: str, span: Span, tokenizer: TokenOffsets, room: int
) -> Iterator[tuple[Span, int]]:
    """Yield the span, or the parts of it that fit, with their token counts."""
    start, end = span
    tokens = tokenizer.token_spans(text[start:end])
    while len(tokens) > room:
        cut = start + _best_cut(text[start : start + tokens[room][0]])
        count = sum(right <= cut - start for _, right in tokens[:room])
        stripped_end = start + len(text[start:cut].rstrip())
        yield (start, stripped_end), count
        start = cut + len(text[cut:end]) - len(text[cut:end].lstrip())
        tokens = tokenizer.token_spans(text[start:end])
    if tokens:
        yield (start, end), len(tokens)


def _best_cut(part: str) -> int:
    """Where to cut a text that is too long: a line end, else a clause's, else a word's end."""
    least = len(part) // 2
    for pattern in (r"\n", r"[;,:] ", r"\s"):
        ends = [match.end() for match in re.finditer(pattern, part) if match.end() > least]
        if ends:
            return ends[-1]
    return len(part)


def _chunk(
    text: str, span: Span, pages: tuple[int, int], trail: str, header: str, document_id: str, *,
    ordinal: int, tokenizer: TokenOffsets,
) -> Chunk:  # fmt: skip
    raw = text[span[0] : span[1]]
    body = raw.replace(PAGE_BREAK, "\n")
    content = f"{document_id}\0{ordinal}\0{header}\0{body}"
    return Chunk(
        id=hashlib.sha256(content.encode()).hexdigest()[:32],
        ordinal=ordinal,
        first_page=pages[0],
        last_page=pages[1],
        page_break=raw.rindex(PAGE_BREAK) if PAGE_BREAK in raw else len(raw),
        start=span[0],
        end=span[1],
        trail=trail,
        text=body,
        header=header,
        tokens=tokenizer.count_tokens(f"{header}\n{body}"),
    )
