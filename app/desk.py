"""What a strategy works with: the documents, the prompt and the model.

Each method is a generator to ``yield from``: its events go to whoever follows the answer, its value
comes back to the strategy.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import asdict, replace

from app.compose import compose_prompt, quotation_frame, repack_prompt
from app.events import (
    PROMPT_CUT,
    Call,
    Called,
    Composed,
    Event,
    Found,
    Message,
    Note,
    Step,
    Thought,
    Token,
    Withdrawn,
)
from app.grounding import Check
from app.models.model import (
    CutPromptError,
    LanguageModel,
    ModelError,
    NoAnswerError,
    NoRoomError,
    Sampling,
    Usage,
)
from app.models.token_estimate import estimate_tokens
from app.settings import AnswerSettings
from app.thought import THINK, Tags, separate_thought
from ingest.library import Library
from ingest.search import Passage
from ingest.widen import widen, without_repeats
from prompts.refusal import REFUSAL
from prompts.template import Exemplar, Prompt, load_prompt


class Desk:
    """The library, the model (None: there is none that writes), the prompt, what checks claims."""

    def __init__(
        self,
        library: Library,
        model: LanguageModel | None,
        prompt: Prompt,
        settings: AnswerSettings,
        check: Check,
    ) -> None:
        self.library = library
        self.model = model
        self.prompt = prompt
        self.settings = settings
        self.check = check
        self.sampling = settings.sampling()

    def find(
        self, queries: Sequence[str], documents: Sequence[str] | None
    ) -> Generator[Event, None, tuple[Passage, ...]]:
        """The passages for one query or several, the best first; one found by more ranks higher."""
        top = self.settings.passages
        best: dict[str, Passage] = {}
        for query in queries:
            for passage in self.library.search(query, top=top, documents=documents):
                earlier = best[passage.id].score if passage.id in best else 0.0
                best[passage.id] = replace(passage, score=passage.score + earlier)
        found = tuple(sorted(best.values(), key=lambda passage: -passage.score)[:top])
        yield Found(found)
        return found

    def compose(
        self,
        question: str,
        passages: Sequence[Passage],
        *,
        exemplars: Sequence[Exemplar] = (),
        addition: str = "",
        reserve: int = 0,
        widened: bool = True,
        **values: str,
    ) -> Generator[Event, None, Composed]:
        """The prompt for an answer; ``addition`` names a prompt that adds to its instructions.

        The best passages are widened by their neighbours, unless ``widened`` is false.
        ``reserve`` are tokens left free, for what a later prompt says beside the same passages.
        """
        added = load_prompt(addition, purpose=addition) if addition else None
        distinct = without_repeats(passages)
        composed = compose_prompt(
            question,
            distinct,
            widened=self._widened(distinct) if widened else (),
            prompt=self.prompt,
            room=max(0, self.room - reserve),
            count=self.count,
            exemplars=(*self.prompt.parts.exemplars, *exemplars),
            additions=[(added, added.render(**values)[0])] if added else [],
            order=self.settings.passage_order,
        )
        yield composed
        return composed

    def _widened(self, passages: Sequence[Passage]) -> list[list[Passage]]:
        """The passages with the best of them widened by their neighbours, the widest first."""
        most = min(len(passages), self.settings.widened)
        around = self.library.around(passages[:most])
        return [widen(passages, around, count) for count in range(most, 0, -1)]

    def answer(
        self, composed: Composed, *tags: Tags, sampling: Sampling | None = None
    ) -> Generator[Event, None, str]:
        """Let the model write the answer, which streams as tokens.

        With no passage there is nothing to answer from: the refusal needs no model.
        """
        if not composed.passages:
            yield Token(REFUSAL)
            return REFUSAL
        text = yield from self._call_composed("answer", composed, tags=tags, sampling=sampling)
        return text

    def draft(
        self, step: str, composed: Composed, sampling: Sampling | None = None
    ) -> Generator[Event, None, str]:
        """Let the model write an answer that is only a step on the way."""
        text = yield from self._call_composed(step, composed, sampling=sampling, is_step=True)
        return text

    def _call_composed(
        self,
        step: str,
        composed: Composed,
        *,
        tags: Sequence[Tags] = (),
        sampling: Sampling | None = None,
        is_step: bool = False,
    ) -> Generator[Event, None, str]:
        """Call the model; where the server cut the prompt, once more with one that fits."""

        def call(composed: Composed) -> Generator[Event, None, str]:
            return self._call(
                step,
                composed.messages,
                composed.prompts,
                tags=tags,
                sampling=sampling,
                is_step=is_step,
            )

        try:
            text = yield from call(composed)
        except CutPromptError:
            if not is_step:
                yield Withdrawn()
            yield Note(PROMPT_CUT)
            composed = repack_prompt(
                composed, room=self.room, count=self.count, order=self.settings.passage_order
            )
            yield composed
            text = yield from call(composed)
        return text

    def ask(self, step: str, **values: str) -> Generator[Event, None, str]:
        """Put the prompt of this purpose to the model; what it says is a step on the way.

        Raises NoRoomError where it does not fit: a server would cut it without a word.
        """
        prompt, messages = _filled(step, values)
        if (needed := self.count(messages)) > self.room:
            raise NoRoomError(
                f"The prompt {step!r} takes about {needed} tokens, and {self.room} are left for "
                "prompts. Raise context_tokens or lower answer_tokens or passages in settings."
            )
        text = yield from self._call(
            step, messages, {prompt.name: prompt.fingerprint}, is_step=True
        )
        return text

    def room_in(self, step: str, **values: str) -> int:
        """Tokens that passages may have in the prompt of this purpose, beside its own text."""
        _, messages = _filled(step, {**values, "passages": ""})
        frame = Message("user", quotation_frame())
        return self.room - self.count([*messages, frame])

    @property
    def continues_text(self) -> bool:
        """Whether the model is only asked to continue text, which no rewriting prompt is for."""
        return self.prompt.parts.purpose == "base"

    def count(self, messages: Sequence[Message]) -> int:
        """How many tokens messages are; about how many where there is no model to ask."""
        return self.model.count(messages) if self.model else estimate_tokens(messages)

    @property
    def room(self) -> int:
        """Tokens that a prompt may have."""
        return max(0, self.window - self.sampling.answer_tokens)

    @property
    def window(self) -> int:
        """Tokens that a prompt and its answer may have together."""
        return self.model.context_tokens if self.model else self.settings.context_tokens

    def _model(self) -> LanguageModel:
        if self.model is None:
            raise ModelError("The built-in answerer only quotes; choose a model that writes.")
        return self.model

    def _call(
        self,
        step: str,
        messages: tuple[Message, ...],
        prompts: dict[str, str],
        *,
        tags: Sequence[Tags] = (),
        sampling: Sampling | None = None,
        is_step: bool = False,
    ) -> Generator[Event, None, str]:
        model = self._model()
        pieces = model.stream(messages, sampling or self.sampling)
        call = yield from self.follow(
            step, messages, prompts, pieces, tags=tags, sampling=sampling, is_step=is_step
        )
        if call.prompt_cut:
            raise CutPromptError(
                f"{model.name} read only {call.prompt_tokens} tokens of a longer prompt. Lower "
                "passages in settings, or raise the window of the server."
            )
        if not call.text:
            spent = "spent" if call.thought else "may have spent"
            raise NoAnswerError(
                f"{model.name} answered nothing; it {spent} its tokens on thought. Raise "
                "answer_tokens in settings, or choose another model."
            )
        if is_step:
            yield Step(step, call.text)
        return call.text

    def follow(
        self,
        step: str,
        messages: tuple[Message, ...],
        prompts: dict[str, str],
        pieces: Iterator[Token | Thought | Usage],
        *,
        tags: Sequence[Tags] = (),
        sampling: Sampling | None = None,
        is_step: bool = False,
        tools: tuple[str, ...] = (),
    ) -> Generator[Event, None, Call]:
        """Pass on what a model writes, with what it thinks told apart, and record the call."""
        tokens_sent = self.count(messages)
        started = time.monotonic()
        first: float | None = None
        text, thought = "", ""
        usage = Usage(None, None, {}, cut_off=False)
        for piece in separate_thought(pieces, THINK, *tags):
            if first is None:
                first = time.monotonic() - started
            if isinstance(piece, Usage):
                usage = piece
            elif isinstance(piece, Thought):
                thought += piece.text
                yield piece
            else:
                text += piece.text
                if not is_step:
                    yield piece
        call = Call(
            step=step,
            messages=messages,
            prompts=prompts,
            sampling=asdict(sampling or self.sampling),
            options=usage.options,
            text=text.strip(),
            thought=thought.strip(),
            tokens_sent=tokens_sent,
            prompt_tokens=usage.prompt_tokens,
            answer_tokens=usage.answer_tokens,
            seconds_to_first_token=first,
            seconds=time.monotonic() - started,
            cut_off=usage.cut_off,
            prompt_cut=usage.prompt_cut,
            tools=tools,
        )
        yield Called(call)
        return call


def _filled(step: str, values: dict[str, str]) -> tuple[Prompt, tuple[Message, ...]]:
    """The prompt of a purpose, and its messages."""
    prompt = load_prompt(step, purpose=step)
    system, user = prompt.render(**values)
    return prompt, (Message("system", system), Message("user", user))
