"""Questions that take two documents to answer, from what was asked of each of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.grounding.quantities import quantities
from eval.cases.making.draft import Draft
from eval.cases.making.tables import Fact

TWO_DOCUMENTS = "two documents"
LONGEST = 12  # words of a question that is joined to another
FIRST_DAY = re.compile(r"[A-Z]|\d")  # in what a column is called, after its span
SEVERAL = re.compile(r"\b(and|or)\b")


@dataclass(frozen=True)
class PlacedFact:
    """A table's value, and the title and name of its document and the page from 1."""

    fact: Fact
    title: str
    document: str
    page: int


def compare_values(facts: Sequence[PlacedFact]) -> Iterator[Draft]:
    """Where a value is higher: for rows of the same name that say their scale in both documents."""
    by_label: dict[tuple[str, ...], list[PlacedFact]] = defaultdict(list)
    for placed in facts:
        if len(placed.fact.answers) > 1:
            fact = placed.fact
            span = FIRST_DAY.split(fact.column)[0]
            by_label[fact.label.casefold(), fact.group.casefold(), span].append(placed)
    for same in by_label.values():
        for one, other in zip(same[::2], same[1::2], strict=False):
            if one.document != other.document and (higher := _higher(one, other)):
                yield _comparison(one, other, higher)


def _comparison(one: PlacedFact, other: PlacedFact, higher: PlacedFact) -> Draft:
    label = one.fact.question.split(" ", 2)[2].removesuffix(f" {one.fact.column}?")
    verb = "are" if one.fact.is_several else "is"
    first, second = (f"“{placed.title}” {placed.fact.column}" for placed in (one, other))
    return Draft(
        kind=TWO_DOCUMENTS,
        question=f"Where {verb} {label} higher: in {first}, or in {second}?",
        answers=(higher.title,),
        places=((one.document, one.page), (other.document, other.page)),
        source=f"{one.fact.row} / {other.fact.row}",
    )


def _higher(one: PlacedFact, other: PlacedFact) -> PlacedFact | None:
    """The one with the higher value; None where both are the same or one is below zero."""
    first, second = (quantities(placed.fact.answers[1]) for placed in (one, other))
    is_negative = "-" in one.fact.answers[1] + other.fact.answers[1]
    if is_negative or not first or not second or first[0].value == second[0].value:
        return None
    return one if first[0].value > second[0].value else other


def join_questions(drafts: Sequence[Draft], names_one: Callable[[Draft], bool]) -> Iterator[Draft]:
    """Two questions of one kind as one, about names that only one document has each."""
    by_kind: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        is_short = len(draft.question.split()) <= LONGEST and not SEVERAL.search(draft.question)
        if is_short and draft.about:
            by_kind[draft.kind].append(draft)
    for same in by_kind.values():
        for one, other in zip(same[::2], same[1::2], strict=False):
            if one.places[0][0] != other.places[0][0] and names_one(one) and names_one(other):
                second = other.question[0].lower() + other.question[1:]
                yield Draft(
                    kind=TWO_DOCUMENTS,
                    question=f"{one.question.removesuffix('?')}, and {second}",
                    answers=(f"{one.answers[0]}; {other.answers[0]}",),
                    places=(*one.places, *other.places),
                    source=f"{one.source} / {other.source}",
                )
