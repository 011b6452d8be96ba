"""Judges: who says whether an answer is right or supported, and how far each can be trusted."""

from eval.judges.judge import Judge, JudgeError

__all__ = ["Judge", "JudgeError"]
