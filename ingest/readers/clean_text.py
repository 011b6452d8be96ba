"""A page's raw text -> text that is fit for search."""

from __future__ import annotations

import re

LINE_END_HYPHEN = "\ufffe"  # how PDFium writes a hyphen that ends a line

LIGATURES = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\ufb05": "st", "\ufb06": "st",
}  # fmt: skip
CONTROLS = {code: None for code in range(32) if chr(code) not in "\t\n"}
TRANSLATION = str.maketrans(LIGATURES) | CONTROLS | {ord("\t"): " "}
TO_TRANSLATE = re.compile(r"[\x00-\x09\x0b-\x1f\ufb00-\ufb06]")
SURROGATES = re.compile(r"[\ud800-\udfff]+")
LEADERS = re.compile(r"([._-])\1{3,}")  # a longer run only leads the eye to a page number
SPACED_LEADERS = re.compile(r"\.(?: \.){3,}")
HYPHEN_IN_A_WORD = re.compile(f"{LINE_END_HYPHEN}\n?(?=[^\\W\\d_])")

WITHOUT_MEANING = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\xad\u2010._-]+")


def clean_text(raw: str) -> str:
    """Make a raw text fit for search; only what ``essence`` leaves out is lost.

    Line ends become ``\\n``, ligatures letters; control characters, lone surrogates and the rest of
    a dot leader go. A word that a line's end cuts keeps its hyphen, for ``join_cut_words``.
    """
    text = raw.replace("\r\n", "\n")
    if LINE_END_HYPHEN in text:
        text = HYPHEN_IN_A_WORD.sub(_line_end, text).replace(LINE_END_HYPHEN, "-")
    if TO_TRANSLATE.search(text):
        text = text.translate(TRANSLATION)
    if "...." in text or "____" in text or "----" in text:
        text = LEADERS.sub(r"\1\1\1", text)
    if ". . . ." in text:
        text = SPACED_LEADERS.sub("...", text)
    return text if text.isascii() else SURROGATES.sub("", text)


def essence(text: str) -> str:
    """The characters that cleaning never loses: no white space, hyphens, dots or controls.

    It is the same for a raw text and for what ``clean_text`` makes of it, so one can be found in
    the other.
    """
    return WITHOUT_MEANING.sub("", text).translate(TRANSLATION)


def _line_end(hyphen: re.Match[str]) -> str:
    """A word goes on in small letters; before a capital the hyphen is the word's own."""
    return "-\n" if hyphen.string[hyphen.end()].islower() else "-" + hyphen[0][1:]
