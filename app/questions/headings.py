"""A heading that asks something, or is told as one asks it, -> the question itself."""

from __future__ import annotations

import re

SHORTEST, LONGEST = 4, 14  # words
ASKS = re.compile(
    r"^(what|who|whom|whose|when|where|which|why|how|is|are|was|were|do|does|did|can|could|should|"
    r"must|may|will|would|has|have)\b.*\w\?$",
    re.IGNORECASE,
)
POINTS = re.compile(r"\b(this|these|those|it|they|he|she|above|below|following)\b", re.IGNORECASE)
WHAT_IS = re.compile(r"^What ((?:an? |the )?[\w -]+) (is|are)$")
AUXILIARY = "are|were|can|could|do|did|should|must|may|will|have"
WHY_OR_HOW = re.compile(
    rf"^(Why|How) ((?:[a-z-]+ ){{0,3}}?[a-z-]+[^s\W]s) (?:({AUXILIARY}) )?([a-z-]+(?: [\w -]+)?)$"
)


def ask_by_heading(heading: str) -> str:
    """The question that a heading asks; empty where it asks none, or not clearly by itself."""
    question = _as_question(heading.strip())
    is_clear = SHORTEST <= len(question.split()) <= LONGEST and not POINTS.search(question)
    return question if is_clear else ""


def _as_question(heading: str) -> str:
    if ASKS.match(heading):
        return heading
    if found := WHAT_IS.match(heading):
        return f"What {found[2]} {found[1]}?"
    if found := WHY_OR_HOW.match(heading):
        asks, things, auxiliary, rest = found.groups()
        return f"{asks} {auxiliary or 'do'} {things} {rest}?"
    return ""
