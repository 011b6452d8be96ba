"""Which tokens of a document are dropped half-way through the embedder.

Function words, punctuation and the later pieces of long numbers are a third to a half of a text's
tokens. After two layers the others have taken up what they had to say, so the layers that follow
run, and the mean is taken, without them (token pruning; Goyal et al., "PoWER-BERT", 2020). What
that costs in search and saves in time stands in docs/benchmarks.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy
from numpy.typing import NDArray

from ingest.search import STOP_WORDS

FULL_LAYERS = 2  # that see all tokens
CONTINUED = "##"  # how WordPiece marks a piece that is not the first of its word


def droppable_tokens(vocabulary: Mapping[str, int]) -> list[int]:
    """The ids of a WordPiece vocabulary whose tokens are dropped, in order."""
    return sorted(number for token, number in vocabulary.items() if _says_little(token))


def kept_positions(tokens: Sequence[int], droppable: NDArray[numpy.bool_]) -> NDArray[numpy.int64]:
    """The positions of the token ids that go through all layers; ``droppable`` is by id."""
    return numpy.flatnonzero(~droppable[list(tokens)])


def _says_little(token: str) -> bool:
    later_digits = token.startswith(CONTINUED) and token[len(CONTINUED) :].isdigit()
    punctuation = len(token) == 1 and not token.isalnum()
    return token in STOP_WORDS or punctuation or later_digits
