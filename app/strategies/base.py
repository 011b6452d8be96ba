"""A text of questions and answers that the model continues, for models without a chat template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.desk import Desk
from app.events import Event
from app.strategies.strategy import Documents, Strategy
from prompts.exemplars import shipped_exemplars

STOP = ("\n###", "\nQuestion:")  # what begins the next question, which the model would go on to


def continue_text(question: str, documents: Documents, desk: Desk) -> Iterator[Event]:
    """One search, one call, which ends where the next question would begin.

    The exemplars show the form: a model that only continues text follows no instructions.
    """
    passages = yield from desk.find([question], documents)
    composed = yield from desk.compose(question, passages, exemplars=shipped_exemplars())
    stop = tuple(dict.fromkeys((*desk.sampling.stop, *STOP)))
    yield from desk.answer(composed, sampling=replace(desk.sampling, stop=stop))


BASE = Strategy(
    name="base",
    summary="Let the model continue a text of questions and answers, without a chat template.",
    calls="1",
    tokens="1x and the exemplars",
    needs="a model that continues text: Ollama, vLLM, llama.cpp",
    prompt="base",
    run=continue_text,
)
