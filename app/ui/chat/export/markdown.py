"""A conversation as Markdown with footnotes; nothing in its texts acts as Markdown or HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from app.ui.chat.export.content import Exchanged, Exported

ACTING = re.compile(r"([\\`*_{}\[\]<>#|~$&!])")
FIRST = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s)")  # that would begin a list
STYLES = {"": "{}", "strong": "**{}**", "code": "{}"}


def to_markdown(conversation: Exported) -> str:
    """The whole conversation."""
    lines = [
        f"# {escaped(conversation.title)}",
        "",
        f"Library {escaped(conversation.library)}, exported {conversation.made}.",
    ]
    for number, exchange in enumerate(conversation.exchanges, 1):
        lines += ["", *_exchange(exchange, number)]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """Text that shows every character of itself, on one line."""
    one_line = " ".join(text.split())
    return FIRST.sub(r"\1\\\2", ACTING.sub(r"\\\1", one_line))


def _exchange(exchange: Exchanged, number: int) -> Iterator[str]:
    yield f"## {escaped(exchange.question)}"
    for line in exchange.lines:
        yield ""
        yield _line(line, number)
    for told in (exchange.trouble, exchange.closing):
        if told:
            yield ""
            yield f"*{escaped(told)}*"
    if exchange.by:
        yield ""
        yield f"Answered by {escaped(exchange.by)}."
    for source in exchange.sources:
        yield ""
        quotes = "; ".join(f"“{escaped(quote)}”" for quote in source.quotes)
        told = escaped(source.place) + (f": {quotes}" if quotes else "")
        yield f"[^{number}-{source.number}]: {told}"


def _line(line: dict[str, Any], number: int) -> str:
    said = " ".join(_sentence(sentence, number) for sentence in line["sentences"])
    if line["kind"] == "heading":
        return f"### {said}"
    if line["kind"] == "item":
        sign = "-" if line["sign"] == "•" else line["sign"]
        return f"{sign} {said}"
    return said


def _sentence(sentence: dict[str, Any], number: int) -> str:
    spans = sentence["spans"]
    said = "".join(STYLES[span["style"]].format(_inside(span["text"])) for span in spans)
    notes = "".join(f"[^{number}-{note['number']}]" for note in sentence["notes"])
    reason = f" *(not proved: {escaped(sentence['reason'])})*" if sentence["reason"] else ""
    return f"{said}{notes}{reason}"


def _inside(text: str) -> str:
    """A part of a sentence: the spaces at its ends stay."""
    return FIRST.sub(r"\1\\\2", ACTING.sub(r"\\\1", text.replace("\n", " ")))
