"""The way is chosen by the question, by what reading everything costs, and by the model."""

from __future__ import annotations

import pytest

from app.settings import AnswerSettings
from app.strategies.auto import ASKS_FOR_ALL
from ingest.library import Library
from tests.app.asking import Asked, ask
from tests.servers.reply import Reply
from tests.servers.scripted_ollama import ScriptedOllama

TRUE = "The Forth Bridge was opened to trains on 4 March 1890 [1]."


def ask_auto(library: Library, question: str, *, template: str = "x", **settings: int) -> Asked:
    with ScriptedOllama(models=["m"], replies=[Reply(TRUE)], template=template) as server:
        chosen = AnswerSettings.model_validate({"ollama_url": server.url, **settings})
        return ask(library, question, spec="ollama:m", settings=chosen)


@pytest.mark.parametrize(
    "question",
    [
        "List all suppliers.",
        "How many of the reports mention a fire?",
        "How many documents are about bridges?",
        "Which of these companies lost money?",
        "Which reports mention cracks?",
        "What is the total in every quarterly report?",
        "Please name every accident.",
    ],
)
def test_a_question_that_asks_for_all_is_known(question: str) -> None:
    assert ASKS_FOR_ALL.search(question)


@pytest.mark.parametrize(
    "question",
    [
        "When was the Forth Bridge opened?",
        "How many rivets hold the Forth Bridge together?",
        "Which report says that the valve was open?",
        "What does the list of parts say about all-steel hulls?",
        "Did all documents have to be signed?",
    ],
)
def test_a_question_that_asks_for_one_thing_is_none(question: str) -> None:
    assert not ASKS_FOR_ALL.search(question)


def test_everything_is_read_where_it_is_little(facts: Library) -> None:
    answer = ask_auto(facts, "List all bridges.").answer
    assert answer.receipt.strategy == "exhaustive"
    assert str(answer.coverage) == "read 3 of 3 documents, 8 of 8 pages"
    assert answer.receipt.notes == ()


def test_where_it_is_much_the_best_passages_are_looked_at_and_the_answer_says_so(
    facts: Library,
) -> None:
    answer = ask_auto(facts, "List all bridges.", auto_calls=2).answer
    assert answer.receipt.strategy == "direct"
    assert len(answer.receipt.calls) == 1
    (note,) = answer.receipt.notes
    assert "takes about 4 calls of the model. Choose the strategy exhaustive" in note
    assert answer.receipt.warnings == [note]


def test_any_other_question_is_answered_directly(facts: Library) -> None:
    answer = ask_auto(facts, "When was the Forth Bridge opened?").answer
    assert (answer.receipt.strategy, len(answer.receipt.calls)) == ("direct", 1)


def test_a_base_model_continues_text(facts: Library) -> None:
    answer = ask_auto(facts, "When was the bridge opened?", template="{{ .Prompt }}").answer
    assert answer.receipt.strategy == "base"
    assert answer.receipt.calls[0].messages[0].role == "text"


def test_a_strategy_that_was_chosen_is_kept_whatever_the_model(facts: Library) -> None:
    with ScriptedOllama(models=["m"], replies=[Reply(TRUE)], template="{{ .Prompt }}") as server:
        settings = AnswerSettings(ollama_url=server.url, strategy="direct")
        answer = ask(facts, "When was it?", spec="ollama:m", settings=settings).answer
    assert answer.receipt.strategy == "direct"
