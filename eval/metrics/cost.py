"""What an answer cost."""

from __future__ import annotations

from app.events import Answer
from eval.cases import Case
from eval.metrics.score import Score, not_applicable


def seconds(_: Case, answer: Answer) -> Score:
    """From the question to the whole answer."""
    return Score(answer.receipt.seconds)


def seconds_to_first_token(_: Case, answer: Answer) -> Score:
    """From the question to the first words."""
    return _known(answer.receipt.seconds_to_first_token, "no word came")


def prompt_tokens(_: Case, answer: Answer) -> Score:
    """Tokens that all calls of the model read."""
    return _known(answer.receipt.prompt_tokens, "the model counts no tokens")


def answer_tokens(_: Case, answer: Answer) -> Score:
    """Tokens that all calls of the model wrote."""
    return _known(answer.receipt.answer_tokens, "the model counts no tokens")


def model_calls(_: Case, answer: Answer) -> Score:
    """Calls of the model."""
    return Score(float(len(answer.receipt.calls)))


def _known(value: float | None, why: str) -> Score:
    return not_applicable(why) if value is None else Score(float(value))
