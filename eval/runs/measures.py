"""All that is measured of an answer, with an embedder and a judge for what takes one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.events import Answer, Receipt
from eval.cases import Case
from eval.metrics.answer import NO_ANSWERS, NO_NUMBER
from eval.metrics.injection import NOT_PLANTED
from eval.metrics.metric import METRICS, Measure
from eval.metrics.refusal import ANSWERABLE, UNANSWERABLE
from eval.metrics.retrieval import NO_EVIDENCE
from eval.metrics.score import Score, not_applicable, unscored
from eval.metrics.similarity import semantic_similarity
from ingest.embedder import Embedder

Measures = Mapping[str, Measure]
# Of a question, its answer, the case's answers and the passages; see eval/judges/judge.py.
Judging = Callable[[str, str, Sequence[str], Sequence[str]], Score]
NO_JUDGE = not_applicable("the judge does not read the answers of cases")
NO_COST = not_applicable("the model gave no answer")
OF_THE_CASE = (
    NO_JUDGE, NO_ANSWERS, NO_NUMBER, ANSWERABLE, UNANSWERABLE, NOT_PLANTED, NO_EVIDENCE,
)  # fmt: skip
# In the place of an answer that has not come; a refusal, so that no judge is asked about it.
NOTHING = Answer(
    question="", standalone_question="", text="", steps=(), claims=(), passages=(),
    receipt=Receipt(model="", strategy=""), refused=True,
)  # fmt: skip


def measures(embedder: Embedder, judge: Judging | None) -> Measures:
    """Every metric by name; without a judge that reads the case's answers, none is judged."""
    made = {
        "judged_correctness": judged_correctness(judge),
        "semantic_similarity": semantic_similarity(embedder),
    }
    return {name: metric.measure or made[name] for name, metric in METRICS.items()}


def judged_correctness(judge: Judging | None) -> Measure:
    """What a judge says of an answer beside the case's own answers, 0 to 1."""

    def score(case: Case, answer: Answer) -> Score:
        if judge is None:
            return NO_JUDGE
        if not case.answers:
            return NO_ANSWERS
        if answer.refused:
            return Score(0.0, explanation="the answer is a refusal")
        passages = [passage.text for passage in answer.passages]
        return judge(case.question, answer.text, case.answers, passages)

    return score


def score_answer(case: Case, answer: Answer, measures: Measures) -> dict[str, Score]:
    """The scores of an answer by metric."""
    return {name: measure(case, answer) for name, measure in measures.items()}


def failed_scores(case: Case, error: str, measures: Measures) -> dict[str, Score]:
    """The scores of a case that has no answer: unscored for that reason.

    What does not apply to the case, whatever the answer, still does not; what it cost is not told.
    """
    return {
        name: _failed(name, measure(case, NOTHING), error) for name, measure in measures.items()
    }


def _failed(name: str, of_nothing: Score, error: str) -> Score:
    if of_nothing in OF_THE_CASE:
        return of_nothing
    return NO_COST if name in METRICS and METRICS[name].unit else unscored(error)
