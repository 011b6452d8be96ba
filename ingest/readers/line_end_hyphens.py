"""Words that a line's end has cut in two -> whole again, as the rest of the document has them."""

from __future__ import annotations

import re
from collections.abc import Sequence

CUT_WORD = re.compile(r"(?<![\w-])([^\W\d_]{2,})-\n([^\W\d_]{2,})(?![\w-])")
WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def join_cut_words(texts: Sequence[str]) -> list[str]:
    """The texts of a document's pages with their cut words joined.

    A hyphen stays where the document writes the word with one elsewhere, or has both halves as
    words and not the whole; it goes where it does not. Before a capital or a number it is kept.
    """
    if not any("-\n" in text for text in texts):
        return list(texts)
    known = {word for text in texts for word in WORDS.findall(CUT_WORD.sub(" ", text).lower())}

    def joined(match: re.Match[str]) -> str:
        left, right = match[1], match[2]
        if not (left[-1].islower() and right[0].islower()):
            return match[0]
        return (
            left + right if _is_one_word(left.lower(), right.lower(), known) else f"{left}-{right}"
        )

    return [CUT_WORD.sub(joined, text) for text in texts]


def _is_one_word(left: str, right: str, known: set[str]) -> bool:
    if f"{left}-{right}" in known:
        return False
    return left + right in known or not (left in known and right in known)
