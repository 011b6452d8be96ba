"""A sentence becomes questions that read as a person asks them, or none."""

from __future__ import annotations

import pytest

from app.questions.statements import ask_about


def asked(sentence: str, page: str = "") -> list[tuple[str, str]]:
    return [(one.question, one.answer) for one in ask_about(sentence, page or sentence)]


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        (
            "The Forth Bridge was opened in 1890 by the Prince of Wales.",
            "In which year was the Forth Bridge opened by the Prince of Wales?",
            "1890",
        ),
        (
            "In 1872, William Arrol founded a steel works in Glasgow.",
            "In which year did William Arrol found a steel works in Glasgow?",
            "1872",
        ),
        (
            "Parliament approved the plans on 3 May 1882, after a long debate.",
            "When did Parliament approve the plans?",
            "3 May 1882",
        ),
        (
            "The Forth Bridge is a railway bridge near Edinburgh, which carries 200 trains a day.",
            "What is the Forth Bridge?",
            "a railway bridge near Edinburgh",
        ),
        (
            "William Arrol was a Scottish engineer of great fame, who was knighted.",
            "Who was William Arrol?",
            "a Scottish engineer of great fame",
        ),
        (
            "Newcastle has three cathedrals in the city centre.",
            "How many cathedrals does Newcastle have in the city centre?",
            "three",
        ),
        (
            "The Romans kept eight legions in five bases along the Rhine.",
            "How many legions did the Romans keep in five bases along the Rhine?",
            "eight",
        ),
        (
            "Warsaw produced about 12% of the national income.",
            "What percentage of the national income did Warsaw produce?",
            "12%",
        ),
        (
            "The Logan Center was designed by Tod Williams, who lives in New York.",
            "By whom was the Logan Center designed?",
            "Tod Williams",
        ),
        (
            "The first services were operated by private railway companies.",
            "By what were the first services operated?",
            "private railway companies",
        ),
        (
            "The Tay Bridge fell mainly because of a storm from the west.",
            "Why did the Tay Bridge fall?",
            "a storm from the west",
        ),
        (
            "William Arrol was born in Houston near Paisley.",
            "Where was William Arrol born?",
            "Houston",
        ),
        (
            "The Royal Commission on Bridges (RCB) asked for stronger rails.",
            "What does RCB stand for?",
            "Royal Commission on Bridges",
        ),
        (
            "However, the pure water is a liquid of great use [12].",
            "What is the pure water?",
            "a liquid of great use",
        ),
    ],
)
def test_a_sentence_is_asked_about(sentence: str, question: str, answer: str) -> None:
    assert (question, answer) in asked(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "It was opened in 1890 by the Prince of Wales.",  # nobody knows what
        "This bridge is the longest one in the world.",
        "He founded a steel works in Glasgow in 1872.",
        "The treaty signed in 1900 was long.",  # "signed" is no verb here
        "Was the bridge opened in 1890?",
        "The bridge was opened in 1890 and closed in 1950.",  # two times
        "William Arrol was a Scottish engineer, bridge builder and politician.",  # a list
        "Bridge opened in 1890",
        "“The bridge was opened in 1890,” he said.",
        "Steel production from 1870 to 1890 in tons: 12 15 18.",
        "",
        ".",
        "( [1] ).",
    ],
)
def test_what_does_not_stand_alone_is_not_asked_about(sentence: str) -> None:
    assert asked(sentence) == []


def test_a_word_that_is_written_small_elsewhere_is_small_within_a_question() -> None:
    sentence = "Building construction is the process of adding structure to land."
    assert asked(sentence, f"{sentence} The building is old.") == [
        ("What is building construction?", "the process of adding structure to land")
    ]


def test_a_question_never_holds_its_answer() -> None:
    assert asked("The Forth Bridge is the Forth Bridge of Scotland, after all.") == [
        ("What is the Forth Bridge?", "the Forth Bridge of Scotland")
    ]
    assert asked("Black water is the black water, as they say.") == []
