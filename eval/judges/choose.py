"""Which judge: one string, as ``KIND:NAME``."""

from __future__ import annotations

from app.models.choose import served_model
from app.settings import AnswerSettings
from eval.judges.cross_encoder import CrossEncoderJudge
from eval.judges.embedded import EMBEDDED, EmbeddedJudge
from eval.judges.judge import Judge, JudgeError
from eval.judges.language_model import LanguageModelJudge, Votes

KINDS = (EMBEDDED, "model:KIND:NAME (such as model:ollama:llama3.2)", "cross-encoder:NAME_OR_PATH")


def choose_judge(
    name: str,
    *,
    settings: AnswerSettings,
    votes: Votes | None = None,
) -> Judge:
    """The judge for a string such as ``embedded`` or ``model:ollama:llama3.2``.

    Raises JudgeError where it names no kind, ModelError or GroundingModelError where what it names
    cannot be had.
    """
    kind, _, rest = name.partition(":")
    if name == EMBEDDED:
        return EmbeddedJudge()
    if kind == "model" and rest:
        model = served_model(rest, settings)
        return LanguageModelJudge(model, answer_tokens=settings.answer_tokens, votes=votes)
    if kind == "cross-encoder" and rest:
        return CrossEncoderJudge(rest)
    raise JudgeError(f"{name!r} names no judge; use one of: {', '.join(KINDS)}.")
