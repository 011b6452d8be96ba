"""What of a conversation is exported: the answers that are shown, with what proves them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.page_name import page_name
from app.ui.chat.answer_parts import answer_lines, summary
from app.ui.chat.asked import Asked, variants
from app.ui.chat.conversation import Conversation

UNSAFE = re.compile(r"[^\w -]+")
LONGEST_NAME = 60
ONLY_STOPPED = "The answer was stopped."


@dataclass(frozen=True)
class Source:
    """A footnote: its number, where it stands, and the words that prove something."""

    number: int
    place: str
    quotes: tuple[str, ...]


@dataclass(frozen=True)
class Exchanged:
    """A question and its answer, as far as there is one.

    ``lines`` are those of ``answer_lines``; ``closing`` is the quiet line under the answer,
    ``trouble`` why there is none or only a part of it.
    """

    question: str
    by: str
    lines: tuple[dict[str, Any], ...]
    sources: tuple[Source, ...]
    closing: str = ""
    trouble: str = ""


@dataclass(frozen=True)
class Exported:
    """A conversation; ``made`` is when it was exported, in words."""

    title: str
    library: str
    made: str
    exchanges: tuple[Exchanged, ...]

    @property
    def file_name(self) -> str:
        """A name without ending that every system takes."""
        name = " ".join(UNSAFE.sub(" ", self.title).split())[:LONGEST_NAME].strip()
        return name or "conversation"


def exported(conversation: Conversation, title: str) -> Exported:
    """What is exported of a conversation: of several answers to a question the one shown."""
    shown = [conversation.shown(there[0].place) for there in variants(conversation.asked)]
    return Exported(
        title=title,
        library=conversation.library.name,
        made=time.strftime("%d %B %Y, %H:%M"),
        exchanges=tuple(_exchanged(one) for one in shown),
    )


def _exchanged(asked: Asked) -> Exchanged:
    answer = asked.answer
    trouble = asked.error or ("" if answer else ONLY_STOPPED)
    return Exchanged(
        question=asked.question,
        by=" · ".join(part for part in asked.choices.values() if part),
        lines=tuple(answer_lines(answer.text if answer else asked.text, asked.claims)),
        sources=tuple(_sources(asked)),
        closing=summary(answer) if answer else "",
        trouble=trouble,
    )


def _sources(asked: Asked) -> Iterator[Source]:
    """The footnotes in the order of their numbers; a quote is kept where it proves something."""
    cited = [(claim, citation) for claim in asked.claims for citation in claim.citations]
    for number in sorted({citation.number for _, citation in cited}):
        own = [(claim, one) for claim, one in cited if one.number == number]
        first = own[0][1]
        name = page_name(first.page, first.page_label)
        printed = (
            f" (printed {first.page_label})"
            if first.page_label not in (name, str(first.page))
            else ""
        )
        quotes = [one.quote for claim, one in own if claim.verdict == "supported"]
        yield Source(number, f"{first.document}, {name}{printed}", tuple(dict.fromkeys(quotes)))
