"""Question and passages -> the messages that the model gets, within its window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.events import MARK, Composed, Event, Found, Message, Understood
from app.models.model import AnswerModel, ModelError
from ingest.search import Passage
from prompts.refusal import REFUSAL
from prompts.template import Prompt

CHARACTERS_PER_TOKEN = (
    3.0  # below the usual 4 of English, so that the estimate errs on the safe side
)

LATIN_END = "\u024f"
MESSAGE_TOKENS = 8  # what a chat template puts around a message


class Compose:
    """The chain's third step."""

    def __init__(self, model: AnswerModel, prompt: Prompt, *, answer_tokens: int) -> None:
        self.model = model
        self.prompt = prompt
        self.answer_tokens = answer_tokens

    def run(self, events: Iterator[Event]) -> Iterator[Event]:
        """Understood and Found -> Composed."""
        question = ""
        for event in events:
            yield event
            if isinstance(event, Understood):
                question = event.question
            elif isinstance(event, Found):
                yield self.compose(question, event.passages)

    def compose(self, question: str, passages: Sequence[Passage]) -> Composed:
        """Fit whole passages, the best first, into the window; what does not fit is left out."""
        if not self.model.can_write:
            return Composed(question, tuple(passages), (), None, None, 0)
        room = self.model.context_tokens - self.answer_tokens
        kept = list(passages)
        messages = self._messages(question, kept)
        while kept and estimate_tokens(messages) > room:
            kept.pop()
            messages = self._messages(question, kept)
        if passages and not kept:
            raise ModelError(
                f"No passage fits into the window of {self.model.name}: {room} tokens are left for "
                "the prompt. Raise context_tokens or lower answer_tokens in settings."
            )
        return Composed(
            question=question,
            passages=tuple(kept),
            messages=messages,
            prompt=self.prompt.name,
            prompt_fingerprint=self.prompt.fingerprint,
            left_out=len(passages) - len(kept),
        )

    def _messages(self, question: str, passages: Sequence[Passage]) -> tuple[Message, ...]:
        shown = "\n\n".join(
            f"[{number}] {passage.title}, page {passage.page}\n{_without_marks(passage.text)}"
            for number, passage in enumerate(passages, 1)
        )
        system, user = self.prompt.render(
            passages=shown or "(none)", question=question, refusal=REFUSAL
        )
        return Message("system", system), Message("user", user)


def _without_marks(text: str) -> str:
    """A paper's own [3] in round brackets, so that no model copies it as a mark of ours."""
    return MARK.sub(r"(\1)", text)


def estimate_tokens(messages: Sequence[Message]) -> int:
    """About how many tokens messages are, on the safe side.

    Digits, and characters of scripts other than Latin, can be a token each.
    """
    text = "".join(message.text for message in messages)
    dense = sum(character.isdigit() or character > LATIN_END for character in text)
    return int((len(text) - dense) / CHARACTERS_PER_TOKEN) + dense + MESSAGE_TOKENS * len(messages)
