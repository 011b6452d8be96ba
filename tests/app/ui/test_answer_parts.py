"""An answer is drawn by its lines, each sentence with what it cites and why it is not proved."""

from __future__ import annotations

from typing import Any

import pytest

from app.answer_lines import Span, spans, summary
from app.events import Answer, Citation, Claim, Receipt
from app.ui.chat.answer_parts import answer_lines, copied_text, quotes_of

CITATION = Citation(2, "d", "a.pdf", 3, "iii", "Tea is hot.")
HOT = Claim("Tea is hot.", (CITATION,), 1.0, "supported")
RED = Claim("Tea is red.", (), 0.0, "unsupported", "it cites no passage")
ASKED = Claim("Is it?", (), None, "not checkable", "it is a question")


def answered(text: str, *claims: Claim) -> Answer:
    receipt = Receipt("m", "direct", seconds=1.25)
    return Answer("q", "q", text, (), claims, (), receipt, refused=False)


def said(line: dict[str, Any]) -> list[str]:
    """The sentences of a line, as text."""
    return ["".join(span["text"] for span in one["spans"]) for one in line["sentences"]]


def test_sentences_stand_in_the_lines_that_they_were_written_in() -> None:
    lines = answer_lines("Tea is hot [2]. Tea is red.\nIs it?", [HOT, RED, ASKED])
    assert [said(line) for line in lines] == [["Tea is hot.", "Tea is red."], ["Is it?"]]


def test_a_mark_at_the_beginning_of_the_next_line_belongs_to_the_sentence_before() -> None:
    lines = answer_lines("Tea is hot.\n[2] Tea is red.", [HOT, RED])
    assert [said(line) for line in lines] == [["Tea is hot."], ["Tea is red."]]


def test_a_sentence_has_its_footnotes_and_why_it_is_not_proved() -> None:
    (line,) = answer_lines("Tea is hot [2]. Tea is red.", [HOT, RED])
    hot, red = line["sentences"]
    assert hot["notes"] == [{"number": 2, "label": "Source 2: a.pdf, page 3"}]
    assert (hot["state"], hot["reason"]) == ("supported", "")
    assert (red["state"], red["reason"]) == ("unsupported", "it cites no passage")


def test_what_is_not_checked_yet_is_shown_without_marks() -> None:
    (line,) = answer_lines("Tea is hot [2]. Milk is [1] co", [HOT])
    checked, coming = line["sentences"]
    assert (checked["state"], coming["state"]) == ("supported", "unchecked")
    assert said(line)[1] == "Milk is co"
    assert coming["notes"] == []


@pytest.mark.parametrize(
    ("text", "kind", "sign", "sentence"),
    [
        ("- Tea is hot.", "item", "•", "Tea is hot."),
        ("2. Tea is hot.", "item", "2.", "Tea is hot."),
        ("## Hot tea", "heading", "", "Hot tea"),
        ("Tea is hot.", "paragraph", "", "Tea is hot."),
    ],
)
def test_lists_and_headings_keep_their_form(text: str, kind: str, sign: str, sentence: str) -> None:
    (line,) = answer_lines(text, [])
    assert (line["kind"], line["sign"], said(line)) == (kind, sign, [sentence])


def test_bold_and_code_are_told_apart_and_other_signs_stay() -> None:
    assert list(spans("a **b** `c` *d* <i>")) == [
        Span("", "a "),
        Span("strong", "b"),
        Span("", " "),
        Span("code", "c"),
        Span("", " *d* <i>"),
    ]


def test_a_copied_answer_has_its_footnotes_and_sources() -> None:
    answer = answered("Tea is hot [2]. Tea is red.\nIs it?", HOT, RED, ASKED)
    assert copied_text(answer) == "Tea is hot. [2] Tea is red.\nIs it?\n\n[2] a.pdf, page 3"


def test_the_quiet_line_counts_what_is_proved() -> None:
    answer = answered("Tea is hot [2]. Tea is red.\nIs it?", HOT, RED, ASKED)
    assert summary(answer) == "1 of 2 sentences proved · 1 document · 1.2 s"


def test_a_quote_that_proves_nothing_is_not_marked() -> None:
    unproved = Claim("Tea is red.", (CITATION,), 0.3, "unsupported", "it is not on the page")
    assert quotes_of(answered("Tea is red [2].", unproved), 2) == ()
    assert quotes_of(answered("Tea is hot [2].", HOT), 2) == ("Tea is hot.",)
