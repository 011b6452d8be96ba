"""understand -> find -> compose -> generate -> bind: one LangChain Runnable.

    chain = build_chain(library, model, settings)
    for event in chain.stream(Ask("How is a boiler fired?")):
        ...
    answer = chain.invoke(Ask("How is a boiler fired?")).answer

Each step takes the events of the steps before it, lets them pass and adds its own, so that
everything streams.
"""

from __future__ import annotations

from typing import Any, cast

from langchain_core.runnables import Runnable, RunnableGenerator

from app.bind import Bind
from app.compose import Compose
from app.events import Ask, Event
from app.find import Find
from app.generate import Generate
from app.models.model import AnswerModel
from app.settings import AnswerSettings
from app.understand import Understand
from ingest.library import Library
from prompts.template import load_prompt


def build_chain(
    library: Library, model: AnswerModel, settings: AnswerSettings
) -> Runnable[Ask, Event]:
    """The chain for one library and model. Raises PromptError if the prompt is not valid."""
    prompt = load_prompt(settings.prompt)
    steps: list[Any] = [
        Understand(model),
        Find(library, passages=settings.passages),
        Compose(model, prompt, answer_tokens=settings.answer_tokens),
        Generate(model),
        Bind(model.name),
    ]
    first, *rest = [RunnableGenerator(step.run) for step in steps]
    chain: Runnable[Any, Any] = first
    for step in rest:
        chain = chain | step
    return cast(Runnable[Ask, Event], chain)
