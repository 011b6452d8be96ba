"""Words are stemmed the same, however many threads stem at once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ingest.stemming import stem

STARTS = ("nation", "relation", "condition", "hope", "motor", "plaster", "formal", "electric")
ENDINGS = ("alize", "ations", "ful", "ness", "ing", "ed", "iveness", "icate", "s")
WORDS = [start + "x" * n + ending for start in STARTS for ending in ENDINGS for n in range(20)]


@pytest.fixture
def impatient_threads() -> Iterator[None]:
    """Threads that take turns all the time."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.parametrize(("word", "stemmed"), [("valves", "valv"), ("running", "run"), ("", "")])
def test_a_word_is_cut_to_its_stem(word: str, stemmed: str) -> None:
    assert stem(word) == stemmed


@pytest.mark.usefixtures("impatient_threads")
def test_threads_do_not_break_each_others_words() -> None:
    with ThreadPoolExecutor(4) as threads:
        turned = [WORDS[start:] + WORDS[:start] for start in (0, 7, 31, 77)]
        found = list(threads.map(lambda words: [stem(word) for word in words], turned))
    stem.cache_clear()
    for words, stems in zip(turned, found, strict=True):
        assert stems == [stem(word) for word in words]
