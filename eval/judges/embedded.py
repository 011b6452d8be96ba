"""The program's own check of claims as a judge: is the answer supported by the passages?"""

from __future__ import annotations

from collections.abc import Sequence

from app.citations import marked_sentences, strip_marks
from app.grounding import check_claim
from eval.metrics.score import Score, not_applicable, unscored

EMBEDDED = "embedded"


class EmbeddedJudge:
    """Needs no right answer: an answer is as well supported as its worst sentence."""

    name = EMBEDDED

    def judge(
        self,
        question: str,  # noqa: ARG002 (a judge is given it)
        answer: str,
        gold: Sequence[str],  # noqa: ARG002
        passages: Sequence[str],
    ) -> Score:
        """The least support, 0 to 1, that one of the answer's sentences has in the passages."""
        evidence = "\n".join(passages)
        if not evidence.strip():
            return not_applicable("there is no passage to judge by")
        sentences = [strip_marks(sentence) for sentence in marked_sentences(answer)]
        checked = [(sentence, check_claim(sentence, evidence)) for sentence in sentences]
        found = [
            (support.value, sentence, support.reason)
            for sentence, support in checked
            if support.value is not None
        ]
        if not found:
            return unscored("no sentence of the answer states what could be checked")
        value, sentence, reason = min(found)
        return Score(value, explanation=f"{sentence} ({reason})" if reason else sentence)
