"""The headings of a document -> questions for what stands under them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from eval.cases.making.draft import Draft
from ingest.records import DocumentRecord

HEADING = "heading"
LONGEST = 60  # characters of a heading; a longer one is a table's header
MOST_PAGES = 3  # of a section; of a longer one any page would do
READABLE = re.compile(r"[A-Z][A-Za-z][\w ,’'&()/–-]*")
CAPITALISED = re.compile(r"\b[A-Z]\w*")
MOST_CAPITALISED = 5  # words; a heading of more is a table's header
NO_HEADING = re.compile(r"\d{3}|\b(?:and|of|the|under|in|for|to|by)$")
TELLS_NOTHING = re.compile(
    r"^(table of contents|references|external links|see also|notes|contents|index|bibliography|"
    r"sources|further reading|part [ivx\d]+|item \d+\w?|page \d+|signatures?|exhibits?)\b",
    re.IGNORECASE,
)


def ask_for_sections(
    document: DocumentRecord, trails: Sequence[tuple[int, str]]
) -> Iterator[Draft]:
    """A question for each heading; ``trails`` are pages, from 1, and the headings above them."""
    pages: dict[str, set[int]] = {}
    for page, trail in trails:
        pages.setdefault(trail.rpartition(" > ")[2].strip(), set()).add(page)
    for heading, on in pages.items():
        if (
            len(heading) > LONGEST
            or len(on) > MOST_PAGES
            or not READABLE.fullmatch(heading)
            or TELLS_NOTHING.match(heading)
            or NO_HEADING.search(heading)
            or len(CAPITALISED.findall(heading)) > MOST_CAPITALISED
            or heading.casefold() == document.title.casefold()
        ):
            continue
        yield Draft(
            kind=HEADING,
            question=f"What does “{document.title}” say under the heading “{heading}”?",
            answers=(),
            places=tuple((document.name, page) for page in sorted(on)),
            source=heading,
        )
