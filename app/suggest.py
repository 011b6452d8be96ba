"""Questions that a library answers, made of its own headings and sentences by rules.

Each is put to the built-in answerer, and kept only where it answers from the very page that the
question was made of, and proves all that it says. They are kept in the catalog until the library
changes.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from typing import TypeVar

from langchain_core.runnables import Runnable

from app.chain import build_chain
from app.events import Answer, Ask, Done, Event
from app.models.extractive import ExtractiveModel
from app.questions.headings import ask_by_heading
from app.questions.statements import PEOPLE, ask_about
from app.settings import AnswerSettings
from app.terms import normalise
from ingest.library import Library
from ingest.records import DocumentRecord
from ingest.sentences import split_sentences

WANTED = 6
MOST_ASKED = 36  # of the answerer, each a few tenths of a second
DOCUMENTS, PAGES = 12, 12  # that are looked at, evenly spread: of a library, and of each document
OF_A_DOCUMENT = 5  # questions of one document that are tried
HEADING = "heading"
KINDS = (HEADING, "definition", "reason", "time", "agent", "abbreviation", "place")
LONGEST = 14  # words of a question
WHO_IS = re.compile(r"Who (?:is|are|was|were)\b")
TWICE = re.compile(r"\b([\w-]+) \1\b", re.IGNORECASE)  # a heading that runs into its sentence
# What a question cannot speak of alone: whose company, whose decision?
NOT_ALONE = re.compile(
    r"\b(?:its|their|his|her)\b|\bthe (?:company|registrant|issuer|group|agency|department|board|"
    r"committee|author|report|document|section|table|figure|decision|new|initial)\b",
    re.IGNORECASE,
)

Item = TypeVar("Item")


@dataclass(frozen=True)
class Candidate:
    """A question with the pages, from 1, that it was made of; ``answer`` is empty for a heading."""

    kind: str
    question: str
    document: str
    pages: frozenset[int]
    answer: str = ""


def kept_suggestions(library: Library) -> tuple[str, ...] | None:
    """The questions for the library as it is; None where none were made since it changed."""
    kept = library.catalog.suggestions()
    return tuple(json.loads(kept)) if kept is not None else None


def make_suggestions(library: Library, *, wait: Callable[[], None] = lambda: None) -> None:
    """Make questions for the library and keep them, unless it changes meanwhile.

    ``wait`` is called before each question is tried, and returns when there is time for it.
    """
    generation = library.catalog.generation()
    answerer = build_chain(library, ExtractiveModel(library), AnswerSettings())
    good: list[str] = []
    for candidate in islice(_candidates(library), MOST_ASKED):
        wait()
        if library.catalog.generation() != generation:
            return
        if candidate.question not in good and is_answered(candidate, answerer):
            good.append(candidate.question)
        if len(good) == WANTED:
            break
    library.catalog.keep_suggestions(json.dumps(good, ensure_ascii=False), generation)


def is_answered(candidate: Candidate, answerer: Runnable[Ask, Event]) -> bool:
    """Whether the answer comes first from a page of the question and everything in it is proved."""
    done = answerer.invoke(Ask(candidate.question))
    if not isinstance(done, Done) or done.answer.refused or not _is_proved(done.answer):
        return False
    first = done.answer.claims[0].citations[0]
    said = f" {normalise(done.answer.text)} "
    return (
        first.document_id == candidate.document
        and first.page in candidate.pages
        and f" {normalise(candidate.answer)} ".replace("  ", " ") in said
    )


def _is_proved(answer: Answer) -> bool:
    return bool(answer.claims) and all(
        claim.verdict == "supported" and claim.citations for claim in answer.claims
    )


def _candidates(library: Library) -> Iterator[Candidate]:
    """Questions of all documents in turn, those of one document of all kinds in turn."""
    documents = _spread(library.documents(), DOCUMENTS)
    of_each = (islice(of_document(library, one), OF_A_DOCUMENT) for one in documents)
    return (one for turn in zip_longest(*of_each) for one in turn if one is not None)


def of_document(library: Library, document: DocumentRecord) -> Iterator[Candidate]:
    """The questions of one document that read like one that a person would ask."""
    kinds: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in chain(_of_headings(library, document), _of_sentences(library, document)):
        if reads_like_a_person(candidate.question, candidate.answer):
            kinds[candidate.kind].append(candidate)
    turns = zip_longest(*(kinds[kind] for kind in KINDS))
    return (one for turn in turns for one in turn if one is not None)


def reads_like_a_person(question: str, answer: str = "") -> bool:
    """Whether a question is short, clear by itself and has no trace of how it was made."""
    if len(question.split()) > LONGEST or TWICE.search(question) or NOT_ALONE.search(question):
        return False
    return not WHO_IS.match(question) or PEOPLE.search(answer) is not None


def _of_headings(library: Library, document: DocumentRecord) -> Iterator[Candidate]:
    pages: dict[str, set[int]] = defaultdict(set)
    for page, trail in library.catalog.trails(document.id):
        for heading in trail.split(" > "):
            if question := ask_by_heading(heading):
                pages[question].add(page)
    for question, on in pages.items():
        yield Candidate(HEADING, question, document.id, frozenset(on))


def _of_sentences(library: Library, document: DocumentRecord) -> Iterator[Candidate]:
    numbers = _spread(range(1, document.pages + 1), PAGES)
    pages = [page for number in numbers if (page := library.page(document.id, number))]
    text = "\n".join(page.text for page in pages)  # tells what is written small elsewhere
    for page in pages:
        for sentence in split_sentences(page.text):
            for asked in ask_about(sentence, text, kinds=KINDS):
                yield Candidate(
                    asked.kind, asked.question, document.id, frozenset((page.number,)), asked.answer
                )


def _spread(items: Sequence[Item], most: int) -> list[Item]:
    """At most so many of the items, evenly spread."""
    step = max(1.0, len(items) / most)
    return [items[int(number * step)] for number in range(min(most, len(items)))]
