"""What a claim and its evidence have in common, as numbers between 0 and 1.

A claim's words weigh by how rare they are. The evidence is looked at whole, in windows of three
sentences, and sentence by sentence: a claim is rarely proved by words that stand far apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from app.grounding.quantities import missing_quantities, quantities
from app.grounding.rarity import rarity
from app.terms import stems
from ingest.sentences import split_sentences

WINDOW = 3  # sentences
MOST_COUNTED = 10
MOST_WORDS = 64  # of a sentence; tables and lists have no sentence's end
NAME = re.compile(r"(?<!^)(?<![.!?\"“] )\b[A-Z][\w’'-]*[A-Za-z]")  # not a sentence's first word
NEGATIONS = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|unable|fail(?:s|ed)?|lacks?|lacked"
    r"|refus(?:e|es|ed)|den(?:y|ies|ied))\b|n[’']t\b",
    re.IGNORECASE,
)
OPPOSITES = tuple(
    pair.split("/")
    for pair in (
        "increas/decreas rose/fell rise/fall higher/lower more/less most/least more/fewer "
        "before/after first/last largest/smallest highest/lowest greater/smaller greater/less "
        "abov/below north/south east/west northern/southern eastern/western earli/late won/lost "
        "win/lose includ/exclud alwai/never all/none mani/few major/minor gain/loss gain/lose "
        "posit/neg old/new older/younger accept/reject allow/forbid success/failur strong/weak "
        "possibl/imposs public/privat began/end start/end begin/end improv/worsen male/femal "
        "men/women left/right insid/outsid rich/poor maximum/minimum intern/extern export/import "
        "bui/sell bought/sold support/oppos growth/declin increas/declin grew/declin profit/loss "
        "open/close alive/dead enter/leav accept/declin up/down better/wors"
    ).split()
)


@dataclass(frozen=True)
class Sentence:
    """A sentence of the evidence: its text, the stems of its telling words, in order, all stems."""

    text: str
    stems: tuple[str, ...]
    held: frozenset[str]


@dataclass(frozen=True)
class Comparison:
    """What was seen when a claim was compared with its evidence; shares are 0 to 1.

    ``whole``, ``window`` and ``sentence`` are the shares of the claim's words, weighted, that the
    evidence has, at best three neighbouring sentences of it, and at best one; ``pairs`` are those
    of its neighbouring words that are neighbours in the evidence too; ``run`` is its longest part
    that stands there word for word. ``opposites`` are pairs of words of which the claim has one and
    the nearest sentence the other; ``denial`` is whether one of the two denies and the other says
    about the same without that. ``verbatim`` is whether a sentence has the claim word for word and
    denies no more than it.
    """

    whole: float
    window: float
    rarest_missing: float
    far_words: int
    sentence: float
    pairs: float
    run: float
    names: float
    missing_words: tuple[str, ...]
    missing_names: tuple[str, ...]
    missing_numbers: tuple[str, ...]
    far_numbers: tuple[str, ...]
    opposites: tuple[tuple[str, str], ...]
    negation: bool
    denial: bool
    nearest: str
    verbatim: bool

    @property
    def features(self) -> tuple[float, ...]:
        """In the order of FEATURES."""
        return (
            self.whole,
            self.window,
            self.sentence,
            self.pairs,
            self.run,
            self.window**3,
            float(self.whole > 1 - 1e-9),
            self.names,
            float(bool(self.missing_names)),
            float(bool(self.missing_numbers)),
            float(bool(self.far_numbers)),
            float(bool(self.opposites)),
            float(self.negation),
            self.rarest_missing,
            min(len(self.missing_words), MOST_COUNTED) / MOST_COUNTED,
            min(self.far_words, MOST_COUNTED) / MOST_COUNTED,
        )


FEATURES = (
    "whole", "window", "sentence", "pairs", "run", "window cubed", "every word there",
    "share of names missing", "a name missing", "a number missing", "a number far away",
    "an opposite", "a negation more or less", "rarest word missing", "words missing",
    "words missing nearby",
)  # fmt: skip

FIRST_BAD = FEATURES.index("share of names missing")  # from here on, more speaks against a claim


def compare(claim: str, evidence: str) -> Comparison:
    """Compare a claim with a text."""
    missing_numbers = tuple(missing_quantities(claim, evidence))
    asked = stems(_without_rounded(claim, missing_numbers, evidence))
    weights = {stem: rarity_of(stem) for stem in asked}
    total = sum(weights.values()) or 1.0
    sentences = read_sentences(evidence)
    held = frozenset[str]().union(*(one.held for one in sentences))

    def share(found: frozenset[str]) -> float:
        return sum(weight for stem, weight in weights.items() if stem in found) / total

    singles = [share(one.held) for one in sentences]
    best = max(
        range(len(sentences)),
        key=lambda at: (singles[at], -len(sentences[at].stems)),  # the one that says least else
        default=None,
    )
    windows = [_window(sentences, at) for at in range(len(sentences))]
    best_window = max(windows, key=lambda found: share(_held(found)), default=())
    nearest = sentences[best] if best is not None else Sentence("", (), frozenset())
    missing_names, names = _missing_names(claim, held)
    window_text = " ".join(one.text for one in best_window)
    mine, theirs = len(NEGATIONS.findall(claim)), len(NEGATIONS.findall(nearest.text))
    return Comparison(
        whole=share(held),
        window=share(_held(best_window)),
        rarest_missing=max((w for stem, w in weights.items() if stem not in held), default=0.0),
        far_words=sum(stem not in _held(best_window) for stem in weights),
        sentence=max(singles, default=0.0),
        pairs=_pairs(asked, weights, sentences),
        run=_run(asked, sentences),
        names=len(missing_names) / names if names else 0.0,
        missing_words=tuple(stem for stem in dict.fromkeys(asked) if stem not in held),
        missing_names=missing_names,
        missing_numbers=missing_numbers,
        far_numbers=tuple(
            number
            for number in missing_quantities(claim, window_text)
            if number not in missing_numbers
        ),
        opposites=_opposites(frozenset(asked), nearest.held),
        negation=mine % 2 != theirs % 2,
        denial=mine > theirs == 0 or (theirs > mine == 0 and len(nearest.stems) <= len(asked) + 2),
        nearest=nearest.text,
        verbatim=any(
            _plain(claim) in _plain(one.text) and len(NEGATIONS.findall(one.text)) == mine
            for one in sentences
        ),
    )


@lru_cache(maxsize=256)
def read_sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text, a very long one in parts. Many claims ask the same passages."""
    found = []
    for line in text.split("\n"):
        for sentence in split_sentences(line):
            words = sentence.split()
            for start in range(0, len(words), MOST_WORDS):
                part = " ".join(words[start : start + MOST_WORDS])
                said = tuple(stems(part))
                found.append(Sentence(part, said, frozenset(said)))
    return tuple(found)


