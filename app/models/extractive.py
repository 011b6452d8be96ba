"""The built-in answerer: no language model, it quotes the sentences that answer best.

Every sentence of the passages found is scored by a logistic model over what it has in common with
the question and what the reader makes of it; the weights are what ``python -m
benchmarks.fit_extractive`` gives on SQuAD (docs/benchmarks.md). Where the reader is sure, the part
of the best sentence that is the answer comes first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy

from app.events import MARK, Token
from app.reading import shipped_reader
from app.terms import stems
from ingest.library import Library
from ingest.search import Passage
from ingest.sentences import split_sentences
from prompts.refusal import REFUSAL

FEATURES = (
    "similarity", "coverage", "coverage_around", "answer_kind", "word_pairs", "strength",
)  # fmt: skip
STRENGTH = FEATURES.index("strength")
WEIGHTS = (2.88, 0.97, 1.63, 0.89, 1.19, 0.18)
INTERCEPT = -5.27
LEAST_SCORE = -3.23  # below it nothing is close enough, and the answerer refuses
MARGIN = 0.5  # a further sentence is quoted if it scores within this of the best
SURE = 3.0  # logits; from here on the reader's answer is the right part in most sentences
MOST_SHORT_WORDS = 8
MOST_QUOTES = 3
MOST_EMBEDDED = 32  # sentences, the best by their words; only these are compared by meaning
SHORTEST = 15  # characters; anything shorter is a number or a word on its own
HEADING_WORDS = 12  # a line of fewer words, without a number or a sentence's end, is a heading

MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|million|billion|dozen|half|"
    "third|quarter|percent"
)
ASKS_TIME = re.compile(
    r"\bwhen\b|\b(what|which) (year|date|day|month|decade|century)\b", re.IGNORECASE
)
ASKS_NUMBER = re.compile(
    r"\bhow (many|much|long|old|far|large|big|tall|high|often|fast)\b"
    r"|\bwhat (percent|percentage|number|amount)\b|\bpopulation\b",
    re.IGNORECASE,
)
ASKS_NAME = re.compile(
    r"\b(who|whom|whose|where)\b|\b(what|which) (city|country|state|place|location|region|river)\b",
    re.IGNORECASE,
)
ASKS_REASON = re.compile(r"\bwhy\b|\breasons?\b|\bcauses?d?\b", re.IGNORECASE)
HAS_TIME = re.compile(
    rf"\b(1\d|20)\d\d\b|\b\d+(st|nd|rd|th) century\b|\b({MONTHS})\b|\b\d{{1,4}} (bc|ad|bce|ce)\b",
    re.IGNORECASE,
)
HAS_NUMBER = re.compile(rf"\d|\b({NUMBER_WORDS})\b", re.IGNORECASE)
HAS_REASON = re.compile(
    r"\b(because|due to|so that|in order to|since|as a result|therefore|reasons?|causes?d?)\b",
    re.IGNORECASE,
)
NAME_INSIDE = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][\w’'-]+")  # not the sentence's first word


@dataclass(frozen=True)
class Candidate:
    """A sentence that may answer; ``number`` is its passage's, from 1.

    ``answer`` is the part of it that the reader would pick.
    """

    number: int
    text: str
    features: tuple[float, ...]
    answer: str = ""

    @property
    def score(self) -> float:
        """The log odds that the sentence holds the answer."""
        return INTERCEPT + sum(w * f for w, f in zip(WEIGHTS, self.features, strict=True))

    @property
    def short_answer(self) -> str:
        """The part of the sentence that is the answer; empty where the reader is not sure."""
        is_part = len(self.answer) < len(self.text.rstrip(".!?"))
        is_short = len(self.answer.split()) <= MOST_SHORT_WORDS
        is_sure = self.features[STRENGTH] >= SURE
        return self.answer if is_part and is_short and is_sure else ""


class ExtractiveModel:
    """Quotes the sentences that answer best, the shortest first, or refuses."""

    name = "extractive"

    def __init__(self, library: Library) -> None:
        self.library = library

    def quote(self, question: str, passages: Sequence[Passage]) -> Iterator[Token]:
        """One token for the short answer and each quote, with its mark; or the refusal."""
        chosen = choose_quotes(self.candidates(question, passages))
        if not chosen:
            yield Token(REFUSAL)
            return
        best = max(chosen, key=lambda candidate: candidate.score)
        short = [(best.number, best.short_answer)] if best.short_answer else []
        said = [*short, *((candidate.number, candidate.text) for candidate in chosen)]
        for position, (number, text) in enumerate(said):
            yield Token(("\n\n" if position else "") + marked(text, number))

    def candidates(self, question: str, passages: Sequence[Passage]) -> list[Candidate]:
        """The sentences of the passages with their features, the best by all but meaning first."""
        read = sorted(self._read(question, passages), key=lambda one: (-one.score, one.number))
        found = read[:MOST_EMBEDDED]
        if not found:
            return []
        vectors = self.library.embedder.embed_documents([candidate.text for candidate in found])
        asked = self.library.embedder.embed_query(question)
        lengths = numpy.linalg.norm(vectors, axis=1) * numpy.linalg.norm(asked)
        return [
            replace(candidate, features=(float(similarity), *candidate.features[1:]))
            for similarity, candidate in zip((vectors @ asked) / lengths, found, strict=True)
        ]

    def _read(self, question: str, passages: Sequence[Passage]) -> Iterator[Candidate]:
        """Every sentence that could answer, as if none were alike in meaning."""
        weights = self._term_weights(question)
        split = [split_sentences(passage.text) for passage in passages]
        read = shipped_reader().read(question, split)
        for number, (sentences, readings) in enumerate(zip(split, read, strict=True), 1):
            for index, (sentence, reading) in enumerate(zip(sentences, readings, strict=True)):
                if is_statement(sentence):
                    around = " ".join(sentences[max(0, index - 1) : index + 2])
                    words = word_features(question, sentence, around, weights)
                    features = (0.0, *words, reading.strength)
                    yield Candidate(number, sentence, features, reading.answer)

    def _term_weights(self, question: str) -> dict[str, float]:
        """How telling each of the question's words is: its inverse document frequency."""
        terms = sorted(set(stems(question)))
        counts = self.library.catalog.chunks_with(terms)
        _, _, chunks = self.library.catalog.totals()
        return {
            term: math.log(1 + (chunks - counts.get(term, 0) + 0.5) / (counts.get(term, 0) + 0.5))
            for term in terms
        }


