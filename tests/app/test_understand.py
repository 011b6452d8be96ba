"""A follow-up is searched for with what it leans on; a question that stands alone is left alone."""

from __future__ import annotations

import re

import pytest

from app.events import Turn
from app.settings import AnswerSettings
from app.understand import carry_terms, needs_context
from ingest.library import Library
from tests.app.asking import ask
from tests.servers.reply import Reply
from tests.servers.scripted_ollama import ScriptedOllama

EARLIER = Turn("What were Apple's net sales in 2021?", "They were 365,817 million dollars.")
ANSWER = Reply("They were 394,328 million dollars [1].")


def ask_with_model(library: Library, question: str, *replies: Reply) -> tuple[str, str, int]:
    """The question as understood, the condense request's text ("" for none), the requests made."""
    with ScriptedOllama(models=["m"], replies=[*replies, ANSWER]) as server:
        settings = AnswerSettings(ollama_url=server.url)
        asked = ask(library, question, spec="ollama:m", settings=settings, history=[EARLIER])
        requests = server.requests_to("/api/chat")
    condense = requests[0].body["messages"][-1]["content"] if len(requests) > 1 else ""
    return asked.answer.standalone_question, condense, len(requests)


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def test_without_a_model_the_terms_are_carried_and_the_new_year_replaces_the_old(
    facts: Library,
) -> None:
    answer = ask(facts, "and in 2022?", history=[EARLIER]).answer
    assert {"Apple", "net", "sales", "2022"} <= words(answer.standalone_question)
    assert "2021" not in words(answer.standalone_question)
    assert answer.question == "and in 2022?"
    (citation,) = answer.claims[0].citations
    assert (citation.document, citation.page) == ("apple.pdf", 3)
    assert "394,328" in answer.text


def test_with_a_model_its_rewrite_is_what_is_searched_for(facts: Library) -> None:
    rewrite = "What were Apple's net sales in 2022?"
    understood, sent, requests = ask_with_model(facts, "and in 2022?", Reply(rewrite))
    assert (understood, requests) == (rewrite, 2)
    assert f"User: {EARLIER.question}\nAssistant: {EARLIER.answer}" in sent
    assert "Follow-up question: and in 2022?" in sent


@pytest.mark.parametrize(
    "rewrite", ['""', "Sure!\nWhat were the sales?", "sales " * 100], ids=["empty", "lines", "long"]
)
def test_a_rewrite_that_is_no_question_falls_back_to_the_carried_terms(
    facts: Library, rewrite: str
) -> None:
    understood, _, requests = ask_with_model(facts, "and in 2022?", Reply(rewrite))
    assert requests == 2
    assert {"and", "in", "2022", "Apple", "net", "sales"} <= words(understood)


@pytest.mark.parametrize("fault", ["empty", "only_thinking"])
def test_a_rewrite_without_a_word_falls_back_to_the_carried_terms(
    facts: Library, fault: str
) -> None:
    reply = Reply("hm", fault="empty" if fault == "empty" else "only_thinking")
    understood, _, _ = ask_with_model(facts, "and in 2022?", reply)
    assert {"2022", "Apple", "net", "sales"} <= words(understood)


@pytest.mark.parametrize(
    "question",
    ["How many employees does Apple have?", "What is the population of Warsaw?", "Forth Bridge"],
)
def test_a_question_that_stands_alone_is_left_alone(facts: Library, question: str) -> None:
    assert ask(facts, question, history=[EARLIER]).answer.standalone_question == question
    assert ask_with_model(facts, question) == (question, "", 1)


@pytest.mark.parametrize(
    "question",
    [
        "Is there a safety valve on the boiler?",
        "What is the name of the valve that opens at nine bar?",
        "Which boiler has more than one grate?",
    ],
)
def test_a_word_that_points_within_the_question_does_not_lean_on_the_earlier_one(
    question: str,
) -> None:
    assert not needs_context(question)


def test_the_first_question_of_a_conversation_is_left_alone(facts: Library) -> None:
    assert ask(facts, "and in 2022?").answer.standalone_question == "and in 2022?"


def test_spaces_and_line_ends_are_made_plain(facts: Library) -> None:
    answer = ask(facts, " Who  designed\nthe Forth Bridge? ").answer
    assert answer.standalone_question == "Who designed the Forth Bridge?"


@pytest.mark.parametrize(
    "question",
    ["and in 2022?", "What about 2022?", "Why?", "Who wrote it?", "When did they leave?", "2022?",
     "But how?", "How about its price?"],
)  # fmt: skip
def test_a_question_that_leans_on_another_needs_context(question: str) -> None:
    assert needs_context(question)


@pytest.mark.parametrize(
    ("question", "earlier", "carried", "dropped"),
    [
        ("and in 2022?", "Sales of Ford in 2021?", {"Ford", "Sales"}, {"2021"}),
        ("and of Opel?", "Sales of Ford in 2021?", {"Ford", "Sales", "2021"}, {"in"}),
        ("Why?", "Who built the bridge?", {"built", "bridge"}, {"Who", "the"}),
    ],
)
def test_telling_words_are_carried(
    question: str, earlier: str, carried: set[str], dropped: set[str]
) -> None:
    found = words(carry_terms(question, earlier).removeprefix(question))
    assert carried <= found
    assert not dropped & found


def test_a_word_that_the_follow_up_has_is_not_carried_twice() -> None:
    assert carry_terms("And ford in 2022?", "Ford in 2021?") == "And ford in 2022?"


def test_a_possessive_is_carried_whole() -> None:
    assert " s " not in carry_terms("and in 2022?", EARLIER.question)
