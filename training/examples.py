"""What the reader learns from: questions with their answers' places, claims with their verdicts."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.grounding.evidence import telling_part
from app.reading.reader import MOST_WORDS as READER_WORDS
from app.terms import stems
from ingest.sentences import sentence_spans, split_sentences
from training.edits import (
    NAME,
    NUMBER,
    YEAR,
    false_claim,
    same_kind,
    swap_name,
    swap_number,
    true_claim,
)

FEWEST_WORDS, MOST_WORDS = 7, 45  # of a sentence that claims are made from
# SQuAD articles that are never learned from, so that figures can be told of them.
HELD_OUT = frozenset(
    f"{name}.pdf"
    for name in (
        "Doctor_Who", "Geology", "Normans", "Pharmacy", "Southern_California",
        "Victoria_(Australia)", "Warsaw", "Yuan_dynasty",
    )
)  # fmt: skip
EVIDENCE_WORDS = 130  # of the part of a passage that a statement is held against
MOST_SENTENCES = 6  # around a sentence, its evidence


@dataclass(frozen=True)
class Example:
    """A question or a claim, and a passage that answers or proves it, or does not.

    ``span`` is where in the passage the answer stands; None for claims, and where there is none.
    ``wrong`` is the part of ``asked`` that was changed so that it no longer holds.
    """

    asked: str
    passage: str
    holds: bool
    span: tuple[int, int] | None = None
    is_question: bool = False
    wrong: tuple[int, int] | None = None


@dataclass(frozen=True)
class Text:
    """A document's chunks, in order."""

    document: str
    chunks: tuple[str, ...]


def read_nli(folder: Path, chance: random.Random) -> list[Example]:
    """Short pairs of sentences with one small difference."""
    found = []
    for name in ("conjnli_train", "breaking_nli", "help"):
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found.append(
                Example(row["response"], " ".join(row["contexts"]), row["label"] == "entailment")
            )
    chance.shuffle(found)
    return found


