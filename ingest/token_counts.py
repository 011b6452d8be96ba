"""How many tokens a part of a text has, with each word given to the tokenizer only once."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from itertools import accumulate
from typing import Protocol

Span = tuple[int, int]

LONGEST_WORD = 60  # characters; a longer one hardly comes again and is not kept
MOST_WORDS = 200_000  # that are kept; about 20 MB
CLOSE_TO_LIMIT = 0.95  # of the limit; a text with so many tokens is counted as it will be embedded
PROBE = (
    "The stoker's co-op re-lights (at 9.5 bar) naïve U.S. fireboxes; 锅炉 用煤 don't wait—\n"
    "quickly, unreasonably, 2,345,678 $1.20 ☃ 🙂 Überhitzer ЖАР https://a.example/b?c=d x "
    "thermodynamics steam Steam STEAM rises rising hydrometallurgy grate gratings ash ashes"
)


class TokenOffsets(Hashable, Protocol):
    """What the chunker needs of a tokenizer."""

    max_tokens: int

    def token_spans(self, text: str) -> list[Span]:
        """The character span of each token of ``text``, special tokens left out."""

    def count_tokens(self, text: str) -> int:
        """Tokens of ``text`` as it is embedded, special tokens and prompt counted in."""


class TokenCounts:
    """Counts tokens by words where the tokenizer reads each word by itself, as WordPiece does."""

    def __init__(self, tokenizer: TokenOffsets) -> None:
        self.tokenizer = tokenizer
        alone = sum(len(tokenizer.token_spans(word)) for word in PROBE.split())
        self.words_add_up = alone == len(tokenizer.token_spans(PROBE))
        self._of_word: dict[str, int] = {}
        self._of_header = lru_cache(maxsize=1000)(lambda header: tokenizer.count_tokens(header))

    def learn(self, text: str) -> None:
        """Have the words of a text counted together, which is faster than one by one."""
        if not self.words_add_up:
            return
        if len(self._of_word) > MOST_WORDS:
            self._of_word.clear()
        words = [word for word in set(text.split()).difference(self._of_word)
                 if len(word) <= LONGEST_WORD]  # fmt: skip
        ends = list(accumulate((len(word) + 1 for word in words), initial=0))[1:]
        counts = [0] * len(words)
        current = 0
        for start, _ in self.tokenizer.token_spans(" ".join(words)) if words else []:
            while start >= ends[current]:
                current += 1
            counts[current] += 1
        self._of_word.update(zip(words, counts, strict=True))

    def count(self, text: str) -> int:
        """The tokens of a part of a text, special tokens left out."""
        if not self.words_add_up:
            return len(self.tokenizer.token_spans(text))
        known = self._of_word
        words = text.split()
        try:
            return sum(map(known.__getitem__, words))
        except KeyError:
            return sum(known[word] if word in known else self._count_word(word) for word in words)

    def count_embedded(self, header: str, body: str) -> int:
        """The tokens of a header and a body as they are embedded together."""
        if self.words_add_up:
            count = self.header(header) + self.count(body)
            if count < CLOSE_TO_LIMIT * self.tokenizer.max_tokens:
                return count
        return self.tokenizer.count_tokens(f"{header}\n{body}")

    def header(self, header: str) -> int:
        """The tokens that a header takes, special tokens and prompt counted in."""
        return self._of_header(f"{header}\n")

    def _count_word(self, word: str) -> int:
        return len(self.tokenizer.token_spans(word))


@lru_cache(maxsize=1)
def token_counts(tokenizer: TokenOffsets) -> TokenCounts:
    """The counts of a tokenizer, kept from one document to the next."""
    return TokenCounts(tokenizer)