@lru_cache(maxsize=50_000)
def rarity_of(stem: str) -> float:
    """The rarity of a stem: of the word that it is, or with the endings that it may have lost."""
    return min(rarity(stem + ending) for ending in ("", "e", "s", "ed", "y"))


def _without_rounded(claim: str, missing: Sequence[str], evidence: str) -> str:
    """A claim without the quantities that the evidence has in another unit, or less rounded."""
    for quantity in quantities(claim):
        elsewhere = quantity.written not in missing and quantity.written not in evidence
        if quantity.in_digits and elsewhere:
            claim = claim.replace(quantity.written, " ", 1)
    return claim


def _plain(text: str) -> str:
    """A text's words alone, between spaces."""
    signed = re.sub(r"(?<!\S)[-−](?=\d)", "minus ", text.casefold())
    words = " ".join(re.findall(r"[^\W_]+", signed))
    return f" {words} "


def _window(sentences: Sequence[Sentence], at: int) -> tuple[Sentence, ...]:
    return tuple(sentences[max(0, at - WINDOW // 2) : at + WINDOW // 2 + 1])


def _held(sentences: Sequence[Sentence]) -> frozenset[str]:
    return frozenset[str]().union(*(one.held for one in sentences))


def _pairs(asked: Sequence[str], weights: dict[str, float], sentences: Sequence[Sentence]) -> float:
    pairs = list(pairwise(asked))
    held = {pair for one in sentences for pair in pairwise(one.stems)}
    total = sum(weights[a] + weights[b] for a, b in pairs)
    return sum(weights[a] + weights[b] for a, b in pairs if (a, b) in held) / (total or 1.0)


def _run(asked: Sequence[str], sentences: Sequence[Sentence]) -> float:
    """The longest part of the claim's words that stands in one sentence in the same order."""
    longest = 0
    for one in sentences:
        lengths: dict[int, int] = {}
        for stem in asked:
            lengths = {
                at: lengths.get(at - 1, 0) + 1 for at, said in enumerate(one.stems) if said == stem
            }
            longest = max(longest, *lengths.values()) if lengths else longest
    return longest / (len(asked) or 1)


def _missing_names(claim: str, held: frozenset[str]) -> tuple[tuple[str, ...], int]:
    names = list(dict.fromkeys(NAME.findall(claim)))
    return tuple(name for name in names if not set(stems(name)) <= held), len(names)


def _opposites(asked: frozenset[str], said: frozenset[str]) -> tuple[tuple[str, str], ...]:
    found = []
    for one, other in OPPOSITES:
        for mine, theirs in ((one, other), (other, one)):
            if mine in asked and theirs in said and not (mine in said or theirs in asked):
                found.append((mine, theirs))
    return tuple(found)
