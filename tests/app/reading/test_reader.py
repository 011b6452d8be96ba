"""The reader picks the words that answer, in each sentence, and tells how sure it is of them."""

from __future__ import annotations

import numpy
import pytest

from app.reading import shipped_reader
from app.reading.reader import LONGEST_ANSWER, MOST_WORDS, best_span, windows_of

BRIDGE = [
    "The Forth Bridge was opened on 4 March 1890.",
    "It was designed by John Fowler and Benjamin Baker.",
    "Some 6,500,000 rivets hold it together.",
]
MOSS = ["Sphagnum moss holds twenty times its weight in water."]


@pytest.mark.parametrize(
    ("question", "answer", "sentence"),
    [
        ("When was the Forth Bridge opened?", "4 March 1890", 0),
        ("Who designed the Forth Bridge?", "John Fowler", 1),
        ("How many rivets hold the Forth Bridge together?", "6,500,000", 2),
    ],
)
def test_the_words_that_answer_are_picked_from_the_sentence_that_has_them(
    question: str, answer: str, sentence: int
) -> None:
    bridge, moss = shipped_reader().read(question, [BRIDGE, MOSS])
    surest = max(range(len(bridge)), key=lambda at: bridge[at].strength)
    assert (surest, bridge[surest].answer) == (sentence, answer)
    assert moss[0].strength < 0 < bridge[surest].strength


def test_every_sentence_has_a_reading_whatever_their_number_and_length() -> None:
    long = " ".join(f"word{number}" for number in range(400))
    passages = [["One.", long, "Two."], [], [""], ["Short sentence here."] * 80]
    readings = shipped_reader().read("What is short? " * 40, passages)
    assert [len(one) for one in readings] == [3, 0, 1, 80]
    assert all(numpy.isfinite(reading.strength) for one in readings for reading in one)


def test_a_sentence_reads_the_same_whatever_else_is_read_with_it() -> None:
    question = "Who designed the Forth Bridge?"
    (alone,) = shipped_reader().read(question, [BRIDGE])
    together = shipped_reader().read(question, [MOSS * 9, BRIDGE, MOSS])[1]
    assert [one.answer for one in alone] == [one.answer for one in together]
    assert [one.strength for one in alone] == pytest.approx(
        [one.strength for one in together], abs=0.5
    )


def test_neighbouring_sentences_are_read_together_each_in_one_window() -> None:
    sentences = ["word " * size for size in (40, 40, 20, 95, 5)]
    few = [10] * 5
    assert list(windows_of(sentences, few, 1000)) == [(0, 2), (2, 3), (3, 4), (4, 5)]
    assert MOST_WORDS == 90
    assert list(windows_of(["a", "b", "c", "d"], [60, 60, 60, 300], 150)) == [
        (0, 2),
        (2, 3),
        (3, 4),
    ]
    assert list(windows_of([], [], 150)) == []


def test_every_row_of_a_table_is_read_however_many_tokens_its_numbers_have() -> None:
    rows = [
        f"Segment {n} net sales $ {n}65,817.25 $ {n}74,515.75 {n}60,174.50" for n in range(1, 40)
    ]
    (readings,) = shipped_reader().read("What were the net sales of segment 31?", [rows])
    assert all(reading.answer for reading in readings)
    assert max(range(len(rows)), key=lambda at: readings[at].strength) == 30


def test_an_answer_does_not_end_before_it_begins_and_is_not_endless() -> None:
    logits = numpy.zeros((60, 2), numpy.float32)
    logits[50, 0], logits[10, 1] = 9.0, 9.0  # the end before the start
    strength, first, last = best_span(logits)
    assert first <= last < first + LONGEST_ANSWER
    assert strength == pytest.approx(9.0)
