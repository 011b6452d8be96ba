"""Tokens counted word by word are as many as the tokenizer gives of the whole."""

import pytest

from ingest.embedder import EmbedderTokenizer
from ingest.token_counts import TokenCounts
from tests.ingest.test_chunk import PROSE, TEXTS, bundled_tokenizer, byte_level_tokenizer


@pytest.mark.parametrize("name", TEXTS)
def test_the_counts_of_words_add_up(name: str) -> None:
    tokenizer = bundled_tokenizer()
    counts = TokenCounts(tokenizer)
    assert counts.words_add_up
    for page in TEXTS[name].pages:
        counts.learn(page.text[: len(page.text) // 2])  # the rest is counted when it comes
        encoding = tokenizer.tokenizer.encode(page.text, add_special_tokens=False)
        assert counts.count(page.text) == len(encoding.ids)
        assert counts.count_embedded("Boilers", page.text) == tokenizer.count_tokens(
            f"Boilers\n{page.text}"
        )


def test_a_tokenizer_that_joins_words_counts_the_whole() -> None:
    tokenizer: EmbedderTokenizer = byte_level_tokenizer()
    counts = TokenCounts(tokenizer)
    assert not counts.words_add_up
    counts.learn(PROSE)
    assert counts.count(PROSE) == len(tokenizer.token_spans(PROSE))
    assert counts.count_embedded("H", PROSE) == tokenizer.count_tokens(f"H\n{PROSE}")
