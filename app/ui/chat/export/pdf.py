"""A conversation as a PDF, with bookmarks, links to its footnotes and fonts for most scripts.

DejaVu Sans is in the file; Chinese, Japanese and Korean use the fonts that PDF readers bring along.
A character that no font has is written as its number, so that none is lost. Arabic and Hebrew are
not joined and ordered as they should be: the HTML file does that.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer

from app.ui.chat.export.content import Exchanged, Exported, Source

FONT_FILE = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
SANS, CHINESE, JAPANESE, KOREAN = "DejaVuSans", "STSong-Light", "HeiseiMin-W3", "HYSMyeongJo-Medium"
KANA = re.compile(r"[\u3040-\u30ff]")
HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")
EAST_ASIAN = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
INK, QUIET, WRONG = HexColor("#1f2933"), HexColor("#55606b"), HexColor("#8a4b00")

BODY = ParagraphStyle("body", fontName=SANS, fontSize=10, leading=15, textColor=INK, spaceAfter=5)
ITEM = ParagraphStyle("item", parent=BODY, leftIndent=14, bulletIndent=2)
TITLE = ParagraphStyle("title", parent=BODY, fontSize=17, leading=23, spaceAfter=8)
QUESTION = ParagraphStyle(
    "question", parent=BODY, fontSize=13, leading=18, spaceBefore=16, spaceAfter=8, keepWithNext=1
)
HEADING = ParagraphStyle("heading", parent=BODY, fontSize=11, spaceBefore=6, keepWithNext=1)
SMALL = ParagraphStyle("small", parent=BODY, fontSize=8.5, leading=12, textColor=QUIET)
QUOTE = ParagraphStyle("quote", parent=SMALL, leftIndent=14)


def to_pdf(conversation: Exported) -> bytes:
    """The whole conversation."""
    _register_fonts()
    written = io.BytesIO()
    document = SimpleDocTemplate(
        written,
        pagesize=A4,
        leftMargin=25 * mm,
        rightMargin=25 * mm,
        topMargin=22 * mm,
        bottomMargin=22 * mm,
        title=conversation.title,
        creator="Citebound",
    )
    made = f"Library {conversation.library}, exported {conversation.made}"
    parts: list[Flowable] = [
        Paragraph(marked_up(conversation.title), TITLE),
        Paragraph(marked_up(made), SMALL),
    ]
    for number, exchange in enumerate(conversation.exchanges, 1):
        parts += _exchange(exchange, number)
    document.build(parts, onFirstPage=_page_number, onLaterPages=_page_number)
    return written.getvalue()


class _Question(Paragraph):
    """A question, which is also a bookmark of the file."""

    def __init__(self, text: str, number: int) -> None:
        super().__init__(marked_up(text), QUESTION)
        self._bookmark = (" ".join(text.split()), f"q{number}")

    def draw(self) -> None:
        title, name = self._bookmark
        self.canv.bookmarkPage(name)
        self.canv.addOutlineEntry(title, name)
        super().draw()


def _exchange(exchange: Exchanged, number: int) -> Iterator[Flowable]:
    yield _Question(exchange.question, number)
    for line in exchange.lines:
        yield _line(line, number)
    if exchange.trouble:
        yield Paragraph(marked_up(exchange.trouble), BODY)
    told = " · ".join(part for part in (exchange.closing, exchange.by) if part)
    yield Paragraph(marked_up(told), SMALL)
    for source in exchange.sources:
        yield from _source(source, number)
    yield Spacer(0, 4)


def _source(source: Source, number: int) -> Iterator[Flowable]:
    anchor = f'<a name="s{number}-{source.number}"/>'
    yield Paragraph(f"{anchor}[{source.number}] {marked_up(source.place)}", SMALL)
    for quote in source.quotes:
        yield Paragraph(f"“{marked_up(quote)}”", QUOTE)


def _line(line: dict[str, Any], number: int) -> Paragraph:
    said = " ".join(_sentence(sentence, number) for sentence in line["sentences"])
    if line["kind"] == "item":
        return Paragraph(said, ITEM, bulletText=line["sign"])
    return Paragraph(said, HEADING if line["kind"] == "heading" else BODY)


def _sentence(sentence: dict[str, Any], number: int) -> str:
    said = "".join(marked_up(span["text"]) for span in sentence["spans"])
    notes = "".join(
        f' <a href="#s{number}-{note["number"]}" color="#2f6fb0">[{note["number"]}]</a>'
        for note in sentence["notes"]
    )
    if not sentence["reason"]:
        return said + notes
    reason = marked_up(f" (not proved: {sentence['reason']})")
    return f'<font color="{WRONG.hexval().replace("0x", "#")}">{said}{reason}</font>{notes}'


def marked_up(text: str) -> str:
    """Text for a paragraph, each run of characters in a font that has them."""
    _register_fonts()
    has_kana = bool(KANA.search(text))
    runs: list[tuple[str, str]] = []
    for character in " ".join(text.split()):
        font, shown = _font_of(character, has_kana=has_kana)
        if runs and runs[-1][0] == font:
            runs[-1] = (font, runs[-1][1] + shown)
        else:
            runs.append((font, shown))
    return "".join(
        escape(shown) if font == SANS else f'<font name="{font}">{escape(shown)}</font>'
        for font, shown in runs
    )


def _font_of(character: str, *, has_kana: bool) -> tuple[str, str]:
    """The font that has a character, and what is written for it."""
    if ord(character) in _sans().face.charToGlyph:
        return SANS, character
    if HANGUL.match(character):
        return KOREAN, character
    if EAST_ASIAN.match(character):
        return (JAPANESE if has_kana else CHINESE), character
    return SANS, f"[U+{ord(character):04X}]"


@cache
def _sans() -> TTFont:
    return TTFont(SANS, str(FONT_FILE))


@cache
def _register_fonts() -> None:
    pdfmetrics.registerFont(_sans())
    for name in (CHINESE, JAPANESE, KOREAN):
        pdfmetrics.registerFont(UnicodeCIDFont(name))


def _page_number(canvas: Canvas, document: SimpleDocTemplate) -> None:
    canvas.saveState()
    canvas.setFont(SANS, 8)
    canvas.setFillColor(QUIET)
    canvas.drawCentredString(A4[0] / 2, 12 * mm, str(document.page))
    canvas.restoreState()
