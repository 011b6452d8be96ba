"""A claim and the text that it cites -> support, a verdict and, where it is not proved, the reason.

Trees over what both have in common give the support; the reason names what a reader would look for
on the page and not find.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.events import Verdict
from app.grounding.features import Comparison, compare
from app.grounding.quotations import find_quotation, quotations
from app.grounding.trees import shipped_trees
from app.terms import WORD, stems

SMALL_TALK = re.compile(
    r"\W*((hello|hi|sure|certainly|of course|thanks|thank you|you are welcome)\b[^\w]*$"
    r"|(here (is|are)|let me)\b[^\d.]*:\s*$|(i hope|feel free)\b[^\d]*$)",
    re.IGNORECASE,
)
MOST_NAMED = 5  # words that a reason lists
ENOUGH = 0.5  # support from which a claim counts as proved
# Shares of a claim's words that a sentence must have for it to be about the same, so that one that
# says the opposite, or denies it, contradicts the claim.
OPPOSED, DENIED = 0.7, 0.8

# Of a claim by a text.
Check = Callable[[str, str], "Support"]
Score = Callable[[str, str], float]


@dataclass(frozen=True)
class Support:
    """Support 0 to 1 (None: cannot be checked), the verdict and, unless supported, the reason."""

    value: float | None
    verdict: Verdict
    reason: str = ""


def check_claim(claim: str, evidence: str, score: Score | None = None) -> Support:
    """Check one sentence, without its marks, against the text that it cites ("" for none).

    ``score`` is another model's support of a claim by a text, in the place of the trees and of
    what contradicts; the reason is told by what both have in common all the same.
    """
    if reason := _not_checkable(claim):
        return Support(None, "not checkable", reason)
    if not evidence.strip():
        return Support(0.0, "unsupported", "it cites no passage")
    compared = compare(claim, evidence)
    if compared.verbatim:
        return Support(1.0, "supported")
    decisive = (
        _misquoted(claim, evidence) or _lacking_numbers(compared) or _contradiction(claim, compared)
    )
    if score:
        value = score(claim, evidence)
    else:
        value = shipped_trees().probability(compared.features)
        if decisive:
            value = min(value, ENOUGH / 2)  # however much else is there
    if value >= ENOUGH:
        return Support(value, "supported")
    return Support(value, "unsupported", decisive or _lacking_words(claim, compared))


def _not_checkable(claim: str) -> str:
    """Why a sentence states nothing that a page could prove; empty where it does."""
    if not stems(claim):
        return "it states nothing that could be checked"
    if claim.rstrip().endswith("?"):
        return "it is a question"
    if SMALL_TALK.match(claim):
        return "it is a greeting or an introduction"
    return ""


def _misquoted(claim: str, evidence: str) -> str:
    """Which words a claim quotes that the passage has not; as ``_lacking_numbers``, empty: none."""
    for quoted in quotations(claim):
        if find_quotation(quoted, evidence) is None:
            return f"the cited passage does not say “{quoted}”"
    return ""


def _contradiction(claim: str, compared: Comparison) -> str:
    """How the nearest sentence contradicts a claim; as ``_lacking_numbers``, empty: it does not."""
    if compared.opposites and compared.sentence >= OPPOSED:
        mine, theirs = compared.opposites[0]
        said, asked = _as_said(theirs, compared.nearest), _as_said(mine, claim)
        return f"the cited passage says {said!r} where it says {asked!r}"
    if compared.denial and compared.sentence >= DENIED:
        return "it denies what the cited passage says, or the other way round"
    return ""


def _lacking_numbers(compared: Comparison) -> str:
    return _lacks(compared.missing_numbers) if compared.missing_numbers else ""


def _lacking_words(claim: str, compared: Comparison) -> str:
    if compared.missing_words:
        return _lacks(_as_written(claim, compared.missing_words))
    return "its words stand in the cited passage, but far apart or in another order"


def _lacks(missing: tuple[str, ...]) -> str:
    return f"the cited passage lacks: {', '.join(missing[:MOST_NAMED])}"


def _as_written(claim: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a claim with these stems."""
    words = dict.fromkeys(WORD.findall(claim))
    return tuple(word for word in words if set(stems(word)) & set(wanted))


def _as_said(stem: str, text: str) -> str:
    return next(iter(_as_written(text, (stem,))), stem)
