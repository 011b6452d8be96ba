"""understand -> a strategy (find, compose, generate) -> bind: one LangChain Runnable.

    chain = build_chain(library, model, settings)
    for event in chain.stream(Ask("How is a boiler fired?")):
        ...
    answer = chain.invoke(Ask("How is a boiler fired?")).answer

Everything that happens streams as an event; the last is Done.
"""

from __future__ import annotations

from collections.abc import Iterator

from langchain_core.runnables import Runnable, RunnableGenerator

from app.bind import Bind
from app.desk import Desk
from app.events import Ask, Event, Note
from app.grounding import choose_check
from app.models.choose import AnswerModel
from app.models.extractive import ExtractiveModel
from app.own_prompts import load_prompt
from app.settings import AnswerSettings
from app.strategies import AUTO, BASE, QUOTE, find_strategy
from app.understand import understand
from app.unproved import settle_unproved
from ingest.library import Library
from prompts.template import Prompt

ALL_WERE_SEARCHED = (
    "The documents are alike and the question names none of them, so all {count} were searched. "
    "Say which one is meant, by what its name or first page says, or choose it."
)


def build_chain(
    library: Library,
    model: AnswerModel,
    settings: AnswerSettings,
    *,
    prompt: Prompt | None = None,
) -> Runnable[Ask, Event]:
    """The chain for one library and model; ``prompt`` stands in for the one that settings name.

    Raises PromptError if the prompt is not valid, StrategyError if there is no such strategy,
    GroundingModelError if there is no such grounding model. A
    model that only quotes has one way to answer, whatever the strategy.
    """
    writer = None if isinstance(model, ExtractiveModel) else model
    digest = writer.digest if writer else None
    strategy = find_strategy(settings.strategy)
    if writer is None:
        strategy = QUOTE
    elif writer.is_base and strategy is AUTO:
        strategy = BASE
    if prompt is None or writer is None:
        prompt = load_prompt(settings.prompt or strategy.prompt, purpose=strategy.prompt)
    check = choose_check(settings.grounding)
    desk = Desk(library, writer, prompt, settings, check)

    def events(ask: Ask) -> Iterator[Event]:
        question = yield from understand(ask, desk)
        if ask.documents is None and library.leaves_document_open(question):
            yield Note(ALL_WERE_SEARCHED.format(count=library.catalog.totals()[0]))
        written = strategy.run(question, ask.documents, desk)
        yield from settle_unproved(question, written, desk)

    bind = Bind(model=model.name, strategy=strategy.name, check=check, digest=digest)

    def answer(asks: Iterator[Ask]) -> Iterator[Event]:
        for ask in asks:
            yield from bind.run(events(ask))

    # One Runnable around all steps: a sequence of Runnables would hand only the last event of each
    # step to the next one when it is invoked rather than streamed.
    return RunnableGenerator(answer)
