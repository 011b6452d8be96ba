"""Whether a question that was made by rules can be asked as it stands."""

from __future__ import annotations

import re

from app.terms import normalise, stems

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
