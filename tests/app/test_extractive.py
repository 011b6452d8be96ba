"""Without a language model the sentences that answer are quoted, with the right page, or none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.models.extractive import (
    LEAST_SCORE,
    MARGIN,
    MOST_QUOTES,
    WEIGHTS,
    Candidate,
    choose_quotes,
    has_asked_kind,
)
from ingest.library import Library
from ingest.pipeline import ingest_folder
from prompts.refusal import REFUSAL
from tests.app.asking import ask, passage
from tests.conftest import SmallLibrary
from tests.pdfs import write_pdf

QUESTIONS = [
    ("What were Apple's net sales in 2021?", "365,817", "apple.pdf", 2),
    ("What were Apple's net sales in 2022?", "394,328", "apple.pdf", 3),
    ("When was the Forth Bridge opened?", "4 March 1890", "bridge.pdf", 1),
    ("Who designed the Forth Bridge?", "John Fowler and Benjamin Baker", "bridge.pdf", 2),
    ("How many rivets hold the Forth Bridge together?", "6,500,000", "bridge.pdf", 3),
    ("How much water does sphagnum moss hold?", "twenty times", "moss.pdf", 1),
    ("When do gardeners line hanging baskets?", "April", "moss.pdf", 2),
]


@pytest.mark.parametrize(("question", "fact", "document", "page"), QUESTIONS)
def test_a_fact_is_quoted_with_its_page(
    facts: Library, question: str, fact: str, document: str, page: int
) -> None:
    answer = ask(facts, question).answer
    assert fact in answer.claims[0].text
    (citation,) = answer.claims[0].citations
    assert (citation.document, citation.page) == (document, page)
    assert fact in citation.quote
    assert answer.claims[0].text in citation.quote
    assert not answer.refused


def test_where_the_reader_is_sure_the_answer_itself_comes_before_its_sentence(
    facts: Library,
) -> None:
    answer = ask(facts, "Who designed the Forth Bridge?").answer
    short, sentence = answer.claims
    assert short.text == "John Fowler and Benjamin Baker"
    assert short.text in sentence.text
    assert short.citations[0].quote == sentence.citations[0].quote == sentence.text
    unsure = ask(facts, "Forth Bridge").answer
    assert all(claim.text.endswith(".") for claim in unsure.claims)


@pytest.mark.parametrize(("question", "fact"), [(q, fact) for q, fact, _, _ in QUESTIONS])
def test_every_quote_is_supported_by_what_it_cites(
    facts: Library, question: str, fact: str
) -> None:
    answer = ask(facts, question).answer
    assert fact in answer.text
    assert [claim.verdict for claim in answer.claims] == ["supported"] * len(answer.claims)
    assert all(claim.support == 1.0 for claim in answer.claims)


@pytest.mark.parametrize(
    ("question", "with_it", "without"),
    [
        ("When was the hall opened?", "It opened in 1890.", "It opened with a speech."),
        ("In which year was it built?", "Built about 1702 by hand.", "Built by hand in a year."),
        ("How many rivets are there?", "Some 6,500 rivets.", "Some rivets."),
        ("How long is it?", "It is two miles long.", "It is long."),
        ("Who designed the hall?", "It was drawn by John Fowler.", "The hall was designed."),
        ("Where was it built?", "It was built near Dundee.", "It was built near water."),
        ("Why did it fall?", "It fell because of wind.", "It fell at night."),
    ],
)
def test_a_sentence_holds_the_kind_of_thing_that_is_asked_for_or_not(
    question: str, with_it: str, without: str
) -> None:
    assert has_asked_kind(question, with_it)
    assert not has_asked_kind(question, without)


@pytest.mark.parametrize("sentence", ["It fell.", "It fell in 1890.", "John fell."])
def test_a_question_for_no_special_kind_takes_any_sentence(sentence: str) -> None:
    assert has_asked_kind("What happened?", sentence)


@pytest.mark.parametrize(
    ("question", "fact", "other"),
    [
        ("When was the Forth Bridge opened?", "1890", "great ceremony"),
        ("Who designed the Forth Bridge?", "John Fowler", "unusual care"),
        ("How many rivets hold the Forth Bridge together?", "6,500,000", "driven hot"),
    ],
)
def test_of_two_like_sentences_the_one_with_the_kind_that_is_asked_for_is_quoted(
    facts: Library, question: str, fact: str, other: str
) -> None:
    text = ask(facts, question).answer.text
    assert fact in text
    assert other not in text


@pytest.mark.parametrize(
    "question",
    ["Who won the football world cup in 1998?", "What is the capital of France?",
     "How do I reset my password?", "Hello", "?"],
)  # fmt: skip
def test_a_question_off_the_topic_is_refused(facts: Library, question: str) -> None:
    answer = ask(facts, question).answer
    assert (answer.refused, answer.text) == (True, REFUSAL)
    assert all(claim.citations == () for claim in answer.claims)


def test_an_empty_library_refuses(empty_library: Library) -> None:
    answer = ask(empty_library, "When was the Forth Bridge opened?").answer
    assert (answer.refused, answer.text, answer.passages) == (True, REFUSAL, ())


def test_only_the_documents_that_are_asked_for_are_quoted(facts: Library) -> None:
    question = "When was the Forth Bridge opened?"
    moss, bridge = facts.find_document("moss.pdf"), facts.find_document("bridge.pdf")
    assert ask(facts, question, documents=(moss.id,)).answer.refused
    within = ask(facts, question, documents=(moss.id, bridge.id)).answer
    assert {found.document for found in within.passages} == {"moss.pdf", "bridge.pdf"}
    assert within.claims[0].citations[0].document == "bridge.pdf"


def test_several_quotes_come_the_shortest_first_each_with_its_own_mark(facts: Library) -> None:
    answer = ask(facts, "Forth Bridge").answer
    assert 1 < len(answer.claims) <= MOST_QUOTES
    lengths = [len(claim.text) for claim in answer.claims]
    assert lengths == sorted(lengths)
    for claim in answer.claims:
        (citation,) = claim.citations
        assert claim.text in " ".join(answer.passages[citation.number - 1].text.split())


def candidate(text: str, score: float, *, number: int = 1) -> Candidate:
    """A candidate of this score: its first feature makes up for the intercept."""
    zero = Candidate(number, text, (0.0,) * len(WEIGHTS)).score
    return Candidate(number, text, ((score - zero) / WEIGHTS[0], *[0.0] * (len(WEIGHTS) - 1)))


def test_never_more_than_so_many_quotes_and_the_best_are_kept() -> None:
    many = [candidate("x" * (30 - n), 1.0 - n / 100) for n in range(10)]
    chosen = choose_quotes(many)
    assert len(chosen) == MOST_QUOTES
    assert {one.text for one in chosen} == {one.text for one in many[:MOST_QUOTES]}
    assert [len(one.text) for one in chosen] == sorted(len(one.text) for one in chosen)


def test_what_is_much_worse_than_the_best_is_not_quoted() -> None:
    near, far = candidate("near it", 1.1 - MARGIN), candidate("far", 0.9 - MARGIN)
    assert [one.text for one in choose_quotes([far, candidate("best", 1.0), near])] == [
        "best",
        "near it",
    ]


def test_the_same_sentence_is_quoted_once() -> None:
    twice = [candidate("The valve.", 1.0), candidate("THE VALVE.", 0.9, number=2)]
    assert [one.number for one in choose_quotes(twice)] == [1]


def test_nothing_is_quoted_where_nothing_is_close_enough() -> None:
    assert choose_quotes([]) == []
    assert choose_quotes([candidate("below", LEAST_SCORE - 0.01)]) == []
    assert len(choose_quotes([candidate("above", LEAST_SCORE + 0.01)])) == 1


def test_a_library_of_other_documents_answers_from_those(small_library: SmallLibrary) -> None:
    answer = ask(small_library.library, "At what pressure does the safety valve open?").answer
    sentence = "The safety valve opens at nine bar and lets steam out with a loud hiss. [1]"
    short, _, quoted = answer.text.partition("\n\n")
    assert (short, quoted) == ("nine [1]", sentence)
    (citation,) = answer.claims[0].citations
    assert (citation.document, citation.page, citation.page_label) == ("boiler.pdf", 3, "2")


def test_a_quote_that_runs_over_a_page_is_cited_with_the_page_that_it_begins_on(
    small_library: SmallLibrary,
) -> None:
    answer = ask(small_library.library, "Until when does the stoker wait?").answer
    (citation,) = answer.claims[0].citations
    assert "until the flame turns yellow" in citation.quote
    page = small_library.library.page(citation.document_id, citation.page)
    assert page is not None
    assert " ".join(citation.quote.split()[:4]) in " ".join(page.text.split())


def test_a_quote_from_a_passages_second_page_is_cited_with_that_page() -> None:
    first, second = "The stoker opens the lower damper.", "The flame turns yellow."
    over_two = replace(
        passage(f"{first}\n{second}", number=7), last_page=8, last_page_label="viii",
        page_break=len(first),
    )  # fmt: skip
    assert over_two.page_of(first) == (7, "7")
    assert over_two.page_of(second) == (8, "viii")
    assert over_two.page_of("not in it") == (7, "7")


def test_a_passage_without_a_sentence_gives_no_candidate(facts: Library) -> None:
    from app.models.extractive import ExtractiveModel

    assert ExtractiveModel(facts).candidates("Why?", [passage("Short."), passage("")]) == []


def test_a_papers_own_reference_is_no_mark_of_ours(tmp_path: Path) -> None:
    write_pdf(tmp_path / "pdfs" / "paper.pdf", [["Attention was introduced in [3] by Bahdanau."]])
    with Library.open(tmp_path / "library", create=True) as library:
        ingest_folder(tmp_path / "pdfs", library)
        answer = ask(library, "Who introduced attention?").answer
    assert answer.claims[-1].text == "Attention was introduced in (3) by Bahdanau."
    assert [c.number for claim in answer.claims for c in claim.citations] == [1] * len(
        answer.claims
    )
