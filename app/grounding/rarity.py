"""How rare a word is, without any text of the user's: by its place in the embedder's vocabulary.

The vocabulary of BERT, which the default embedder has, lists whole words by how often they occur,
so the rank of a word tells its frequency (Zipf's law).
"""

from __future__ import annotations

import json
import math
from functools import cache

from ingest.embedder_cache import bundled_model

FIRST_WORD = 1996  # "the"; pieces of words, signs and letters of all scripts stand before
VOCABULARY = 30_522  # words, pieces and signs
UNKNOWN = 1.0


@cache
def _ranks() -> dict[str, int]:
    stored = (bundled_model() / "tokenizer.json").read_text(encoding="utf-8")
    vocabulary: dict[str, int] = json.loads(stored)["model"]["vocab"]
    return {word: rank for word, rank in vocabulary.items() if rank >= FIRST_WORD}


@cache
def rarity(word: str) -> float:
    """0.1 for the most frequent words to 1 for those that the vocabulary does not know."""
    rank = _ranks().get(word.lower())
    if rank is None:
        return UNKNOWN
    return 0.1 + 0.9 * math.log(rank - FIRST_WORD + 1) / math.log(VOCABULARY - FIRST_WORD)
