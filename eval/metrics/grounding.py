"""Is what the answer says in what it was made of?"""

from __future__ import annotations

from collections.abc import Callable

from app.events import Answer, Claim
from app.grounding.features import NAME
from app.grounding.quantities import missing_quantities, quantities
from app.terms import stems
from eval.cases import Case
from eval.metrics.score import Score, not_applicable

REFUSED = not_applicable("the answer is a refusal")
NO_CLAIM = not_applicable("the answer has no sentence that can be checked")


def claims_supported(_: Case, answer: Answer) -> Score:
    """The share of the sentences that can be checked which what they cite proves."""
    return _of_claims(answer, lambda claims: sum(map(_is_supported, claims)) / len(claims))


def hallucination(_: Case, answer: Answer) -> Score:
    """1 where any sentence that can be checked is not proved."""
    return _of_claims(answer, lambda claims: float(not all(map(_is_supported, claims))))


def unsupported_numbers(_: Case, answer: Answer) -> Score:
    """The share of the answer's numbers that stand in none of its passages."""
    text = _said(answer)
    numbers = [one for one in quantities(text) if one.in_digits]
    if not numbers:
        return not_applicable("the answer has no number")
    missing = missing_quantities(text, _evidence(answer))
    return Score(len(missing) / len(numbers), explanation=", ".join(missing))


def unsupported_names(_: Case, answer: Answer) -> Score:
    """The share of the answer's names that stand in none of its passages."""
    names = list(dict.fromkeys(NAME.findall(_said(answer))))
    if not names:
        return not_applicable("the answer has no name")
    held = set(stems(_evidence(answer)))
    missing = [name for name in names if not set(stems(name)) <= held]
    return Score(len(missing) / len(names), explanation=", ".join(missing))


def _of_claims(answer: Answer, measure: Callable[[list[Claim]], float]) -> Score:
    if answer.refused:
        return REFUSED
    checked = [claim for claim in answer.claims if claim.support is not None]
    if not checked:
        return NO_CLAIM
    unproved = [claim.text for claim in checked if not _is_supported(claim)]
    return Score(measure(checked), explanation=" ".join(unproved))


def _is_supported(claim: Claim) -> bool:
    return claim.verdict == "supported"


def _said(answer: Answer) -> str:
    return " ".join(claim.text for claim in answer.claims)


def _evidence(answer: Answer) -> str:
    return "\n".join(passage.text for passage in answer.passages)
