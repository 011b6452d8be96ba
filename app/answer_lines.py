"""An answer by its lines: sentences with what was found of each, headings and lists kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from app.citations import LIST_SIGN, marked_lines, strip_marks, unwrapped_lines
from app.counted import counted
from app.events import Answer, Claim

LineKind = Literal["paragraph", "heading", "item"]
Style = Literal["", "strong", "code"]

HEADING = re.compile(r"^#{1,6}\s+")
STYLED = re.compile(r"\*\*(?P<strong>[^*\n]+)\*\*|`(?P<code>[^`\n]+)`")
BULLETS = "-*•"


@dataclass(frozen=True)
class Span:
    """A piece of a sentence in one style; empty: none."""

    style: Style
    text: str


@dataclass(frozen=True)
class Sentence:
    """A sentence; ``claim`` is None while it is not checked. ``number`` counts from 0."""

    number: int
    spans: tuple[Span, ...]
    claim: Claim | None


@dataclass(frozen=True)
class Line:
    """A line of an answer; ``sign`` is that of a list's item."""

    kind: LineKind
    sign: str
    sentences: tuple[Sentence, ...]


def lines_of(text: str, claims: Sequence[Claim]) -> list[Line]:
    """The lines of an answer, as far as it has come; sentences beyond ``claims`` are unchecked."""
    lines: list[Line] = []
    number = 0
    for raw, sentences in zip(unwrapped_lines(text), marked_lines(text), strict=True):
        shown = []
        for sentence in sentences:
            claim = claims[number] if number < len(claims) else None
            said = HEADING.sub("", claim.text if claim else strip_marks(sentence))
            shown.append(Sentence(number, tuple(spans(said)), claim))
            number += 1
        if shown:
            lines.append(Line(*_kind(raw.strip()), tuple(shown)))
    return lines


def _kind(line: str) -> tuple[LineKind, str]:
    if HEADING.match(line):
        return "heading", ""
    if (sign := LIST_SIGN.match(line)) is not None:
        return "item", "•" if sign[1] in BULLETS else sign[1]
    return "paragraph", ""


def spans(text: str) -> Iterator[Span]:
    """A text by what a model marks in it: bold and code; any other sign stays as it stands."""
    end = 0
    for found in STYLED.finditer(text):
        if found.start() > end:
            yield Span("", text[end : found.start()])
        if (strong := found["strong"]) is not None:
            yield Span("strong", strong)
        else:
            yield Span("code", found["code"])
        end = found.end()
    if end < len(text):
        yield Span("", text[end:])


def summary(answer: Answer) -> str:
    """The quiet line under an answer."""
    seconds = f"{answer.receipt.seconds:.1f} s"
    if answer.refused:
        return f"None of {counted(len(answer.passages), 'passage')} answers it · {seconds}"
    documents = {c.document_id for claim in answer.claims for c in claim.citations}
    coverage = [str(answer.coverage)] if answer.coverage else []
    parts = [
        f"{answer.proved} of {counted(answer.checked, 'sentence')} proved",
        counted(len(documents), "document"),
        *coverage,
        seconds,
    ]
    return " · ".join(parts)
