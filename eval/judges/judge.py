"""What a judge is: a question, an answer and what it is held against -> a score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from eval.metrics.score import Score
from ingest.errors import CiteboundError


class JudgeError(CiteboundError):
    """A judge that cannot be had, or that judges too little."""


class Judge(Protocol):
    """Says how right or how well supported an answer is."""

    @property
    def name(self) -> str:
        """What it is called, as ``choose_judge`` takes it."""

    def judge(
        self, question: str, answer: str, gold: Sequence[str], passages: Sequence[str]
    ) -> Score:
        """1.0 for right or supported, 0.0 for wrong; unscored where it comes to no verdict.

        ``gold`` are answers that are right. Whatever a judge's model says or fails to say, nothing
        is raised.
        """
