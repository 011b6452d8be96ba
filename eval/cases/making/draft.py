"""A question on its way to a case."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.terms import stems
from eval.metrics.answer import normalise

SHORTEST, LONGEST = 4, 32  # words of a question
LONGEST_ANSWER = 30  # words
UNCLEAR = re.compile(
    r"\b(he|she|it|they|him|her|them|we|us|our|ours|my|i|you|your|this|these|those|former|latter|"
    r"above|below|following|aforementioned)\b|[\[\]•|]|\.\.|\s,|,,",
    re.IGNORECASE,
)


CUT = re.compile(r"(?<![A-Z] )\b[A-Z]$")  # in the middle of "U.S."
ENDINGS = frozenset("by in on for with from at to of".split())  # a question may have them
UNFINISHED = frozenset("a an the and or such as that which than but".split()) | ENDINGS


@dataclass(frozen=True)
class Draft:
    """A question with its answers, and where they stand.

    ``places`` are names of documents and pages from 1. ``about`` is the proper name that the
    question is about, as it stands in it, empty where there is none; ``is_general`` says that the
    question could be asked of any document, so that it has to name its own. ``source`` is the text
    that it was made from, ``made`` what else is to be told of how.
    """

    kind: str
    question: str
    answers: tuple[str, ...]
    places: tuple[tuple[str, int], ...]
    source: str
    about: str = ""
    is_general: bool = False
    made: tuple[tuple[str, str], ...] = ()


def in_document(question: str, title: str) -> str:
    """A question that names the document that it is asked of."""
    return f"According to “{title}”, {question[0].lower()}{question[1:]}"


def reads_well(question: str, answer: str) -> bool:
    """Whether a question stands alone, says enough and does not hold its answer."""
    words = question.split()
    if not SHORTEST <= len(words) <= LONGEST or UNCLEAR.search(question):
        return False
    if (
        CUT.search(answer)
        or not stems(answer)
        or len(answer.split()) > LONGEST_ANSWER
        or UNCLEAR.search(answer)
    ):
        return False
    if answer.split()[-1].casefold() in UNFINISHED or words[-1].rstrip("?") in UNFINISHED - ENDINGS:
        return False
    return f" {normalise(answer)} " not in f" {normalise(question)} "
