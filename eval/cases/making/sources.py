"""The pages of a library that cases are made of, in an order that a seed decides."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePosixPath

import numpy

from app.terms import normalise, stems
from eval.cases.making.draft import Draft, in_document
from eval.cases.making.tables import table_facts
from ingest.library import Library
from ingest.readers.content import Page
from ingest.records import DocumentRecord

LOOKED_AT = 50  # passages that hold a phrase
DOCUMENTS_KEPT = 8


class Sources:
    """Documents under names that tell them apart, their pages, and where else words stand."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.documents = library.documents()
        often = Counter(document.title.casefold() for document in self.documents)
        self.documents = [
            record
            if record.title and often[record.title.casefold()] == 1
            else replace(record, title=PurePosixPath(record.name).stem)
            for record in self.documents
        ]
        self._titles = {record.name: record.title for record in self.documents}
        self._ids = {record.name: record.id for record in self.documents}
        self._pages_of = lru_cache(maxsize=DOCUMENTS_KEPT)(self._read_pages)
        self.values_of = lru_cache(maxsize=DOCUMENTS_KEPT)(self._read_values)

    def pages(self, seed: int) -> Iterator[tuple[DocumentRecord, Page]]:
        """Every page, a page of each document in turn."""
        chance = numpy.random.default_rng(seed)
        orders = [
            (self.documents[at], chance.permutation(self.documents[at].pages) + 1)
            for at in chance.permutation(len(self.documents))
        ]
        for turn in range(max((len(numbers) for _, numbers in orders), default=0)):
            for document, numbers in orders:
                if turn < len(numbers):
                    page = self.library.page(document.id, int(numbers[turn]))
                    if page is not None:
                        yield document, page

    def _read_pages(self, name: str) -> list[tuple[Page, str]]:
        """All pages of the document of this name, and their text as answers are compared with."""
        pages = self.library.catalog.pages(self._ids[name])
        return [(page, f" {normalise(page.text)} ") for page in pages]

    def _read_values(self, name: str) -> dict[str, set[str]]:
        """What the tables of the document of this name tell for each question about a value."""
        values: dict[str, set[str]] = defaultdict(set)
        for page, _ in self._pages_of(name):
            for fact in table_facts(page.text):
                values[fact.question].add(fact.answers[0])
        return values

    def holds(self, words: str) -> bool:
        """Whether a passage has all these words."""
        asked = " AND ".join(f'"{word}"' for word in re.findall(r"\w+", words))
        return bool(asked) and bool(self._match(asked))

    def placed(self, draft: Draft) -> Draft:
        """A draft that names its document where it must, with every page that answers it."""
        name, page = draft.places[0]
        if len(draft.places) == 1 and draft.answers:
            draft = replace(draft, places=tuple(self._pages_that_answer(draft, name, page)))
        if draft.is_general or not self.names_document(draft):
            return replace(draft, question=in_document(draft.question, self._titles[name]))
        return draft

    def _pages_that_answer(self, draft: Draft, name: str, page: int) -> Iterator[tuple[str, int]]:
        """The draft's page, and those of its document that have the answer and what is asked."""
        asked = set(stems(draft.question))
        answer = f" {normalise(draft.answers[0])} "
        for other, plain in self._pages_of(name):
            if other.number == page:
                yield name, page
            elif answer in plain and asked <= set(stems(other.text)):
                yield name, other.number

    def names_document(self, draft: Draft) -> bool:
        """Whether only its own document has the name that a draft is about."""
        words = " ".join(re.findall(r"\w+", draft.about))
        return not words or not self._match(f'"{words}"') - {draft.places[0][0]}

    def _match(self, expression: str) -> set[str]:
        """The names of documents with passages that match."""
        found = self.library.catalog.match(expression, "", top=LOOKED_AT, documents=None)
        chunks = self.library.catalog.chunks([id for id, _ in found])
        return {chunk.document for chunk in chunks.values()}
