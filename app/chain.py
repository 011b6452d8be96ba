"""understand -> find -> compose -> generate -> bind: one LangChain Runnable.

    chain = build_chain(library, model, settings)
    for event in chain.stream(Ask("How is a boiler fired?")):
        ...
    answer = chain.invoke(Ask("How is a boiler fired?")).answer

Each step takes the events of the steps before it, lets them pass and adds its own, so that
everything streams.
"""

from __future__ import annotations

from collections.abc import Iterator

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
    understand = Understand(model)
    steps = (
        Find(library, passages=settings.passages),
        Compose(model, prompt, answer_tokens=settings.answer_tokens),
        Generate(model),
        Bind(model.name),
    )

    def answer(asks: Iterator[Ask]) -> Iterator[Event]:
        events = understand.run(asks)
        for step in steps:
            events = step.run(events)
        yield from events

    # One Runnable around all steps: a sequence of Runnables would hand only the last event of each
    # step to the next one when it is invoked rather than streamed.
    return RunnableGenerator(answer)
