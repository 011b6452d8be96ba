"""The part of a long evidence that tells most about a claim, for models that read little."""

from __future__ import annotations

from app.grounding.features import rarity_of, read_sentences
from app.terms import stems

REPEATED = 0.25  # of a word's weight, each time that it is there once more
BESIDE = 1.5  # times as much for a neighbour of what is chosen: it often tells who "he" is
BESIDE_ANYWAY = 0.05  # a neighbour without any word of the claim


def telling_part(claim: str, evidence: str, most_words: int) -> str:
    """The sentences that together have most of the claim's words, weighted by rarity, in order.

    Those of a text that is short enough are all there. A sentence of more words is not taken.
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
            gain = sum(
                weights[stem] * REPEATED ** covered[stem] for stem in one.held if stem in weights
            )
            if at - 1 in chosen or at + 1 in chosen:
                gain = gain * BESIDE + BESIDE_ANYWAY
            if gain > best_gain:
                best, best_gain = at, gain
        if best < 0:
            break
        chosen.add(best)
        room -= lengths[best]
        for stem in sentences[best].held & weights.keys():
            covered[stem] += 1
    return " ".join(sentences[at].text for at in sorted(chosen))
