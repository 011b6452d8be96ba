"""How well a claim is proved by the text that it cites.

A first, lexical measure: the share of the claim's content words that the evidence has, and no
number that the evidence lacks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.events import Verdict
from app.terms import WORD, numbers, stems

SMALL_TALK = re.compile(
    r"\W*((hello|hi|sure|certainly|of course|thanks|thank you|you are welcome)\b[^\w]*$"
    r"|(here (is|are)|let me)\b[^\d.]*:\s*$|(i hope|feel free)\b[^\d]*$)",
    re.IGNORECASE,
)
MOST_NAMED = 5  # words that a reason lists
ENOUGH = 0.6  # of the claim's content words; below it a claim counts as not proved


@dataclass(frozen=True)
class Support:
    """Support 0 to 1 (None: cannot be checked), the verdict and, unless supported, the reason."""

    value: float | None
    verdict: Verdict
    reason: str = ""


def check_claim(claim: str, evidence: str) -> Support:
    """Check one sentence, without its marks, against the text that it cites ("" for none)."""
    wanted = set(stems(claim))
    if not wanted:
        return Support(None, "not checkable", "it states nothing that could be checked")
    if claim.rstrip().endswith("?"):
        return Support(None, "not checkable", "it is a question")
    if SMALL_TALK.match(claim):
        return Support(None, "not checkable", "it is a greeting or an introduction")
    if not evidence:
        return Support(0.0, "unsupported", "it cites no passage")
    held = set(stems(evidence))
    share = len(wanted & held) / len(wanted)
    missing_numbers = sorted(numbers(claim) - numbers(evidence))
    if missing_numbers:
        return Support(min(share, 0.5), "unsupported", _lacks(missing_numbers))
    if share < ENOUGH:
        words = dict.fromkeys(WORD.findall(claim))
        missing = [word for word in words if stems(word) and not held & set(stems(word))]
        return Support(share, "unsupported", _lacks(missing[:MOST_NAMED]))
    return Support(share, "supported")


def _lacks(missing: list[str]) -> str:
    return f"the cited passage lacks: {', '.join(missing)}"
