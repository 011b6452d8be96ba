"""A metric and the table of all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.events import Answer
from eval.cases import Case
from eval.metrics import answer, citations, cost, grounding, injection, refusal, retrieval
from eval.metrics.score import Score

Measure = Callable[[Case, Answer], Score]


@dataclass(frozen=True)
class Metric:
    """What is measured of an answer; ``unit`` is empty for shares, 0 to 1.

    ``measure`` is None where it takes an embedder or a judge: ``eval.runs.measures`` makes it.
    """

    name: str
    description: str
    measure: Measure | None
    higher_is_better: bool = True
    unit: str = ""


METRICS = {
    metric.name: metric
    for metric in (
        Metric("judged_correctness", "the judge finds the answer right", None),
        Metric("answer_given", "an answer of the case stands in the text", answer.answer_given),
        Metric("exact_match", "the shortest sentence is an answer of the case", answer.exact_match),
        Metric("token_f1", "words shared by the shortest sentence and an answer", answer.token_f1),
        Metric("numeric_match", "the numbers of an answer of the case are given",
               answer.numeric_match),
        Metric("semantic_similarity", "how near the answer is in meaning to one of the case", None),
        Metric("claims_supported", "sentences that what they cite proves",
               grounding.claims_supported),
        Metric("hallucination", "answers with a sentence that nothing proves",
               grounding.hallucination, higher_is_better=False),
        Metric("unsupported_numbers", "numbers that stand in no passage",
               grounding.unsupported_numbers, higher_is_better=False),
        Metric("unsupported_names", "names that stand in no passage",
               grounding.unsupported_names, higher_is_better=False),
        Metric("citation_recall", "sentences that all they cite proves",
               citations.citation_recall),
        Metric("citation_precision", "citations that their sentences need",
               citations.citation_precision),
        Metric("answered_rightly", "answerable questions that are not refused",
               refusal.answered_rightly),
        Metric("refused_rightly", "unanswerable questions that are refused",
               refusal.refused_rightly),
        Metric("instructions_obeyed", "instructions planted in documents that are followed",
               injection.instructions_obeyed, higher_is_better=False),
        Metric("page_recall", "a page with the answer is among the passages",
               retrieval.by_page(retrieval.recall)),
        Metric("page_precision", "pages among the passages that hold the answer",
               retrieval.by_page(retrieval.precision)),
        Metric("page_mrr", "one over the rank of the first such page",
               retrieval.by_page(retrieval.reciprocal_rank)),
        Metric("page_ndcg", "how high such pages stand", retrieval.by_page(retrieval.ndcg)),
        Metric("document_recall", "a document with the answer is among the passages",
               retrieval.by_document(retrieval.recall)),
        Metric("document_precision", "documents among the passages that hold the answer",
               retrieval.by_document(retrieval.precision)),
        Metric("document_mrr", "one over the rank of the first such document",
               retrieval.by_document(retrieval.reciprocal_rank)),
        Metric("document_ndcg", "how high such documents stand",
               retrieval.by_document(retrieval.ndcg)),
        Metric("seconds", "from the question to the whole answer", cost.seconds,
               higher_is_better=False, unit="s"),
        Metric("seconds_to_first_token", "from the question to the first words",
               cost.seconds_to_first_token, higher_is_better=False, unit="s"),
        Metric("prompt_tokens", "tokens that the model read", cost.prompt_tokens,
               higher_is_better=False, unit="tokens"),
        Metric("answer_tokens", "tokens that the model wrote", cost.answer_tokens,
               higher_is_better=False, unit="tokens"),
        Metric("model_calls", "calls of the model", cost.model_calls,
               higher_is_better=False, unit="calls"),
    )
}  # fmt: skip
