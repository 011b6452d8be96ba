"""Are answers right, cited to a page that holds them, and refused where there is none?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from langchain_core.runnables import Runnable

from app.events import Answer, Ask, Done, Event
from eval.cases import Case
from eval.metrics.answer import answer_given, exact_match, token_f1
from eval.metrics.metric import Measure
from eval.metrics.retrieval import file_name


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
    return AnswersReport(
        answerable=len(answerable),
        unanswerable=len(unanswerable),
        claims=len(claims),
        answered=share([is_answered(answer) for _, answer in answerable]),
        gold_page_cited=share([cites_gold_page(*pair) for pair in answerable if pair[0].evidence]),
        gold_answer_given=mean(values(answer_given, answerable)),
        exact_match=mean(values(exact_match, answerable)),
        f1=mean(values(token_f1, answerable)),
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


def values(measure: Measure, pairs: Sequence[tuple[Case, Answer]]) -> list[float]:
    """What a metric says of the cases that it applies to."""
    scores = [measure(case, answer).value for case, answer in pairs]
    return [value for value in scores if value is not None]


def mean(values: Sequence[float]) -> float | None:
    """The mean of values; None where there are none."""
    return sum(values) / len(values) if values else None


def share(outcomes: Sequence[bool]) -> float | None:
    """The share of outcomes that hold; None where there are none."""
    return sum(outcomes) / len(outcomes) if outcomes else None
