"""Pages -> drafts of questions about their sentences and tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest

from app.questions.statements import ask_about
from app.terms import normalise
from eval.cases.making.draft import Draft
from eval.cases.making.sources import Sources
from eval.cases.making.tables import table_facts
from eval.cases.making.two_documents import PlacedFact
from ingest.readers.content import Page
from ingest.records import DocumentRecord
from ingest.sentences import split_sentences

TABLE = "table"
SPARE = 3  # drafts for each case that is asked for, since some will not do
PAGES = 20  # that are looked at at most for each case that is asked for
FACTS_OF_A_PAGE = 3
KINDS = 4  # of statements that there should be at least
OF_A_KIND = 2  # statements of one kind that a page gives


@dataclass
class Drafts:
    """What pages gave: statements by their kind, and values of tables."""

    statements: dict[str, list[Draft]] = field(default_factory=lambda: defaultdict(list))
    facts: list[PlacedFact] = field(default_factory=list)

    def in_turn(self) -> list[Draft]:
        """The statements, one of each kind in turn."""
        turns = zip_longest(*self.statements.values())
        return [draft for turn in turns for draft in turn if draft is not None]

    def is_enough(self, wanted: int) -> bool:
        """Whether there are so many of both; of one kind only a share counts."""
        most = wanted // KINDS
        statements = sum(min(most, len(some)) for some in self.statements.values())
        return min(statements, len(self.facts)) >= wanted


def collect_drafts(sources: Sources, count: int, seed: int) -> Drafts:
    """Drafts for so many cases, from pages in the order that the seed decides."""
    drafts = Drafts()
    for number, (document, page) in enumerate(sources.pages(seed)):
        if number >= PAGES * count or drafts.is_enough(SPARE * count):
            break
        of_page: dict[str, list[Draft]] = defaultdict(list)
        for draft in _statements(document, page):
            of_page[draft.kind].append(draft)
        for kind, found in of_page.items():
            drafts.statements[kind] += found[:OF_A_KIND]
        drafts.facts += _some_facts(document, page, number)
    return drafts


def _statements(document: DocumentRecord, page: Page) -> Iterator[Draft]:
    """A draft for each question that a sentence answers; the answer stands on the page as it is."""
    plain = f" {normalise(page.text)} "
    for sentence in split_sentences(page.text):
        for asked in ask_about(sentence, page.text):
            if f" {normalise(asked.answer)} " in plain:
                yield Draft(
                    kind=asked.kind,
                    question=asked.question,
                    answers=(asked.answer,),
                    places=((document.name, page.number),),
                    source=sentence,
                    about=asked.about,
                    is_general=not asked.about,
                )


def _some_facts(document: DocumentRecord, page: Page, number: int) -> Iterator[PlacedFact]:
    """A few values of a page's tables, at equal distances, not always from the first row."""
    facts = list(table_facts(page.text))
    step = max(1, len(facts) // FACTS_OF_A_PAGE)
    for fact in facts[number % step :: step][:FACTS_OF_A_PAGE]:
        yield PlacedFact(fact, document.title, document.name, page.number)


def table_draft(placed: PlacedFact) -> Draft:
    """The question for a value of a table."""
    return Draft(
        kind=TABLE,
        question=placed.fact.question,
        answers=placed.fact.answers,
        places=((placed.document, placed.page),),
        source=placed.fact.row,
        is_general=True,
    )
