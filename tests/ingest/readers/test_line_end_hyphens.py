"""Words that a line's end has cut are whole again, and real hyphens stay."""

import pytest

from ingest.readers.line_end_hyphens import join_cut_words


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("It is an exam-\nple.", "It is an example."),
        ("Winters of 2019-\n2020", "Winters of 2019-\n2020"),
        ("The Anglo-\nSaxon", "The Anglo-\nSaxon"),
        ("A well-known man is well-\nknown.", "A well-known man is well-known."),
        ("Well, it is known. A well-\nknown man", "Well, it is known. A well-known man"),
        ("I notice a notice-\nable gap, it is able", "I notice a notice-able gap, it is able"),
        ("A noticeable thing; notice-\nable and able", "A noticeable thing; noticeable and able"),
        ("a low-\npressure-valve", "a low-\npressure-valve"),
        ("Cost -\nless than", "Cost -\nless than"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_cut_word_is_joined_as_the_document_writes_it(text: str, whole: str) -> None:
    assert join_cut_words([text]) == [whole]


def test_the_rest_of_the_document_tells_how_a_word_is_written() -> None:
    assert join_cut_words(["A well-\nknown man", "is well-known."]) == [
        "A well-known man",
        "is well-known.",
    ]
