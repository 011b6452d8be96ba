"""A heading becomes a question only where it is one."""

from __future__ import annotations

import pytest

from app.questions.headings import ask_by_heading


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("Do I need a graphics card?", "Do I need a graphics card?"),
        ("What a language model is", "What is a language model?"),
        ("Why language models hallucinate", "Why do language models hallucinate?"),
        ("How language models are made", "How are language models made?"),
        ("How the parts fit together", "How do the parts fit together?"),
    ],
)
def test_a_heading_that_asks_becomes_a_question(heading: str, question: str) -> None:
    assert ask_by_heading(heading) == question


@pytest.mark.parametrize(
    "heading",
    [
        "Quantization", "The stages of training", "Why?", "What is it?", "Is this the right one?",
        "What training does not give", "How to prompt", "F16 16 16.1 GB 141 GB", "",
    ],
)  # fmt: skip
def test_any_other_heading_asks_nothing(heading: str) -> None:
    assert ask_by_heading(heading) == ""
