"""What a sentence quotes, word for word or nearly so, and where a text has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from app.grounding.features import NEGATIONS
from app.grounding.quantities import missing_quantities
from ingest.stemming import stem

QUOTED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|«([^«»]+)»|„([^„“”]+)[“”]")
LEFT_OUT = re.compile(r"\s*(?:\.\.\.|…|\[[^\]]*\])\s*")
WORD = re.compile(r"\w+")
FEWEST_WORDS = 4  # fewer between quotation marks are a title or a term
TITLE_CAPITALS = 0.5  # of the words that begin with one; from there on they are a title
WORDS_FOR_A_SLIP = 8  # one word in so many may be another one, missing or added

Span = tuple[int, int]


def quotations(sentence: str) -> list[str]:
    """What stands between quotation marks and is long enough to be quoted from somewhere."""
    found = ["".join(groups) for groups in QUOTED.findall(sentence)]
    return [quoted for quoted in found if _is_said(WORD.findall(quoted))]


def _is_said(words: Sequence[str]) -> bool:
    """Whether words between quotation marks are what somebody says, not a title or a term."""
    capitals = sum(not word[0].islower() for word in words)
    return len(words) >= FEWEST_WORDS and capitals < TITLE_CAPITALS * len(words)


def find_quotation(quoted: str, text: str) -> Span | None:
    """Where a text has quoted words, from first to last; None where it has not.

    Where the quotation leaves something out ("...", "[...]") its pieces follow each other. Slips
    and other endings of words are forgiven, but for numbers and denials.
    """
    pieces = [piece for piece in LEFT_OUT.split(quoted) if WORD.search(piece)]
    spans: list[Span] = []
    for piece in pieces:
        span = _find_piece(piece, text, spans[-1][1] if spans else 0)
        if span is None:
            return None
        spans.append(span)
    return (spans[0][0], spans[-1][1]) if spans else None


def _find_piece(piece: str, text: str, start: int) -> Span | None:
    places = [match.span() for match in WORD.finditer(text, start)]
    words = [stem(text[first:last].casefold()) for first, last in places]
    wanted = [stem(word.casefold()) for word in WORD.findall(piece)]
    slips, first, last = _nearest_run(wanted, words)
    if first >= last or slips > len(wanted) // WORDS_FOR_A_SLIP:
        return None
    span = places[first][0], places[last - 1][1]
    found = text[slice(*span)]
    same_denials = len(NEGATIONS.findall(piece)) == len(NEGATIONS.findall(found))
    return span if same_denials and not missing_quantities(piece, found) else None


def _nearest_run(wanted: Sequence[str], words: Sequence[str]) -> tuple[int, int, int]:
    """The run of words at the least edit distance: that distance, its start and its end.

    Sellers, "The theory and computation of evolutionary distances", 1980.
    """
    costs = list(range(len(wanted) + 1))  # of the first so many wanted words, ending here
    starts = [0] * (len(wanted) + 1)
    best = (costs[-1], 0, 0)
    for end, word in enumerate(words, 1):
        previous = list(zip(costs, starts, strict=True))
        costs[0], starts[0] = 0, end
        for at, (diagonal, above) in enumerate(pairwise(previous), 1):
            costs[at], starts[at] = min(
                (diagonal[0] + (word != wanted[at - 1]), diagonal[1]),
                (above[0] + 1, above[1]),
                (costs[at - 1] + 1, starts[at - 1]),
            )
        best = min(best, (costs[-1], starts[-1], end))
    return best
