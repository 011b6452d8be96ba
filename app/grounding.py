"""How well a claim is proved by the text that it cites.

A first, lexical measure: the share of the claim's content words that the evidence has, and no
number that the evidence lacks.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.events import Verdict
from app.terms import numbers, stems

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
    if not evidence:
        return Support(0.0, "unsupported", "it cites no passage")
    share = len(wanted & set(stems(evidence))) / len(wanted)
    missing_numbers = sorted(numbers(claim) - numbers(evidence))
    if missing_numbers:
        named = ", ".join(missing_numbers)
        return Support(min(share, 0.5), "unsupported", f"not in the cited passage: {named}")
    if share < ENOUGH:
        missing = ", ".join(sorted(wanted - set(stems(evidence)))[:5])
        return Support(share, "unsupported", f"too little of it is in the cited passage, as in: {missing}")
    return Support(share, "supported")
