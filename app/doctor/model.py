"""Does the model that would answer really answer, and read all that it is sent?"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from app.chain import build_chain
from app.doctor.finding import Finding, Row, failed, note, ok
from app.doctor.visit import Visit
from app.events import Answer, Ask, Call, Called, Done, Message
from app.models.choose import AnswerModel
from app.models.extractive import ExtractiveModel
from app.models.model import LanguageModel, ModelError, Sampling, Usage
from app.models.ollama_server import TOKENS_PER_WORD, WORD

if TYPE_CHECKING:
    from collections.abc import Generator

    from app.events import Event

QUESTION = "Who built the mill of Larkfield?"
SECONDS = 240.0  # for the question; a large model may have to be loaded first
LONGEST_SAID = 200  # characters of what the model said
FEW_TOKENS = 16  # of an answer that only shows that a prompt was read
SAMPLE_LINES = 40  # of which the length of the whole prompt is worked out
FILLER = "Line {} of the ledger says that the mill of Larkfield ground barley on that day."
NOT_FOLLOWED = (
    "Another model may keep closer to what is written: citebound models list shows those of Ollama."
)


@dataclass
class _Asked:
    """What came of the question; ``error`` ended it."""

    calls: list[Call] = field(default_factory=list)
    answer: Answer | None = None
    error: ModelError | None = None


def check_question(visit: Visit) -> Finding:
    """The model is asked about the tiny library, in the way in which any question is."""
    choice = visit.choice
    started = time.monotonic()
    asked = _ask(visit)
    seconds = time.monotonic() - started
    rows = (
        ("model", choice.model.name),
        ("why this one", choice.reason),
        ("its window", _window(choice.model)),
        ("asked", QUESTION),
        *_answer_rows(asked.answer),
        *_call_rows(asked.calls),
    )
    short = next((call for call in asked.calls if _reads_less(call)), None)
    if short is not None:
        return _cut(visit, short.prompt_tokens or 0, short.tokens_sent, rows)
    if asked.answer is None:
        raise asked.error or ModelError(f"{choice.model.name} did not finish its answer.")
    answer = asked.answer
    if answer.refused or not answer.proved:
        return note(
            f"{choice.model.name} answers in {seconds:.1f} s, and the page does not prove what it "
            f"says: “{_said(answer)}”",
            NOT_FOLLOWED,
            *rows,
        )
    return ok(
        f"{choice.model.name} answers in {seconds:.1f} s, and the page proves it: "
        f"“{_said(answer)}”",
        *rows,
    )


def _ask(visit: Visit) -> _Asked:
    chain = build_chain(visit.tiny, visit.choice.model, visit.answer_settings)
    asked, deadline = _Asked(), time.monotonic() + SECONDS
    with closing(cast("Generator[Event]", chain.stream(Ask(QUESTION)))) as events:
        try:
            for event in events:
                if isinstance(event, Called):
                    asked.calls.append(event.call)
                elif isinstance(event, Done):
                    asked.answer = event.answer
                if time.monotonic() > deadline:
                    raise ModelError(f"The answer was not done within {SECONDS:.0f} s.")
        except ModelError as error:
            asked.error = error
    return asked


def _window(model: AnswerModel) -> str:
    if isinstance(model, ExtractiveModel):
        return "it needs none"
    return f"{model.context_tokens:,} tokens"


def _answer_rows(answer: Answer | None) -> Iterator[Row]:
    if answer is not None:
        yield "said", _said(answer)
        yield "sentences proved", f"{answer.proved} of {answer.checked}"


def _said(answer: Answer) -> str:
    said = " ".join(answer.text.split())
    return said if len(said) <= LONGEST_SAID else f"{said[:LONGEST_SAID]}…"


def _call_rows(calls: list[Call]) -> Iterator[Row]:
    if calls:
        read = calls[0].prompt_tokens
        counted = f"{read:,}" if read is not None else "the server does not say"
        yield "tokens sent, about", f"{calls[0].tokens_sent:,}"
        yield "tokens read", counted


def _reads_less(call: Call) -> bool:
    return call.prompt_cut or _is_too_few(call.prompt_tokens, call.messages)


def _is_too_few(read: int | None, messages: tuple[Message, ...]) -> bool:
    """Whether a server counted fewer tokens than there are words, which no tokenizer comes to."""
    words = sum(len(WORD.findall(message.text)) for message in messages)
    return read is not None and read < TOKENS_PER_WORD * words


def _cut(visit: Visit, read: int, sent: int, rows: tuple[Row, ...]) -> Finding:
    """What to set where a server reads less than was sent, by its kind."""
    wanted = visit.answer_settings.context_tokens
    kind = visit.choice.model.name.partition(":")[0]
    larger = {
        "ollama": f"Give Ollama a larger window (OLLAMA_CONTEXT_LENGTH={wanted} ollama serve)",
        "vllm": f"Start vLLM with a larger window (--max-model-len {wanted})",
    }.get(
        kind,
        f"Give the model a window of {wanted} tokens where it is loaded (LM Studio: Context "
        f"Length; llama.cpp: -c {wanted})",
    )
    return failed(
        f"The server read {read:,} of about {sent:,} tokens: its window is too small.",
        f"{larger}, or set a context_tokens in settings that it does read.",
        *rows,
    )


def check_window(visit: Visit) -> Finding:
    """A prompt as long as settings allow is sent once, and what the server counts is compared."""
    model = visit.choice.model
    if isinstance(model, ExtractiveModel):
        return ok(f"{model.name} has no window: nothing is cut.")
    room = model.context_tokens - FEW_TOKENS
    messages = _filling(model, room)
    sent, started = model.count(messages), time.monotonic()
    usage = Usage(None, None, {}, cut_off=False)
    for piece in model.stream(messages, Sampling(answer_tokens=FEW_TOKENS)):
        if isinstance(piece, Usage):
            usage = piece
    rows: tuple[Row, ...] = (
        ("window", f"{room + FEW_TOKENS:,} tokens"),
        ("context_tokens in settings", f"{visit.answer_settings.context_tokens:,}"),
        ("tokens sent, about", f"{sent:,}"),
    )
    if usage.prompt_tokens is None:
        return note(
            "The server does not say how many tokens it read, so this cannot be seen.",
            "Look at the window in the server's own settings.",
            *rows,
        )
    rows = (*rows, ("tokens read", f"{usage.prompt_tokens:,}"))
    if usage.prompt_cut or _is_too_few(usage.prompt_tokens, messages):
        return _cut(visit, usage.prompt_tokens, sent, rows)
    return ok(f"A prompt of the whole window is read in {time.monotonic() - started:.1f} s.", *rows)


def _filling(model: LanguageModel, room: int) -> tuple[Message, ...]:
    """A prompt that takes about so many tokens, by the model's own count, and no more."""
    lines = room * SAMPLE_LINES // model.count(_ledger(SAMPLE_LINES))
    while lines > 1 and model.count(_ledger(lines)) > room:
        lines = lines * 9 // 10
    return _ledger(lines)


def _ledger(lines: int) -> tuple[Message, ...]:
    text = "\n".join(FILLER.format(number) for number in range(1, lines + 1))
    return (Message("user", f"{text}\nSay yes."),)
