"""A conversation as Markdown, in which no text of documents or models acts as Markdown or HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.answer_lines import Span
from app.export.conversation import (
    NO_PROOF,
    ExportedConversation,
    ExportedLine,
    ExportedSentence,
    ExportedTurn,
    Source,
)

ACTING = re.compile(
    r"[\\`*_\[\]<>&|~$^]"  # emphasis, code, links, HTML, tables, formulas, footnotes
    r"|^[#+=:-]|#(?=#*$)"  # what a line begins or ends with: headings, lists, rules
    r"|:(?=//)|(?<=\bwww)\.|(?<=\bmailto):|(?<=\w)@(?=\w)",  # addresses, linked by themselves
    re.IGNORECASE,
)
NUMBERED = re.compile(r"^(\d+)([.)])(?=\s|$)")
LIST_NUMBER = re.compile(r"[0-9]{1,9}[.)]")


def to_markdown(conversation: ExportedConversation) -> bytes:
    """The conversation as a file in UTF-8."""
    blocks = [f"# {escaped(conversation.title)}", escaped(conversation.about)]
    for number, turn in enumerate(conversation.turns, 1):
        blocks += _turn(turn, number)
    return ("\n\n".join(blocks) + "\n").encode()


def escaped(text: str) -> str:
    """A text that shows every character as it stands."""
    return NUMBERED.sub(r"\1\\\2", ACTING.sub(r"\\\g<0>", text))


def _turn(turn: ExportedTurn, number: int) -> Iterator[str]:
    yield f"## {number}. {escaped(turn.question)}"
    if turn.understood:
        yield f"*Understood as:* {escaped(turn.understood)}"
    if turn.how:
        yield f"*{escaped(turn.how)}*"
    if turn.refused:
        yield "**No answer in the documents.**"
    yield from _blocks(turn.lines)
    if turn.ended:
        yield f"**{escaped(turn.ended)}**"
    if turn.summary:
        yield f"*{escaped(turn.summary)}*"
    for warning in turn.warnings:
        yield f"**Note:** {escaped(warning)}"
    if turn.sources:
        yield "### Sources"
        yield "\n".join(_source(source) for source in turn.sources)


def _blocks(lines: tuple[ExportedLine, ...]) -> Iterator[str]:
    """The lines of an answer; the items of a list stand together."""
    items: list[str] = []
    for line in lines:
        said = " ".join(_sentence(sentence) for sentence in line.sentences)
        if line.kind == "item":
            items.append(f"{_sign(line.sign)} {said}")
            continue
        if items:
            yield "\n".join(items)
            items = []
        yield f"### {said}" if line.kind == "heading" else said
    if items:
        yield "\n".join(items)


def _sign(sign: str) -> str:
    if sign == "•":
        return "-"
    return sign if LIST_NUMBER.fullmatch(sign) else f"- {escaped(sign)}"


def _sentence(sentence: ExportedSentence) -> str:
    said = "".join(_span(span) for span in sentence.spans)
    notes = "".join(f"[{note.number}]" for note in sentence.notes)  # never defined as a link
    why = ""
    if sentence.state == "unsupported":
        why = f"⚠ *(not proved{': ' if sentence.reason else ''}{escaped(sentence.reason)})*"
    return " ".join(filter(None, (said, notes, why)))


def _span(span: Span) -> str:
    inner = span.text.strip()
    if not span.style or not inner:
        return escaped(span.text)
    marked = f"`{inner}`" if span.style == "code" else f"**{escaped(inner)}**"
    return span.text.replace(inner, marked)


def _source(source: Source) -> str:
    lines = [f"- [{source.number}] {escaped(source.document)}"]
    for proof in source.proofs:
        lines.append(f"  - {escaped(proof.page)}{'' if proof.quotes else f': *{NO_PROOF}*'}")
        lines += [f"    - “{escaped(quote)}”" for quote in proof.quotes]
    return "\n".join(lines)
