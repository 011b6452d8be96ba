"""The pages that cases name, in a library."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from pathlib import PurePosixPath

from app.terms import normalise, stems
from eval.cases.case import Evidence
from ingest.library import Library
from ingest.records import DocumentRecord

PAGES_KEPT = 4096


class EvidencePages:
    """Documents and pages of a library by the names that cases give them.

    A document is known by its name, its file's name, that without its ending, or its title.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._documents: dict[str, list[DocumentRecord]] = defaultdict(list)
        for record in library.documents():
            path = PurePosixPath(record.name)
            for name in {record.name, path.name, path.stem, record.title}:
                self._documents[name].append(record)
        self.text = lru_cache(maxsize=PAGES_KEPT)(self._text)

    def complaint(self, evidence: Evidence) -> str:
        """What is wrong with the place that evidence names; empty where nothing is."""
        named = self._documents.get(evidence.document, [])
        if not named:
            return f"The library has no document {evidence.document!r}."
        if len(named) > 1:
            names = ", ".join(record.name for record in named)
            return f"{evidence.document!r} could be any of: {names}."
        if self._library.page(named[0].id, evidence.page) is None:
            return f"{evidence.document!r} has {named[0].pages} pages and no page {evidence.page}."
        return ""

    def _text(self, evidence: Evidence) -> str:
        """The text of a page, and how its document is called; empty where there is none."""
        for record in self._documents.get(evidence.document, [])[:1]:
            if page := self._library.page(record.id, evidence.page):
                return f"{PurePosixPath(record.name).stem}\n{record.title}\n{page.text}"
        return ""


def stands_in(answer: str, texts: Sequence[str]) -> bool:
    """Whether an answer stands in a text, or all its words in the texts together.

    An answer that says nothing stands everywhere.
    """
    wanted = normalise(answer)
    if any(f" {wanted} " in f" {normalise(text)} " for text in texts):
        return True
    held = {stem for text in texts for stem in stems(text)}
    return set(stems(answer)) <= held
