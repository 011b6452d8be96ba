"""How the parts of an exported PDF look."""

from __future__ import annotations

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.styles import ParagraphStyle

from app.export.fonts import REGULAR

TEXT, QUIET, RULE, ACCENT, UNPROVED = (
    HexColor(value) for value in ("#1f2430", "#5a6172", "#c9cdd6", "#2456b8", "#8a4b00")
)
GROUND = "#fff0d2"  # behind a sentence that is not proved

BODY = ParagraphStyle(
    "body", fontName=REGULAR, fontSize=9.5, leading=14.5, textColor=TEXT, spaceAfter=6,
    bulletFontName=REGULAR, bulletFontSize=9.5,
)  # fmt: skip
TITLE = ParagraphStyle("title", parent=BODY, fontSize=17, leading=23, spaceAfter=4)
QUESTION = ParagraphStyle(
    "question", parent=BODY, fontSize=12.5, leading=17.5, spaceAfter=3, keepWithNext=1
)
HEADING = ParagraphStyle("heading", parent=BODY, spaceBefore=6, spaceAfter=3, keepWithNext=1)
ITEM = ParagraphStyle("item", parent=BODY, leftIndent=20, bulletIndent=2, spaceAfter=3)
SMALL = ParagraphStyle("small", parent=BODY, fontSize=8.5, leading=12.5, textColor=QUIET)
HOW = ParagraphStyle("how", parent=SMALL, keepWithNext=1)
TOLD = ParagraphStyle("told", parent=BODY, textColor=UNPROVED)
NAMED = ParagraphStyle("named", parent=ITEM, spaceBefore=4, spaceAfter=1, keepWithNext=1)
PAGE_ALONE = ParagraphStyle("page-alone", parent=SMALL, leftIndent=20)
PAGE = ParagraphStyle("page", parent=PAGE_ALONE, spaceAfter=1, keepWithNext=1)
QUOTE = ParagraphStyle("quote", parent=BODY, leftIndent=30, fontSize=9, leading=13.5)


def hex_of(color: Color) -> str:
    """A colour as markup has it."""
    return f"#{color.hexval()[2:]}"
