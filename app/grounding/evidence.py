"""The part of a long evidence that tells most about a claim, short enough for the reader."""

from __future__ import annotations

from app.grounding.features import rarity_of, read_sentences
from app.terms import stems

MOST_WORDS = 130


def telling_part(claim: str, evidence: str, most_words: int = MOST_WORDS) -> str:
    """The sentences that together have most of the claim's words, weighted by rarity, in order.

    Neighbours of what is chosen count half as much for the same words: they often tell who "he" is.
    """
    if len(evidence.split()) <= most_words:
        return " ".join(evidence.split())
    weights = {stem: rarity_of(stem) for stem in stems(claim)}
    sentences = read_sentences(evidence)
    lengths = [len(one.text.split()) for one in sentences]
    chosen: set[int] = set()
    covered: dict[str, float] = dict.fromkeys(weights, 0.0)
    room = most_words
    while True:
        best, best_gain = -1, 0.0
        for at, one in enumerate(sentences):
            if at in chosen or lengths[at] > room:
                continue
            # The second time that a word is seen tells a quarter as much, and so on.
            gain = sum(
                weights[stem] * 0.25 ** covered[stem] for stem in one.held if stem in weights
            )
            if at - 1 in chosen or at + 1 in chosen:
                gain = gain * 1.5 + 0.05
            if gain > best_gain:
                best, best_gain = at, gain
        if best < 0:
            break
        chosen.add(best)
        room -= lengths[best]
        for stem in sentences[best].held & weights.keys():
            covered[stem] += 1
    return " ".join(sentences[at].text for at in sorted(chosen))
