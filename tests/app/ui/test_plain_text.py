"""What documents and models say reaches the page as text."""

from __future__ import annotations

import re

import pytest

from app.events import Answer, Citation, Claim, Receipt
from app.ui.chat.answer_view import cited, paragraphs, sentence, summary
from app.ui.chat.passage import highlighted
from app.ui.plain import JOINER, plain

CITATION = Citation(2, "d", "a.pdf", 1, "1", "Tea is hot.")


def shown(markdown: str) -> str:
    """What CommonMark shows of escaped text, without the joiners."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown).replace(JOINER, "")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "![seal](http://evil.example/a.png)", "[a](http://b.example)",
        "$x^2$", "$$y$$", ":red[x]", ":smile:", ":material/delete:", "# heading", "- item",
        "1. one", "> quote", "`code`", "~~gone~~", "a | b", "\\ back", "&amp;", "www.a.example",
        "me@a.example", "a --> b <= c ~= d", "10:30:45",
    ],
)  # fmt: skip
def test_every_sign_is_escaped_and_none_is_lost(text: str) -> None:
    assert shown(plain(text)) == text
    assert re.search(r"(?<!\\)(?:\\\\)*[!-/:-@\[\]-`{-~]", plain(text)) is None


@pytest.mark.parametrize("text", [":smile:", "http://a.example", "www.a.example", "a@b.c", "->"])
def test_what_the_page_replaces_after_markdown_is_broken_up(text: str) -> None:
    assert JOINER in plain(text)


def test_plain_words_stay_as_they_are_on_one_line() -> None:
    assert plain("The kettle\n\n  boils") == "The kettle boils"


def test_the_quotes_of_a_passage_are_marked() -> None:
    text = "Water boils.\nTea is\nhot. Milk is cold."
    marked = r"Water boils\. :yellow-background[Tea is hot\.] Milk is cold\."
    assert highlighted(text, ["Tea is hot."]) == marked


def test_a_passage_without_its_quote_is_shown_whole() -> None:
    assert highlighted("Tea is hot.", ["Coffee is hot.", ""]) == r"Tea is hot\."


def test_a_sentence_shows_its_footnotes_and_why_it_is_not_proved() -> None:
    proved = Claim("Tea is hot.", (CITATION,), 1.0, "supported")
    assert sentence(proved) == r"Tea is hot\. :blue-badge[2]"
    unproved = Claim("Tea is red.", (), 0.0, "unsupported", "it cites no passage")
    assert sentence(unproved).startswith(r":orange-background[Tea is red\.]")
    assert "not proved: it cites no passage" in sentence(unproved)


def answered(text: str, claims: tuple[Claim, ...]) -> Answer:
    receipt = Receipt("m", "direct", seconds=1.25)
    return Answer("q", "q", text, (), claims, (), receipt, refused=False)


def test_a_quote_that_proves_nothing_is_not_marked() -> None:
    claims = (Claim("Tea is red.", (CITATION,), 0.3, "unsupported", "it is not on the page"),)
    answer = Answer(
        "q", "q", "Tea is red [2].", (), claims, (), Receipt("m", "direct"), refused=False
    )
    assert cited(answer) == {2: ()}


def test_an_answer_keeps_its_lines_and_counts_its_proofs() -> None:
    claims = (
        Claim("Tea is hot.", (CITATION,), 1.0, "supported"),
        Claim("Tea is red.", (), 0.0, "unsupported", "it cites no passage"),
        Claim("Is it?", (), None, "not checkable", "it is a question"),
    )
    text = "Tea is hot [2]. Tea is red.\nIs it?"
    answer = Answer(
        "q", "q", text, (), claims, (), Receipt("m", "direct", seconds=1.25), refused=False
    )
    assert paragraphs(answer) == [[claims[0], claims[1]], [claims[2]]]
    assert summary(answer) == "1 of 2 sentences proved · 1 document · 1.2 s"
    assert cited(answer) == {2: ("Tea is hot.",)}