def marked(text: str, number: int) -> str:
    """A text whose sentences cite the passage of this number."""
    # A paper's own [3] must not be read as a mark of ours.
    parts = split_sentences(MARK.sub(r"(\1)", text))
    return " ".join(f"{part} [{number}]" for part in parts)


def choose_quotes(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The best sentence and those nearly as good, the shortest first; none if none is close."""
    ranked = sorted(candidates, key=lambda candidate: -candidate.score)
    if not ranked or ranked[0].score < LEAST_SCORE:
        return []
    floor = max(LEAST_SCORE, ranked[0].score - MARGIN)
    distinct: dict[str, Candidate] = {}
    for candidate in ranked:
        if candidate.score >= floor:
            distinct.setdefault(candidate.text.casefold(), candidate)
    return sorted(list(distinct.values())[:MOST_QUOTES], key=lambda candidate: len(candidate.text))


def word_features(
    question: str, sentence: str, around: str, weights: dict[str, float]
) -> tuple[float, ...]:
    """Coverage, coverage with the neighbouring sentences, answer kind and word pairs, each 0 to 1.

    ``weights`` are those of the question's stems.
    """
    asked, said = stems(question), stems(sentence)
    total = sum(weights.values()) or 1.0
    pairs = list(pairwise(asked))
    said_pairs = set(pairwise(said))
    return (
        sum(weights[term] for term in weights.keys() & set(said)) / total,
        sum(weights[term] for term in weights.keys() & set(stems(around))) / total,
        float(has_asked_kind(question, sentence)),
        sum(pair in said_pairs for pair in pairs) / max(1, len(pairs)),
    )


def is_statement(sentence: str) -> bool:
    """Whether a sentence could answer anything: headings and questions do not."""
    if len(sentence) < SHORTEST or sentence.endswith("?"):
        return False
    ended = re.search(r"[.!:;][\"'”’)\]]*$", sentence) is not None
    return ended or len(sentence.split()) >= HEADING_WORDS or re.search(r"\d", sentence) is not None


def has_asked_kind(question: str, sentence: str) -> bool:
    """Whether a sentence holds the kind of thing that a question asks for: a time, a name, ..."""
    if ASKS_TIME.search(question):
        return HAS_TIME.search(sentence) is not None
    if ASKS_NUMBER.search(question):
        return HAS_NUMBER.search(sentence) is not None
    if ASKS_NAME.search(question):
        known = set(stems(question))
        return any(not set(stems(name)) & known for name in NAME_INSIDE.findall(sentence))
    if ASKS_REASON.search(question):
        return HAS_REASON.search(sentence) is not None
    return True
