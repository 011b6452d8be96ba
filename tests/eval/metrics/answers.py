"""Answers made by hand, with all that metrics look at."""

from __future__ import annotations

from collections.abc import Sequence

from app.citations import check_text
from app.events import Answer, Call, Receipt
from eval.cases import Case, Evidence
from ingest.search import Passage
from prompts.refusal import REFUSAL, is_refusal
from tests.app.asking import passage


def answer(
    text: str, passages: Sequence[Passage] = (), *, receipt: Receipt | None = None
) -> Answer:
    """An answer whose sentences are bound and checked as the chain does it."""
    return Answer(
        question="?",
        standalone_question="?",
        text=text,
        steps=(),
        claims=tuple(check_text(text, passages)),
        passages=tuple(passages),
        receipt=receipt or Receipt(model="m", strategy="direct"),
        refused=is_refusal(text),
    )


def refusal(passages: Sequence[Passage] = ()) -> Answer:
    """An answer that says that there is none."""
    return answer(REFUSAL, passages)


def case(
    *answers: str,
    answerable: bool = True,
    evidence: Sequence[tuple[str, int]] = (),
    planted: str | None = None,
) -> Case:
    """A case; ``evidence`` are documents and pages."""
    return Case(
        id="1",
        question="At what pressure does the valve open?",
        answers=answers,
        answerable=answerable,
        evidence=tuple(Evidence(document=name, page=page) for name, page in evidence),
        provenance={} if planted is None else {"planted": planted},
    )


def call(*, prompt_tokens: int | None, answer_tokens: int | None) -> Call:
    """A call of a model that cost so much."""
    return Call(
        step="answer", messages=(), prompts={}, sampling={}, options={}, text="", thought="",
        tokens_sent=0, prompt_tokens=prompt_tokens, answer_tokens=answer_tokens,
        seconds_to_first_token=0.5, seconds=1.0, cut_off=False,
    )  # fmt: skip


__all__ = ["answer", "call", "case", "passage", "refusal"]
