"""Headings and paragraphs -> pages, for the kinds of files that have none of their own.

A page is about as much as a printed one, so that a citation leads close to its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import dropwhile
from pathlib import PurePath

from ingest.readers.content import HIDDEN, Heading, LeftOut, Page
from ingest.readers.pdf_title import document_title

PAGE_LENGTH = 3000  # characters
LEAST_LENGTH = PAGE_LENGTH // 2  # a heading begins a new page after so many
LONGEST_HEADING = 200
BREAK = "\n\n"
SENTENCE_END = re.compile(r"[.!?。！？][\"'”’)\]]*\s")
SPACE = re.compile(r"\s")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Block:
    """A paragraph, a row of a table, or, with a ``level`` (0 is the top), a heading."""

    text: str
    level: int | None = None


@dataclass
class Pages:
    """Pages as they come together, with the headings that stand on them."""

    pages: list[Page] = field(default_factory=list)
    outline: list[Heading] = field(default_factory=list)

    def add(self, blocks: Iterable[Block], *, label: str, hidden: Sequence[str] = ()) -> None:
        """Cut blocks into pages; ``label`` says what they are part of, ``hidden`` was left out.

        Without a label the pages are counted as sections of the whole file.
        """
        left_out = tuple(LeftOut(HIDDEN, text) for text in hidden)
        parts = list(_page_long(blocks)) or [[]]
        for part, block_list in enumerate(parts, 1):
            number = len(self.pages) + 1
            text = BREAK.join(block.text for block in block_list)
            self.pages.append(
                Page(
                    number,
                    _part_label(label, part, number),
                    text,
                    "text layer" if text else "none",
                    left_out if part == 1 else (),
                )
            )
            self.outline += [
                Heading(block.level, " ".join(block.text.split())[:LONGEST_HEADING], number)
                for block in block_list
                if block.level is not None
            ]


def _part_label(label: str, part: int, number: int) -> str:
    if not label:
        return f"§ {number}"
    return label if part == 1 else f"{label} § {part}"


def title_of(stated: str, outline: Sequence[Heading], name: str) -> str:
    """The title that a file states, else its first top heading, else its name."""
    headings = (heading.title for heading in dropwhile(lambda h: h.level > 0, outline))
    return document_title(stated, "") or next(headings, "") or PurePath(name).stem


def printable(text: str) -> str:
    """A text without control characters and lone surrogates; line ends are ``\\n``."""
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))


def _page_long(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Blocks in lists of about PAGE_LENGTH characters; a long one is cut between sentences."""
    page: list[Block] = []
    length = 0
    for block in _cut_long(blocks):
        full = length + len(block.text) > PAGE_LENGTH
        if page and (full or (block.level is not None and length >= LEAST_LENGTH)):
            begun = _last_headings(page)  # a heading goes with what follows it
            yield page[: len(page) - len(begun)]
            page, length = begun, sum(len(heading.text) for heading in begun)
        page.append(block)
        length += len(block.text)
    if page:
        yield page


def _last_headings(page: list[Block]) -> list[Block]:
    count = 0
    while count < len(page) - 1 and page[-1 - count].level is not None:
        count += 1
    return page[len(page) - count :]


def _cut_long(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        text = block.text.strip()
        start = 0
        while len(text) - start > PAGE_LENGTH:
            cut = start + _best_cut(text[start : start + PAGE_LENGTH])
            yield Block(text[start:cut].rstrip(), block.level)
            while text[cut].isspace():
                cut += 1
            start = cut
        if text:
            yield Block(text[start:], block.level)


def _best_cut(text: str) -> int:
    """Where to cut a text: after a sentence, else at white space, else at its end."""
    for pattern in (SENTENCE_END, SPACE):
        ends = [match.end() for match in pattern.finditer(text, len(text) // 2)]
        if ends:
            return ends[-1]
    return len(text)
