"""A sentence that joins several facts -> its parts."""

from __future__ import annotations

import re

from app.terms import stems

BOUNDARY = re.compile(
    r";\s+|,\s+(?:and|but|or|while|whereas|although|which|who|whose|where)\s+"
    r"|\s+(?:and|but|while|whereas|although)\s+(?=(?:was|were|is|are|had|has|did|it|he|she|they)\b)"
)
FEWEST_STEMS = 2  # of a part; less is joined to what stands before it


def parts_of(sentence: str) -> list[str]:
    """The facts that a sentence joins, in its own words; the sentence itself where it is one."""
    parts: list[str] = []
    start = 0
    for boundary in BOUNDARY.finditer(sentence):
        if enough(sentence[start : boundary.start()]) and enough(sentence[boundary.end() :]):
            parts.append(sentence[start : boundary.start()])
            start = boundary.end()
    return [*parts, sentence[start:]]


def enough(part: str) -> bool:
    """Whether a part says something that could be looked for on its own."""
    return len(set(stems(part))) >= FEWEST_STEMS
