"""The fixed phrase for "the passages do not hold the answer": prompts, code and tests share it."""

from __future__ import annotations

import re

REFUSAL = "The documents do not answer this question."


def is_refusal(answer: str) -> bool:
    """Whether an answer says nothing but the fixed phrase (marks, quotes and bold type aside)."""
    without_marks = re.sub(r"\[[\d\s,;]*\]", " ", answer)
    said = " ".join(without_marks.split()).strip("\"'“”‘’*_. ").casefold()
    return said == REFUSAL.casefold().removesuffix(".")
