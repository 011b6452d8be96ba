"""The words of a text: stemmed as the full-text index stems them, or plain to be compared."""

from __future__ import annotations

import re
import unicodedata

from ingest.search import STOP_WORDS
from ingest.stemming import stem

NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?")
WORD = re.compile(rf"{NUMBER.pattern}|\w+")
ARTICLES = re.compile(r"\b(a|an|the)\b")


def stems(text: str) -> list[str]:
    """The stems of all words that are no stop words, in order; numbers as ``numbers`` has them."""
    words = WORD.findall(_fold(text.lower()))
    return [_stem(word) for word in words if word not in STOP_WORDS]


def numbers(text: str) -> set[str]:
    """The numbers of a text, without thousands separators and trailing zeros after a point."""
    return {_plain_number(match) for match in NUMBER.findall(text)}


def normalise(text: str) -> str:
    """Lower case, without punctuation and articles, as SQuAD compares answers."""
    words = re.sub(r"[^\w\s]", " ", text.lower())
    return " ".join(ARTICLES.sub(" ", words).split())


def _plain_number(number: str) -> str:
    plain = number.replace(",", "")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _fold(text: str) -> str:
    """The text without accents, as the full-text index has it."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _stem(word: str) -> str:
    return _plain_number(word) if NUMBER.fullmatch(word) else stem(word)
