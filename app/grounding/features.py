"""What a claim and its evidence have in common, as numbers between 0 and 1.

A claim's words weigh by how rare they are. The evidence is looked at whole, in windows of three
sentences, and sentence by sentence: a claim is rarely proved by words that stand far apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from app.grounding.quantities import missing_quantities, quantities
from app.grounding.rarity import rarity
from app.terms import stems
from ingest.sentences import split_sentences
from ingest.stemming import stem

WINDOW = 3  # sentences
MOST_COUNTED = 10  # words that are missing; more are no worse
MOST_WORDS = 64  # of a sentence; tables and lists have no sentence's end
MORE_WORDS = 2  # that a sentence may have beside a claim's and still say about the same
NAME = re.compile(r"(?<!^)(?<![.!?\"“] )\b[A-Z][\w’'-]*[A-Za-z]")  # not a sentence's first word
NEGATIONS = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|unable|fail(?:s|ed)?|lacks?|lacked"
    r"|refus(?:e|es|ed)|den(?:y|ies|ied))\b|n[’']t\b",
    re.IGNORECASE,
)
OPPOSITES = tuple(
    tuple(pair.split("/"))
    for pair in (
        "increase/decrease increase/decline rise/fall rose/fell grew/declined growth/decline "
        "higher/lower highest/lowest more/less more/fewer most/least greater/less greater/smaller "
        "largest/smallest maximum/minimum above/below up/down long/short "
        "before/after first/last early/late earlier/later older/younger older/newer old/new "
        "begin/end began/ended start/end open/close opened/closed enter/leave "
        "north/south east/west northern/southern eastern/western left/right inside/outside "
        "internal/external import/export public/private major/minor strong/weak many/few "
        "win/lose won/lost gain/lose gain/loss profit/loss success/failure better/worse "
        "improve/worsen positive/negative include/exclude always/never possible/impossible "
        "accept/reject allow/forbid support/oppose buy/sell bought/sold "
        "rich/poor male/female men/women alive/dead"
    ).split()
)


@dataclass(frozen=True)
class Sentence:
    """A sentence of the evidence.

    ``stems`` are those of its telling words, in order; ``plain`` are its words alone, between
    spaces; ``negations`` is how many words in it deny something.
    """

    text: str
    stems: tuple[str, ...]
    held: frozenset[str]
    plain: str
    negations: int


NO_SENTENCE = Sentence("", (), frozenset(), "  ", 0)


@dataclass(frozen=True)
class Comparison:
    """What was seen when a claim was compared with its evidence; shares are 0 to 1.

    ``whole``, ``window`` and ``sentence`` are the shares of the claim's words, weighted, that the
    evidence has, at best three neighbouring sentences of it, and at best one, the nearest;
    ``pairs`` are those of its neighbouring words that are neighbours in the evidence too; ``run``
    is its longest part that stands there in the same order. What is missing is missing in the
    whole, what is far is missing in the three sentences. ``opposites`` are pairs of words of which
    the claim has one and the nearest sentence the other; ``denial`` is whether one of these two
    denies and the other says about the same without that. ``verbatim`` is whether a sentence has
    the claim word for word and denies no more than it.
    """

    whole: float
    window: float
    sentence: float
    pairs: float
    run: float
    names: int
    missing_names: tuple[str, ...]
    missing_numbers: tuple[str, ...]
    far_numbers: tuple[str, ...]
    missing_words: tuple[str, ...]
    far_words: tuple[str, ...]
    rarest_missing: float
    opposites: tuple[tuple[str, str], ...]
    other_negations: bool
    denial: bool
    verbatim: bool
    nearest: str

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
            float(not self.missing_words),
            len(self.missing_names) / (self.names or 1),
            float(bool(self.missing_names)),
            float(bool(self.missing_numbers)),
            float(bool(self.far_numbers)),
            float(bool(self.opposites)),
            float(self.other_negations),
            self.rarest_missing,
            min(len(self.missing_words), MOST_COUNTED) / MOST_COUNTED,
            min(len(self.far_words), MOST_COUNTED) / MOST_COUNTED,
        )


FEATURES = (
    "whole", "window", "sentence", "pairs", "run", "window cubed", "every word there",
    "share of names missing", "a name missing", "a number missing", "a number far away",
    "an opposite", "a negation more or less", "rarest word missing", "words missing",
    "words far away",
)  # fmt: skip
FIRST_BAD = FEATURES.index("share of names missing")  # from here on, more speaks against a claim


def compare(claim: str, evidence: str) -> Comparison:
    """Compare a claim with a text."""
    missing_numbers = missing_quantities(claim, evidence)
    asked = stems(_without_rounded(claim, missing_numbers, evidence))
    weights = {stem: rarity_of(stem) for stem in asked}
    total = sum(weights.values()) or 1.0

    def share(held: frozenset[str]) -> float:
        return sum(weight for stem, weight in weights.items() if stem in held) / total

    sentences = read_sentences(evidence)
    held = _held(sentences)
    # Among equals the one that says least else.
    nearest = max(
        sentences, key=lambda one: (share(one.held), -len(one.stems)), default=NO_SENTENCE
    )
    windows = [sentences[max(0, at - 1) : at - 1 + WINDOW] for at in range(1, len(sentences) + 1)]
    window = max(windows, key=lambda some: share(_held(some)), default=())
    near = _held(window)
    missing_words = tuple(stem for stem in weights if stem not in held)
    far_numbers = missing_quantities(claim, " ".join(one.text for one in window))
    names = list(dict.fromkeys(NAME.findall(claim)))
    negations, plain = len(NEGATIONS.findall(claim)), _plain(claim)
    return Comparison(
        whole=share(held),
        window=share(near),
        sentence=share(nearest.held),
        pairs=_pairs(asked, weights, sentences),
        run=_run(asked, sentences),
        names=len(names),
        missing_names=tuple(name for name in names if not set(stems(name)) <= held),
        missing_numbers=tuple(missing_numbers),
        far_numbers=tuple(number for number in far_numbers if number not in missing_numbers),
        missing_words=missing_words,
        far_words=tuple(stem for stem in weights if stem not in near),
        rarest_missing=max((weights[stem] for stem in missing_words), default=0.0),
        opposites=_opposites(frozenset(asked), nearest.held),
        other_negations=negations % 2 != nearest.negations % 2,
        denial=_denies(negations, len(asked), nearest),
        verbatim=any(plain in one.plain and one.negations == negations for one in sentences),
        nearest=nearest.text,
    )


@lru_cache(maxsize=256)
def read_sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text, a very long one in parts. Many claims ask the same passages."""
    found = []
    for sentence in split_sentences(text):
        words = sentence.split()
        for start in range(0, len(words), MOST_WORDS):
            part = " ".join(words[start : start + MOST_WORDS])
            said = tuple(stems(part))
            negations = len(NEGATIONS.findall(part))
            found.append(Sentence(part, said, frozenset(said), _plain(part), negations))
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
    """A text's words alone, between spaces; a sign before a number is a word."""
    signed = re.sub(r"(?<!\S)[-−](?=\d)", "minus ", text.casefold())
    words = " ".join(re.findall(r"[^\W_]+", signed))
    return f" {words} "


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
        for word in asked:
            lengths = {
                at: lengths.get(at - 1, 0) + 1 for at, said in enumerate(one.stems) if said == word
            }
            longest = max(longest, *lengths.values()) if lengths else longest
    return longest / (len(asked) or 1)


def _opposites(asked: frozenset[str], said: frozenset[str]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (mine, theirs)
        for pair in _stemmed_opposites()
        for mine, theirs in (pair, pair[::-1])
        if mine in asked and theirs in said and mine not in said and theirs not in asked
    )


@cache
def _stemmed_opposites() -> tuple[tuple[str, str], ...]:
    return tuple((stem(one), stem(other)) for one, other in OPPOSITES)


def _denies(negations: int, words: int, nearest: Sentence) -> bool:
    """Whether a claim of so many negations and words denies the nearest sentence, or that it."""
    if negations and not nearest.negations:
        return True
    says_the_same = len(nearest.stems) <= words + MORE_WORDS
    return nearest.negations > 0 and not negations and says_the_same
