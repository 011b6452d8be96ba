"""Words that a line's end has cut in two -> whole again, as the rest of the document has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

FIRST_HALF = re.compile(r"(?<![\w-])[^\W\d_]{2,}\Z")
HYPHEN_AND_SECOND_HALF = re.compile(r"-\n([^\W\d_]{2,})(?![\w-])")
WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


class _CutWord(NamedTuple):
    start: int
    end: int
    left: str
    right: str


def join_cut_words(texts: Sequence[str]) -> list[str]:
    """The texts of a document's pages with their cut words joined.

    A hyphen stays where the document writes the word with one elsewhere, or has both halves as
    words and not the whole; it goes where it does not. Before a capital or a number it is kept.
    """
    cut_words = [list(_cut_words(text)) for text in texts]
    if not any(cut_words):
        return list(texts)
    known = _known_words(texts, cut_words)
    return [_joined(text, cut, known) for text, cut in zip(texts, cut_words, strict=True)]


def _cut_words(text: str) -> Iterator[_CutWord]:
    """The search begins at hyphens: to try every word of a text would take many times as long."""
    for match in HYPHEN_AND_SECOND_HALF.finditer(text):
        hyphen = match.start()
        space = max(text.rfind(" ", 0, hyphen), text.rfind("\n", 0, hyphen))
        first = FIRST_HALF.search(text, space + 1, hyphen)
        if first:
            yield _CutWord(first.start(), match.end(), first[0], match[1])


def _known_words(texts: Sequence[str], cut_words: Sequence[Sequence[_CutWord]]) -> set[str]:
    """The words of the document that are not cut."""
    between_spaces: set[str] = set()
    for text, cut in zip(texts, cut_words, strict=True):
        ends = [0, *(word.end for word in cut)]
        starts = [*(word.start for word in cut), len(text)]
        for start, end in zip(ends, starts, strict=True):
            between_spaces.update(text[start:end].lower().split())
    return set(WORDS.findall(" ".join(between_spaces)))


def _joined(text: str, cut_words: Sequence[_CutWord], known: set[str]) -> str:
    parts = []
    end = 0
    for word in cut_words:
        if word.left[-1].islower() and word.right[0].islower():
            hyphen = "" if _is_one_word(word.left.lower(), word.right.lower(), known) else "-"
            parts += [text[end : word.start], word.left, hyphen, word.right]
            end = word.end
    return "".join([*parts, text[end:]])


def _is_one_word(left: str, right: str, known: set[str]) -> bool:
    if f"{left}-{right}" in known:
        return False
    return left + right in known or not (left in known and right in known)
