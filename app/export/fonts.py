"""Which font a PDF draws each character with; what none has is told, not lost."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

from app.export.conversation import code_point

FOLDER = Path(__file__).parent / "fonts"
REGULAR, BOLD, CODE = "DejaVuSans", "DejaVuSans-Bold", "Courier"
# Fonts that programs which show PDFs have for these scripts, and the characters that are in them.
EAST_ASIAN = {"STSong-Light": "gbk", "HeiseiMin-W3": "cp932", "HYSMyeongJo-Medium": "cp949"}
LAST = "\uffff"  # the text of a character beyond is written wrongly into a PDF by reportlab


@cache
def register_fonts() -> None:
    """Make the fonts known to reportlab."""
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(_read_font(name))
    for name in EAST_ASIAN:
        pdfmetrics.registerFont(UnicodeCIDFont(name))


@cache
def _read_font(name: str) -> TTFont:
    return TTFont(name, str(FOLDER / f"{name}.ttf"))


class Lettering:
    """Chooses the fonts of one file and remembers what it could not draw as it stands."""

    def __init__(self) -> None:
        register_fonts()
        self.missing: set[str] = set()
        self.east_asian = False

    def drawn(self, text: str) -> str:
        """A text with code points for what no font has, without what is invisible anyway."""
        return "".join(map(self._drawn, unicodedata.normalize("NFC", text)))

    def by_font(
        self, text: str, *, bold: bool = False, code: bool = False
    ) -> list[tuple[str, str]]:
        """A drawn text in runs: each a font and what it draws."""
        order = _east_asian_order(text)
        runs: list[tuple[str, str]] = []
        for character in text:
            font = _font(character, order, bold=bold, code=code) or REGULAR
            self.east_asian = self.east_asian or font in EAST_ASIAN
            if runs and runs[-1][0] == font:
                runs[-1] = (font, runs[-1][1] + character)
            else:
                runs.append((font, character))
        return runs

    def _drawn(self, character: str) -> str:
        if _font(character, list(EAST_ASIAN)):
            return character
        if unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f":
            return ""
        self.missing.add(character)
        return code_point(character)


def _font(
    character: str, order: Sequence[str], *, bold: bool = False, code: bool = False
) -> str | None:
    if code and character.isascii():
        return CODE
    if character > LAST:
        return None
    for name in (BOLD, REGULAR) if bold else (REGULAR,):
        if ord(character) in _read_font(name).face.charToGlyph:
            return name
    return next((name for name in order if _has(name, character)), None)


def _has(name: str, character: str) -> bool:
    try:
        character.encode(EAST_ASIAN[name])
    except UnicodeEncodeError:
        return False
    return True


def _east_asian_order(text: str) -> list[str]:
    """Japanese and Korean are told by their own letters; what is left is Chinese."""
    chinese, japanese, korean = EAST_ASIAN
    if any("\u3040" <= one <= "\u30ff" for one in text):
        return [japanese, chinese, korean]
    if any("\uac00" <= one <= "\ud7a3" for one in text):
        return [korean, chinese, japanese]
    return [chinese, japanese, korean]
