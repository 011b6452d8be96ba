"""A conversation as one HTML file: no script, nothing from elsewhere, made to be printed too."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from app.ui.chat.export.content import Exchanged, Exported, Source

STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLES = {"": "{}", "strong": "<strong>{}</strong>", "code": "<code>{}</code>"}


def to_html(conversation: Exported) -> str:
    """The whole conversation."""
    title = escape(conversation.title)
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{title}</title><style>{STYLE}</style></head><body><main>",
        f"<h1>{title}</h1>",
        f'<p class="quiet">Library {escape(conversation.library)}, '
        f"exported {escape(conversation.made)}</p>",
    ]
    for number, exchange in enumerate(conversation.exchanges, 1):
        parts += _exchange(exchange, number)
    return "\n".join([*parts, "</main></body></html>", ""])


def _exchange(exchange: Exchanged, number: int) -> Iterator[str]:
    yield f"<section><h2>{escape(exchange.question)}</h2>"
    for line in exchange.lines:
        yield _line(line, number)
    if exchange.trouble:
        yield f'<p class="trouble">{escape(exchange.trouble)}</p>'
    told = " · ".join(part for part in (exchange.closing, exchange.by) if part)
    yield f'<p class="quiet">{escape(told)}</p>'
    if exchange.sources:
        yield "<h3>Sources</h3><dl>"
        for source in exchange.sources:
            yield _source(source, number)
        yield "</dl>"
    yield "</section>"


def _source(source: Source, number: int) -> str:
    quotes = "".join(f"<dd><q>{escape(quote)}</q></dd>" for quote in source.quotes)
    target = f"s{number}-{source.number}"
    return f'<dt id="{target}">[{source.number}] {escape(source.place)}</dt>{quotes}'


def _line(line: dict[str, Any], number: int) -> str:
    said = " ".join(_sentence(sentence, number) for sentence in line["sentences"])
    if line["kind"] == "heading":
        return f"<h3>{said}</h3>"
    if line["kind"] == "item":
        return f'<p class="item">{escape(line["sign"])} {said}</p>'
    return f"<p>{said}</p>"


def _sentence(sentence: dict[str, Any], number: int) -> str:
    said = "".join(STYLES[span["style"]].format(escape(span["text"])) for span in sentence["spans"])
    notes = "".join(
        f'<sup><a href="#s{number}-{note["number"]}" title="{escape(note["label"])}">'
        f"{note['number']}</a></sup>"
        for note in sentence["notes"]
    )
    if not sentence["reason"]:
        return said + notes
    return f"<mark>{said}</mark>{notes} <small>(not proved: {escape(sentence['reason'])})</small>"
