"""The handbook on language models and on this program: chapters of Markdown, read by the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent
FENCE = "```"
LINK = re.compile(r"\]\(([\w-]+)\.md\)")


@dataclass(frozen=True)
class Section:
    """A part of a chapter, as Markdown; ``key`` is its title as it stands in an address."""

    key: str
    title: str
    text: str


@dataclass(frozen=True)
class Chapter:
    """A file of the handbook; ``key`` is the file's name without its ending."""

    key: str
    title: str
    sections: tuple[Section, ...]


@lru_cache(maxsize=1)
def chapters() -> tuple[Chapter, ...]:
    """The chapters in their order."""
    return tuple(
        read_chapter(path.stem, path.read_text(encoding="utf-8"))
        for path in sorted(FOLDER.glob("*.md"))
    )


def read_chapter(key: str, text: str) -> Chapter:
    """A chapter from its Markdown; what stands before its first part goes with that part."""
    title, *parts = _split(text)
    name, _, opening = title.partition("\n")
    sections = []
    for number, part in enumerate(parts):
        heading, _, body = part.partition("\n")
        said = f"{opening.strip()}\n\n{body.strip()}" if number == 0 else body.strip()
        sections.append(Section(address_key(heading), heading.strip(), said.strip()))
    return Chapter(key, name.removeprefix("#").strip(), tuple(sections))


def address_key(title: str) -> str:
    """A title in small letters, with dashes for all that is no letter."""
    return re.sub(r"\W+", "-", title.lower()).strip("-")


def with_links(text: str, address: str) -> str:
    """A text whose links to other chapters lead to ``address`` with the chapter in it."""
    return LINK.sub(rf"]({address}?chapter=\1)", text)


def _split(text: str) -> Iterator[str]:
    """The text in parts at its headings of the second degree, which code may look like."""
    part: list[str] = []
    in_code = False
    for line in text.splitlines():
        in_code ^= line.startswith(FENCE)
        if line.startswith("## ") and not in_code:
            yield "\n".join(part)
            part, line = [], line.removeprefix("## ")
        part.append(line)
    yield "\n".join(part)
