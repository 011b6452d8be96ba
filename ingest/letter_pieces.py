"""Pieces of words in scripts that the full-text index does not cut, or whose words grow together.

Chinese, Japanese and Thai write no spaces: pairs of neighbouring letters stand for words. Arabic
and Hebrew join articles and pronouns to them: pieces of four letters find the word inside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
)
JOINED = re.compile(r"[\u0590-\u05ff\u0620-\u064a\u066e-\u06d3]+")  # Hebrew, Arabic
VOWEL_SIGNS = re.compile(r"[\u0591-\u05c7\u0640\u064b-\u0652]")  # that are mostly left out
PAIR, PIECE = 2, 4  # letters


def letter_pieces(text: str) -> list[str]:
    """The pieces of those words of a text that are in such a script, in order."""
    return [*_pieces(UNSPACED, text, PAIR), *_pieces(JOINED, VOWEL_SIGNS.sub("", text), PIECE)]


def _pieces(script: re.Pattern[str], text: str, length: int) -> Iterator[str]:
    for found in script.finditer(text):
        run = found[0]
        for start in range(max(1, len(run) - length + 1)):
            yield run[start : start + length]
