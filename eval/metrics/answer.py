"""Is the answer right? Compared with the case's own answers, without a judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from app.events import Answer
from app.grounding.quantities import missing_quantities, quantities
from app.terms import normalise
from eval.cases import Case
from eval.metrics.score import Score, not_applicable

NO_ANSWERS = not_applicable("the case names no answer")
NO_NUMBER = not_applicable("no answer of the case is a number")


def exact_match(case: Case, answer: Answer) -> Score:
    """1 where the shortest sentence of the answer is one of the case's answers."""
    return _compared(case, answer, lambda said, gold: float(said == gold))


def token_f1(case: Case, answer: Answer) -> Score:
    """The best F1 of the words of the answer's shortest sentence and one of the case's answers.

    Rajpurkar et al., "SQuAD", 2016. A refusal has 0.
    """
    return _compared(case, answer, lambda said, gold: word_f1(said.split(), gold.split()))


def answer_given(case: Case, answer: Answer) -> Score:
    """1 where one of the case's answers stands in the answer's text."""
    if not case.answers:
        return NO_ANSWERS
    text = f" {normalise(answer.text)} "
    return Score(float(any(f" {normalise(gold)} " in text for gold in case.answers)))


def numeric_match(case: Case, answer: Answer) -> Score:
    """1 where the answer has all quantities of one of the case's answers, units and scale told."""
    if not case.answers:
        return NO_ANSWERS
    numeric = [gold for gold in case.answers if any(one.in_digits for one in quantities(gold))]
    if not numeric:
        return NO_NUMBER
    return Score(float(any(not missing_quantities(gold, answer.text) for gold in numeric)))


def _compared(case: Case, answer: Answer, measure: Callable[[str, str], float]) -> Score:
    if not case.answers:
        return NO_ANSWERS
    if answer.refused or not answer.claims:
        return Score(0.0)
    said = normalise(min((claim.text for claim in answer.claims), key=len))
    return Score(max(measure(said, normalise(gold)) for gold in case.answers))


def word_f1(said: list[str], gold: list[str]) -> float:
    """The harmonic mean of the shares of words that two texts have in common, 0 to 1."""
    shared = (Counter(said) & Counter(gold)).total()
    return 2 * shared / (len(said) + len(gold)) if shared else 0.0
