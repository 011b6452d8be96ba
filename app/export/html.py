"""A conversation as one HTML file: no script, nothing from elsewhere, all text set as text."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import html
from lxml.html.builder import E

from app.export.conversation import (
    NO_PROOF,
    ExportedConversation,
    ExportedLine,
    ExportedSentence,
    ExportedTurn,
    Proof,
    Source,
)

STYLE = (Path(__file__).parent / "conversation.css").read_text(encoding="utf-8")
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; base-uri 'none'; form-action 'none'"
FEWEST_LISTED = 3  # questions that have a table of contents

Element = Any  # lxml has no types


def to_html(conversation: ExportedConversation) -> bytes:
    """The conversation as a file in UTF-8."""
    head = E.head(
        E.meta(charset="utf-8"),
        E.meta({"http-equiv": "Content-Security-Policy", "content": POLICY}),
        E.meta(name="viewport", content="width=device-width, initial-scale=1"),
        E.meta(name="color-scheme", content="light dark"),
        E.title(conversation.title),
        E.style(STYLE),
    )
    main = E.main(_text("h1", conversation.title), _text("p", conversation.about, "quiet"))
    main.extend(_contents(conversation))
    main.extend(_turn(turn, number) for number, turn in enumerate(conversation.turns, 1))
    page = E.html(head, E.body(main), lang="en")
    made: bytes = html.tostring(page, encoding="utf-8", doctype="<!doctype html>")
    return made


def _contents(conversation: ExportedConversation) -> Iterator[Element]:
    if len(conversation.turns) >= FEWEST_LISTED:
        links = [
            E.li(E.a(turn.question, href=f"#q{number}", dir="auto"))
            for number, turn in enumerate(conversation.turns, 1)
        ]
        yield E.nav({"aria-label": "Questions"}, E.ol(*links))


def _turn(turn: ExportedTurn, number: int) -> Element:
    place = f"q{number}"
    section = E.section({"id": place, "aria-labelledby": f"{place}-question"})
    section.append(_text("h2", turn.question, id=f"{place}-question"))
    if turn.understood:
        section.append(E.p("Understood as: ", E.bdi(turn.understood), {"class": "quiet"}))
    if turn.how:
        section.append(_text("p", turn.how, "quiet"))
    if turn.refused:
        section.append(_text("p", "No answer in the documents", "refused"))
    section.extend(_blocks(turn.lines, place, {one.number: one for one in turn.sources}))
    if turn.ended:
        section.append(_text("p", turn.ended, "ended"))
    if turn.summary:
        section.append(_text("p", turn.summary, "quiet"))
    section.extend(_text("p", warning, "warning") for warning in turn.warnings)
    if turn.sources:
        section.append(E.h3("Sources"))
        section.append(E.ol({"class": "sources"}, *(_source(one, place) for one in turn.sources)))
    return section


def _text(tag: str, text: str, name: str = "", **attributes: str) -> Element:
    named = {"class": name} if name else {}
    return E(tag, text, {"dir": "auto", **named, **attributes})


def _blocks(
    lines: tuple[ExportedLine, ...], place: str, sources: dict[int, Source]
) -> Iterator[Element]:
    """The lines of an answer; the items of a list stand together."""
    items: Element = None
    for line in lines:
        said = [_sentence(sentence, place, sources) for sentence in line.sentences]
        if line.kind == "item":
            if items is None:
                items = E.ul({"class": "items"})
                yield items
            sign = E.span(line.sign, {"class": "sign"})
            items.append(E.li({"dir": "auto"}, sign, E.span(*said)))
            continue
        items = None
        yield E("h3" if line.kind == "heading" else "p", {"dir": "auto"}, *said)


def _sentence(sentence: ExportedSentence, place: str, sources: dict[int, Source]) -> Element:
    unproved = sentence.state == "unsupported"
    said = E("mark" if unproved else "span")
    said.extend(E(span.style or "span", span.text) for span in sentence.spans)
    element = E.span(said)
    for note in sentence.notes:
        label = f"Source {note.number}: {sources[note.number].document}"
        name, target = f"{place}-note-{note.reference}", f"#{place}-source-{note.number}"
        link = E.a(str(note.number), {"id": name, "href": target, "aria-label": label})
        element.append(E.sup(link))
    if unproved:
        reason = f"not proved: {sentence.reason}" if sentence.reason else "not proved"
        element.append(E.span(f"({reason})", {"class": "why"}))
    element.tail = " "
    return element


def _source(source: Source, place: str) -> Element:
    item = E.li({"id": f"{place}-source-{source.number}", "value": str(source.number)})
    named = E.p(E.bdi(source.document, {"class": "document"}), {"class": "named"})
    for count, reference in enumerate(source.references, 1):
        label = f"Back to sentence {count} of those that cite source {source.number}"
        link = E.a("↩", {"href": f"#{place}-note-{reference}", "aria-label": label})
        link.tail = " "
        named.append(link)
    item.append(named)
    item.extend(_proof(proof) for proof in source.proofs)
    return item


def _proof(proof: Proof) -> Element:
    quotes = [E.blockquote(quote, dir="auto") for quote in proof.quotes]
    page = E.figcaption(E.bdi(proof.page))
    return E.figure(page, *(quotes or [_text("p", NO_PROOF, "quiet")]))
