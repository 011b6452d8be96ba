"""Questions that are asked twice, in the same words or nearly so."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass

from app.terms import numbers, stems

NEARLY = 0.8  # of the stems that two questions have in all
FEWEST = 3  # terms of a question; one of fewer is only like one in the same words
ASKING = frozenset("who what which when where why how".split())
CAPITALISED = re.compile(r"(?<!^)\b[A-Z]\w*")  # not the question's first word


@dataclass(frozen=True)
class Earlier:
    """The place, from 0, of a question that was asked before, and whether in the same words."""

    place: int
    is_same: bool


class AskedQuestions:
    """Questions in the order in which they were asked.

    Two sets of words can only be alike if they share one of the first few of each in some fixed
    order, so that few pairs are compared (Chaudhuri et al., "A primitive operator for similarity
    joins", 2006). Long words stand first, since they are rare.
    """

    def __init__(self) -> None:
        self._questions: list[str] = []
        self._terms: list[frozenset[str]] = []
        self._places: dict[str, int] = {}
        self._with_term: dict[str, list[int]] = defaultdict(list)

    def ask(self, question: str) -> Earlier | None:
        """Take a question in; the earlier one that it is like, in numbers and names too."""
        words = re.findall(r"\w+", question.casefold())
        terms = frozenset(stems(question)) | ASKING.intersection(words)
        ordered = sorted(terms, key=lambda term: (-len(term), term))
        first = ordered[: len(ordered) - math.ceil(NEARLY * len(ordered)) + 1]
        near = sorted({place for term in first for place in self._with_term[term]})
        place = len(self._questions)
        self._questions.append(question)
        self._terms.append(terms)
        same = self._places.setdefault(" ".join(words), place)
        for term in first:
            self._with_term[term].append(place)
        if same != place:
            return Earlier(same, is_same=True)
        alike = (one for one in near if self._are_alike(place, one))
        found = next(alike, None) if len(terms) >= FEWEST else None
        return None if found is None else Earlier(found, is_same=False)

    def _are_alike(self, one: int, other: int) -> bool:
        shared = len(self._terms[one] & self._terms[other])
        first, second = self._questions[one], self._questions[other]
        return (
            shared >= NEARLY * len(self._terms[one] | self._terms[other])
            and set(CAPITALISED.findall(first)) == set(CAPITALISED.findall(second))
            and numbers(first) == numbers(second)
        )
