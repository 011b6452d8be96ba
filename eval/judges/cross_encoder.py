"""A cross-encoder as a judge: does what is known entail the answer?"""

from __future__ import annotations

import math
from collections.abc import Sequence

from app.grounding.cross_encoder import EntailmentModel
from eval.metrics.score import Score, not_applicable, unscored


class CrossEncoderJudge:
    """Holds an answer against the right answers where there are any, else against the passages."""

    def __init__(self, model: str) -> None:
        """``model`` is a name or a folder. Raises GroundingModelError where it does not serve."""
        self.name = f"cross-encoder:{model}"
        self._entails = EntailmentModel(model)

    def judge(
        self, question: str, answer: str, gold: Sequence[str], passages: Sequence[str]
    ) -> Score:
        """How far the answer is entailed, 0 to 1; by the best of several right answers."""
        if not answer.strip():
            return unscored("the answer is empty")
        if gold:  # the question makes statements of right answers that are a word or two
            pairs = [(f"{question} {answer}", f"{question} {right}") for right in gold]
        elif any(passage.strip() for passage in passages):
            pairs = [(answer, "\n".join(passages))]
        else:
            return not_applicable("there is neither a right answer nor a passage to judge by")
        value = max(self._entails(claim, evidence) for claim, evidence in pairs)
        return Score(value) if math.isfinite(value) else unscored("the model gave no number")