def edited_claims(text: Text, chance: random.Random) -> Iterator[Example]:
    """Claims from a document's sentences, as many proved as not."""
    for number, chunk in enumerate(text.chunks):
        sentences = split_sentences(chunk)
        foreign = text.chunks[(number + len(text.chunks) // 2) % len(text.chunks)]
        for at, sentence in enumerate(sentences):
            if not (FEWEST_WORDS <= len(sentence.split()) <= MOST_WORDS and sentence.endswith(".")):
                continue
            before = chance.randrange(MOST_SENTENCES)
            after = chance.randrange(MOST_SENTENCES)
            evidence = " ".join(sentences[max(0, at - before) : at + after + 1])
            claim = true_claim(sentence, chance)
            wrong = false_claim(claim, (evidence, chunk, foreign), chance)
            yield Example(claim, evidence, holds=True)
            if wrong:
                yield Example(wrong, evidence, holds=False, wrong=changed_part(claim, wrong))
            if chance.random() < 0.15:  # something that is said elsewhere
                yield Example(claim, _evidence_from(foreign, chance), holds=False)


def changed_part(before: str, after: str) -> tuple[int, int]:
    """Where ``after`` differs from ``before``; where a word is gone, the words beside it."""
    old, new = before.split(" "), after.split(" ")
    shorter = min(len(old), len(new))
    same = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    tail = next((n for n in range(shorter - same) if old[-1 - n] != new[-1 - n]), shorter - same)
    start, end = len(" ".join(new[:same])), len(" ".join(new[: len(new) - tail]))
    if end - start < 2:
        start, end = len(" ".join(new[: same - 1])), len(" ".join(new[: same + 1]))
    return start, end


def _evidence_from(chunk: str, chance: random.Random) -> str:
    sentences = split_sentences(chunk)
    start = chance.randrange(max(1, len(sentences) - 3))
    return " ".join(sentences[start : start + 6])


def cloze_questions(text: Text, chance: random.Random) -> Iterator[Example]:
    """Questions whose answer is a number or name that a sentence was robbed of."""
    for number, chunk in enumerate(text.chunks):
        foreign = text.chunks[(number + 1) % len(text.chunks)]
        whole = " ".join(chunk.split())
        for sentence in split_sentences(chunk):
            if not (FEWEST_WORDS <= len(sentence.split()) <= MOST_WORDS and sentence.endswith(".")):
                continue
            answers = [*NUMBER.finditer(sentence), *NAME.finditer(sentence)]
            start = whole.find(sentence)
            if not answers or start < 0 or chance.random() < 0.4:
                continue
            answer = chance.choice(answers)
            question = _asked(sentence, answer, chance)
            span = start + answer.start(), start + answer.end()
            flat, span = cut_around(whole, span, chance)
            yield Example(question, flat, holds=True, span=span, is_question=True)
            other, _ = cut_around(" ".join(foreign.split()), (0, 0), chance)
            if answer[0] not in other:
                yield Example(question, other, holds=False, is_question=True)
            swap = chance.choice((swap_name, swap_number))
            wrong = swap(question, (flat, foreign), chance)
            if wrong:
                changed = changed_part(question, wrong)
                yield Example(wrong, flat, holds=False, is_question=True, wrong=changed)


def _asked(sentence: str, answer: re.Match[str], chance: random.Random) -> str:
    """The sentence as a question after the part that ``answer`` matched."""
    said = answer[0]
    if YEAR.match(said):
        word = chance.choice(("what year", "when", "which year"))
    elif said.startswith("$"):
        word = chance.choice(("how much", "what amount"))
    elif said[0].isdigit():
        word = chance.choice(("how many", "what number", "how much"))
    else:
        word = chance.choice(("who", "what", "which", "where", "what name"))
    before = sentence[: answer.start()].split()
    after = sentence[answer.end() :].rstrip(".").split()
    before, after = before[-chance.randint(2, 12) :], after[: chance.randint(2, 12)]
    kept = (
        [w for w in before if chance.random() > 0.15],
        [w for w in after if chance.random() > 0.15],
    )
    asks_first = chance.random() < 0.5
    words = [word, *kept[1], *kept[0]] if asks_first else [*kept[0], word, *kept[1]]
    question = " ".join(words).strip(" ,;")
    return question[:1].upper() + question[1:] + "?"


@dataclass(frozen=True)
class Question:
    """A question about a document, its answers and its page's chunks that hold one."""

    text: str
    document: str
    answers: tuple[str, ...]
    passages: tuple[str, ...]


def answered_questions(
    questions: Sequence[Question], texts: dict[str, Text], chance: random.Random
) -> Iterator[Example]:
    """Each question with its passage, with others, and asked wrongly."""
    for question in questions:
        answer = question.answers[0]
        others = _like(question, texts[question.document])
        for passage in question.passages[:1]:
            span = find_span(passage, question)
            if span is None:
                continue
            passage, span = cut_around(passage, span, chance)
            yield Example(question.text, passage, holds=True, span=span, is_question=True)
            swap = chance.choice((swap_name, swap_number))
            wrong = swap(question.text, (passage, *others), chance)
            if wrong:
                changed = changed_part(question.text, wrong)
                yield Example(wrong, passage, holds=False, is_question=True, wrong=changed)
        for other in chance.sample(others[:4], min(2, len(others))):
            passage, _ = cut_around(other, (0, 0), chance)
            yield Example(question.text, passage, holds=False, is_question=True)
        yield from _statements(question, answer, chance)


def cut_around(
    passage: str, span: tuple[int, int], chance: random.Random
) -> tuple[str, tuple[int, int]]:
    """Neighbouring sentences of a passage, the span's among them, and the span in these."""
    sentences = sentence_spans(passage)
    if span == (0, 0):
        at = chance.randrange(len(sentences)) if sentences else 0
    else:
        at = next((n for n, (_, end) in enumerate(sentences) if span[0] < end), 0)
    first, last = at, at + 1
    while True:
        wider = [(first - 1, last), (first, last + 1)]
        fitting = [
            (one, other) for one, other in wider
            if one >= 0 and other <= len(sentences)
            and len(passage[sentences[one][0] : sentences[other - 1][1]].split()) <= READER_WORDS
        ]  # fmt: skip
        if not fitting:
            break
        first, last = chance.choice(fitting)
    start = sentences[first][0] if sentences else 0
    end = max(sentences[last - 1][1] if sentences else len(passage), span[1])
    return passage[start:end], (span[0] - start, span[1] - start)


def _like(question: Question, text: Text) -> list[str]:
    """Chunks of the document without an answer, those most like the question first."""
    asked = set(stems(question.text))
    others = [
        " ".join(chunk.split()) for chunk in text.chunks
        if not any(answer.casefold() in chunk.casefold() for answer in question.answers)
    ]  # fmt: skip
    return sorted(others, key=lambda chunk: -len(asked & set(stems(chunk))))


WH = re.compile(
    r"\b(?:what|which|who|whom|when|where|how many|how much|what year)\b", re.IGNORECASE
)


def _statements(question: Question, answer: str, chance: random.Random) -> Iterator[Example]:
    """The question and its answer as a claim, and with a wrong answer of the same kind."""
    passage = question.passages[0]
    if answer[0].isdigit() or answer.startswith("$"):
        wrong = [n for n in NUMBER.findall(passage) if same_kind(n, answer) and n not in answer]
    else:
        wrong = [n for n in NAME.findall(passage) if n not in answer and answer not in n]
    wrong = [n for n in wrong if n.casefold() not in question.text.casefold()]
    form = chance.random()
    evidence = telling_part(question.text + " " + answer, passage, EVIDENCE_WORDS)
    stated = _stated(question.text, answer, form)
    yield Example(stated, evidence, holds=True)
    if wrong:
        other = chance.choice(wrong)
        evidence = telling_part(question.text + " " + other, passage, EVIDENCE_WORDS)
        misstated = _stated(question.text, other, form)
        changed = changed_part(stated, misstated)
        yield Example(misstated, evidence, holds=False, wrong=changed)


def _stated(question: str, answer: str, form: float) -> str:
    found = WH.search(question)
    if found and form < 0.6:
        stated = question[: found.start()] + answer + question[found.end() :].rstrip("? ") + "."
        return stated[:1].upper() + stated[1:]
    return f"{question.rstrip('? ')}: {answer}."


def find_span(passage: str, question: Question) -> tuple[int, int] | None:
    """Where an answer stands: the place with most of the question's words around it."""
    asked = set(stems(question.text))
    places = [
        match.span()
        for answer in question.answers
        for match in re.finditer(rf"(?<!\w){re.escape(answer)}(?!\w)", passage, re.IGNORECASE)
    ]

    def near(span: tuple[int, int]) -> int:
        return len(asked & set(stems(passage[max(0, span[0] - 150) : span[1] + 150])))

    return max(places, key=near, default=None)
