"""The words that name a document: of its file, its title and its first page, and of a question.

Reports of many companies and quarters say the same with other numbers; what tells them apart is
who wrote them and when. Periods are written in one way: "FY2022", "3Q22" and "third quarter of
2022" become the words 2022 and q3.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.search import STOP_WORDS

OPENING = 1500  # characters of a first page that may name its document
OPENING_WEIGHT = 0.5  # of a word that stands there, beside 1 of one in a file's name or a title
# Of the words that two openings have together: above, they are of one mould. Measured, each with
# its nearest: encyclopedia articles 0.06, agency reports 0.26, accident reports 0.53, quarterly
# reports of one company 0.95 and of different ones 0.45 to 0.68.
ALIKE_FROM, ALIKE_TO = 0.15, 0.4
SHORTEST_QUESTION = 3  # words that are left of one; a shorter one is asked as it is

QUARTERS = {"first": "1", "second": "2", "third": "3", "fourth": "4"}
PERIOD_FORMS = (
    (re.compile(r"\bfiscal(?: year)?\b"), " "),
    (re.compile(r"\bfy ?'?(\d\d)\b(?!\d)"), r" 20\1 "),
    (re.compile(r"\bfy ?(?=\d)"), " "),
    (re.compile(r"\bfy\b"), " "),
    (re.compile(r"\b([1-4])q ?'?(\d\d)\b"), r" q\1 20\2 "),
    (re.compile(r"\b([1-4])q ?(20\d\d)\b"), r" q\1 \2 "),
    (re.compile(r"\bq([1-4]) ?'?(\d\d)\b(?!\d)"), r" q\1 20\2 "),
    (re.compile(r"\b((?:19|20)\d\d) ?q([1-4])\b"), r" \1 q\2 "),
)
QUARTER = re.compile(r"\b(first|second|third|fourth) (?:fiscal )?quarter\b")
WORD = re.compile(r"[^\W_]+")
TELLING = re.compile(r"\b[A-Z][\w.&’'-]*|\b\S*\d\S*")  # with a capital or a digit
PERIOD = re.compile(
    r"\b(?:fiscal year |fiscal |FY ?)?'?(?:(?:19|20)\d\d|[1-4]Q ?'?\d\d(?:\d\d)?"
    r"|Q[1-4](?: ?'?\d\d\b)?)(?: Q[1-4])?\b"
    r"|\b(?:first|second|third|fourth) (?:fiscal )?quarter\b"
    r"|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r" \d{1,2}\b",
    re.IGNORECASE,
)
PERIOD_WORD = re.compile(r"q[1-4]|(?:19|20)\d\d")
NAME = re.compile(r"\b[A-Z0-9][\w.&]*(?:['’]s)?")
LEFT_HANGING = re.compile(r"(?: (?:in|for|of|as of|the|by|ended)){1,3}\s*(?=[?.,]|$)")


@dataclass(frozen=True)
class Naming:
    """How well documents (by id) are named by a question, 0 to 1, the best of them 1.

    ``rest`` is the question without what names them.
    """

    scores: dict[str, float]
    rest: str

    def weight_of(self, document: str) -> float:
        """How much it counts that a document is named as well as it is, 0 to 1.

        The square: one that is named by its period alone is far from one that is named by company
        and period.
        """
        return self.scores.get(document, 0.0) ** 2


def normal_words(text: str) -> list[str]:
    """The words of a text, lower case, with periods written in one way."""
    text = re.sub(r"['’]s\b", "", text.lower().replace("_", " ").replace("-", " "))
    for form, normal in PERIOD_FORMS:
        text = form.sub(normal, text)
    text = QUARTER.sub(lambda found: f" q{QUARTERS[found[1]]} ", text)
    return WORD.findall(text)


def name_words(text: str) -> set[str]:
    """The words of a file's name or a title."""
    return {word for word in normal_words(text) if word not in STOP_WORDS}


def opening_words(page: str) -> set[str]:
    """The words of a first page that may name its document: with a capital or a digit."""
    return {
        word
        for found in TELLING.findall(page[:OPENING])
        for word in normal_words(found)
        if word not in STOP_WORDS
    }


def asked_words(question: str) -> set[str]:
    """The words of a question that may stand in a name.

    Up to three neighbours also joined: the report of Best Buy may be ``BESTBUY_2018.pdf``.
    """
    words = normal_words(question)
    joined = {
        "".join(words[at : at + count])
        for count in (2, 3)
        for at in range(len(words) - count + 1)
        if all(word.isalpha() for word in words[at : at + count])
    }
    return {word for word in {*words, *joined} if word not in STOP_WORDS and len(word) > 1}


def telling_words(question: str) -> set[str]:
    """Those of them that may name a document by its first page: with a capital, or periods."""
    words = {w for found in TELLING.findall(question) for w in normal_words(found)}
    return words | {word for word in normal_words(question) if PERIOD_WORD.fullmatch(word)}


def name_documents(
    question: str, found: Iterable[tuple[str, str, bool]], documents: int
) -> Naming | None:
    """Which of so many documents a question names; None where it names none.

    ``found`` are the words of the question that stand in names and openings, each with the
    document and whether it is of a name. Rare words count more, by BM25's inverse document
    frequency (Robertson and Zaragoza, 2009, with 1 added, so that none counts below zero).
    """
    telling = telling_words(question)
    weights: dict[str, dict[str, float]] = {}
    for word, document, of_name in found:
        if of_name or word in telling:
            held = weights.setdefault(word, {})
            held[document] = max(held.get(document, 0.0), 1.0 if of_name else OPENING_WEIGHT)
    scores: dict[str, float] = {}
    used: set[str] = set()
    for word, held in weights.items():
        if len(held) >= documents:
            continue
        used.add(word)
        rarity = math.log(1 + (documents - len(held) + 0.5) / (len(held) + 0.5))
        for document, weight in held.items():
            scores[document] = scores.get(document, 0.0) + rarity * weight
    if not scores:
        return None
    best = max(scores.values())
    shares = {document: score / best for document, score in scores.items()}
    return Naming(shares, without_names(question, used & telling))


def without_names(question: str, named: set[str]) -> str:
    """A question without these words and without its periods."""

    def cut(found: re.Match[str]) -> str:
        words = normal_words(found[0])
        return "" if words and all(word in named for word in words) else found[0]

    rest = NAME.sub(cut, PERIOD.sub("", question) if named else question)
    rest = LEFT_HANGING.sub("", " ".join(rest.split()))
    return rest if len(normal_words(rest)) >= SHORTEST_QUESTION else question


def likeness(openings: Sequence[set[str]]) -> float:
    """How much documents are of one mould, 0 to 1, by the words of their openings.

    By the median, over the documents, of the Jaccard index with the nearest other one.
    """
    nearest = sorted(
        max(
            (len(one & other) / len(one | other) for j, other in enumerate(openings) if j != i),
            default=0.0,
        )
        for i, one in enumerate(openings)
        if one
    )
    if not nearest:
        return 0.0
    median = nearest[len(nearest) // 2]
    return min(1.0, max(0.0, (median - ALIKE_FROM) / (ALIKE_TO - ALIKE_FROM)))
