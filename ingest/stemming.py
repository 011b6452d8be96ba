"""The stems of words, as the full-text index has them."""

from __future__ import annotations

import threading
from functools import lru_cache

import snowballstemmer


class _Stemmers(threading.local):
    """A stemmer works on its own fields, so two threads that share one break each other's words."""

    def __init__(self) -> None:
        self.porter = snowballstemmer.stemmer("porter")


_stemmers = _Stemmers()


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of a word in lower case, by Porter's algorithm."""
    found: str = _stemmers.porter.stemWord(word)
    return found
