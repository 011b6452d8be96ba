"""What ``grounding`` in settings names -> what checks a claim against a text."""

from __future__ import annotations

from functools import lru_cache, partial

from app.grounding.check import Check, check_claim
from app.grounding.cross_encoder import EntailmentModel


@lru_cache(maxsize=1)  # a model is loaded once, whoever answers
def choose_check(name: str) -> Check:
    """The check that comes with the program (an empty name), or one by a cross-encoder.

    Raises GroundingModelError where there is no such model.
    """
    return partial(check_claim, score=EntailmentModel(name)) if name else check_claim
