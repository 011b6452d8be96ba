"""Are answers right, cited to a page that holds them, and refused where there is none?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from langchain_core.runnables import Runnable

from app.events import Answer, Ask, Done, Event
from eval.cases import Case
from eval.retrieval import file_name

ARTICLES = re.compile(r"\b(a|an|the)\b")


@dataclass(frozen=True)
class AnswersReport:
    """Shares, each 0 to 1, None where no case is of that kind.

    Of the answerable cases: answered with a citation; of those that name evidence: a gold page is
    cited; of those that name answers: one stands in the answer's text, and the shortest sentence of
    the answer is one (exact match) or shares words with it (F1), as SQuAD compares them. Of the
    unanswerable: refused. Of all claims that can be checked: supported.
    """

    answerable: int
    unanswerable: int
    claims: int
    answered: float | None
    gold_page_cited: float | None
    gold_answer_given: float | None
    exact_match: float | None
    f1: float | None
    refused: float | None
    supported: float | None


def evaluate_answers(
    cases: Sequence[Case],
    chain: Runnable[Ask, Event],
    *,
    on_case: Callable[[], None] = lambda: None,
) -> AnswersReport:
    """Ask every case."""
    answers: list[tuple[Case, Answer]] = []
    for case in cases:
        last = chain.invoke(Ask(case.question))
        if not isinstance(last, Done):
            raise RuntimeError("the chain ended without an answer")
        answers.append((case, last.answer))
        on_case()
    answerable = [pair for pair in answers if pair[0].answerable]
    unanswerable = [pair for pair in answers if not pair[0].answerable]
    claims = [
        claim for _, answer in answers for claim in answer.claims if claim.support is not None
    ]
    with_answers = [pair for pair in answerable if pair[0].answers]
    return AnswersReport(
        answerable=len(answerable),
        unanswerable=len(unanswerable),
        claims=len(claims),
        answered=share([is_answered(answer) for _, answer in answerable]),
        gold_page_cited=share([cites_gold_page(*pair) for pair in answerable if pair[0].evidence]),
        gold_answer_given=share([gives_gold_answer(*pair) for pair in with_answers]),
        exact_match=share([token_f1(*pair) == 1.0 for pair in with_answers]),
        f1=mean([token_f1(*pair) for pair in with_answers]),
        refused=share([answer.refused for _, answer in unanswerable]),
        supported=share([claim.verdict == "supported" for claim in claims]),
    )


def is_answered(answer: Answer) -> bool:
    """Whether an answer cites anything."""
    return any(claim.citations for claim in answer.claims)


def cites_gold_page(case: Case, answer: Answer) -> bool:
    """Whether a page that holds the answer is cited."""
    gold = {(file_name(evidence.document), evidence.page) for evidence in case.evidence}
    return any(
        (file_name(citation.document), citation.page) in gold
        for claim in answer.claims
        for citation in claim.citations
    )


def gives_gold_answer(case: Case, answer: Answer) -> bool:
    """Whether one of the case's answers stands in the answer's text."""
    text = f" {normalise(answer.text)} "
    return any(f" {normalise(gold)} " in text for gold in case.answers)


def token_f1(case: Case, answer: Answer) -> float:
    """The best F1 of the words of the answer's shortest sentence and a gold answer, 0 to 1.

    Rajpurkar et al., "SQuAD", 2016. A refusal has 0.
    """
    if answer.refused or not answer.claims:
        return 0.0
    said = Counter(normalise(min((claim.text for claim in answer.claims), key=len)).split())
    return max(_f1(said, Counter(normalise(gold).split())) for gold in case.answers)


def _f1(said: Counter[str], gold: Counter[str]) -> float:
    shared = (said & gold).total()
    return 2 * shared / (said.total() + gold.total()) if shared else 0.0


def normalise(text: str) -> str:
    """Lower case, without punctuation and articles, as SQuAD compares answers."""
    words = re.sub(r"[^\w\s]", " ", text.lower())
    return " ".join(ARTICLES.sub(" ", words).split())


def mean(values: Sequence[float]) -> float | None:
    """The mean of values; None where there are none."""
    return sum(values) / len(values) if values else None


def share(outcomes: Sequence[bool]) -> float | None:
    """The share of outcomes that hold; None where there are none."""
    return sum(outcomes) / len(outcomes) if outcomes else None
