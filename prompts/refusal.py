"""The fixed phrase for "the passages do not hold the answer": prompts, code and tests share it."""

from __future__ import annotations

REFUSAL = "The documents do not answer this question."


def is_refusal(answer: str) -> bool:
    """Whether an answer says nothing but the fixed phrase (quotes, marks and spaces aside)."""
    said = " ".join(answer.split()).strip("\"'“”*_ ").casefold()
    return said.removesuffix(".") == REFUSAL.casefold().removesuffix(".")
