"""Citation recall and precision as ALCE defines them (Gao et al., 2023), by our own check.

Recall: a sentence counts where all that it cites together prove it. Precision: a citation counts
where its sentence is proved and it is needed: it proves the sentence alone, or the others do not.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.events import Answer, Claim
from app.grounding import check_claim
from eval.cases import Case
from eval.metrics.grounding import NO_CLAIM, REFUSED
from eval.metrics.score import Score, not_applicable


def citation_recall(_: Case, answer: Answer) -> Score:
    """The share of the sentences that can be checked which all that they cite proves."""
    if answer.refused:
        return REFUSED
    claims = [claim for claim in answer.claims if claim.support is not None]
    if not claims:
        return NO_CLAIM
    return Score(sum(_proved(claim, _cited(claim), answer) for claim in claims) / len(claims))


def citation_precision(_: Case, answer: Answer) -> Score:
    """The share of the citations that their sentences need."""
    if answer.refused:
        return REFUSED
    claims = [claim for claim in answer.claims if claim.support is not None]
    needed = [_is_needed(claim, one, answer) for claim in claims for one in _cited(claim)]
    if not needed:
        return not_applicable("the answer cites nothing")
    return Score(sum(needed) / len(needed))


def _is_needed(claim: Claim, number: int, answer: Answer) -> bool:
    cited = _cited(claim)
    if not _proved(claim, cited, answer):
        return False
    others = [other for other in cited if other != number]
    return _proved(claim, [number], answer) or not _proved(claim, others, answer)


def _cited(claim: Claim) -> list[int]:
    return list(dict.fromkeys(citation.number for citation in claim.citations))


def _proved(claim: Claim, numbers: Sequence[int], answer: Answer) -> bool:
    evidence = "\n".join(answer.passages[number - 1].text for number in numbers)
    return check_claim(claim.text, evidence).verdict == "supported"
