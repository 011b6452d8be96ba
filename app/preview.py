"""What a model will get for a question, and how much of its window each part of that takes.

The way to answer itself composes it and is left before it calls the model, so that what is shown
is what is sent.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from app.desk import Desk
from app.events import Composed, Event, Found, Message
from app.grounding import choose_check
from app.models.model import LanguageModel
from app.settings import AnswerSettings
from app.strategies import BASE, find_strategy
from app.strategies.strategy import Strategy
from ingest.library import Library
from ingest.search import Passage
from prompts.parts import TEXT_PARTS
from prompts.refusal import REFUSAL
from prompts.template import Prompt

PASSAGES, EXEMPLARS, FRAME = "passages", "exemplars", "around them"


@dataclass(frozen=True)
class Preview:
    """A composed prompt; ``tokens`` of ``window`` are taken by it, ``kept`` are for the answer.

    ``shares`` are the tokens of each part of it, counted by itself; what stands around the parts,
    and what counting apart misses, is the last.
    """

    composed: Composed
    tokens: int
    window: int
    kept: int
    shares: dict[str, int]


def one_call_strategy(prompt: Prompt) -> Strategy:
    """The way to answer that shows a model this prompt once and nothing else."""
    return BASE if prompt.parts.purpose == BASE.prompt else find_strategy("direct")


def preview_prompt(
    question: str,
    passages: Sequence[Passage],
    *,
    prompt: Prompt,
    library: Library,
    model: LanguageModel | None,
    settings: AnswerSettings,
) -> Preview:
    """What the model will get for a question with the passages that were found for it.

    Without a model tokens are estimated, and the window is that of settings. Raises NoRoomError
    where not one passage fits.
    """
    desk = _FoundDesk(tuple(passages), library, model, prompt, settings)
    events = one_call_strategy(prompt).run(question, None, desk)
    composed = next(event for event in events if isinstance(event, Composed))
    return Preview(
        composed=composed,
        tokens=desk.count(composed.messages),
        window=desk.window,
        kept=desk.sampling.answer_tokens,
        shares=_shares(composed, desk),
    )


class _FoundDesk(Desk):
    """A desk where the passages lie already."""

    def __init__(
        self,
        passages: tuple[Passage, ...],
        library: Library,
        model: LanguageModel | None,
        prompt: Prompt,
        settings: AnswerSettings,
    ) -> None:
        super().__init__(library, model, prompt, settings, choose_check(settings.grounding))
        self._passages = passages

    def find(
        self,
        queries: Sequence[str],  # noqa: ARG002 - they were searched for
        documents: Sequence[str] | None,  # noqa: ARG002
    ) -> Generator[Event, None, tuple[Passage, ...]]:
        yield Found(self._passages)
        return self._passages


def _shares(composed: Composed, desk: Desk) -> dict[str, int]:
    """The tokens of each part, counted by itself, in the order in which a model reads them."""

    def tokens(text: str) -> int:
        alone = desk.count([Message("user", text)]) - desk.count([Message("user", "")])
        return max(0, alone)

    values = {"passages": "", "question": composed.question, "refusal": REFUSAL}
    texts = {name: getattr(desk.prompt.parts, name).strip() for name in TEXT_PARTS}
    shares = {name: tokens(text.format(**values)) for name, text in texts.items() if text}
    turns = composed.messages[1:-1]
    if turns:
        shares[EXEMPLARS] = sum(tokens(turn.text) for turn in turns)
    shares[PASSAGES] = tokens(composed.shown)
    shares[FRAME] = max(0, desk.count(composed.messages) - sum(shares.values()))
    return shares
