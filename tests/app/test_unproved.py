"""Sentences that nothing proves are marked, repaired once by the model, or left out."""

from __future__ import annotations

import pytest

from app.citations import check_text
from app.events import Token, Withdrawn
from app.settings import AnswerSettings
from app.unproved import problems_of
from ingest.library import Library
from prompts.refusal import REFUSAL
from tests.app.asking import Asked, ask
from tests.app.test_strategies import FALSE, QUESTION, TRUE, ask_by, calls_of, steps_of
from tests.commands import run_command
from tests.servers.reply import Reply
from tests.servers.scripted_ollama import ScriptedOllama

BOTH = f"{TRUE} {FALSE}"


def ask_with(unproved: str, library: Library, *replies: str, strategy: str = "direct") -> Asked:
    said = [Reply(text) for text in replies]
    asked, requests = ask_by(strategy, library, said, unproved=unproved)
    assert len(requests) == len(replies)
    return asked


def verdicts(asked: Asked) -> list[str]:
    return [claim.verdict for claim in asked.answer.claims]


def test_by_default_they_are_marked(facts: Library) -> None:
    asked, _ = ask_by("direct", facts, [Reply(BOTH)])
    assert asked.answer.text == BOTH
    assert verdicts(asked) == ["supported", "unsupported"]
    assert (asked.answer.proved, asked.answer.checked) == (1, 2)


def test_the_model_repairs_the_answer_once(facts: Library) -> None:
    asked = ask_with("repair", facts, BOTH, TRUE)
    assert asked.answer.text == TRUE
    assert verdicts(asked) == ["supported"]
    assert calls_of(asked) == ["answer", "repair"]
    assert "check" in steps_of(asked)
    sent = asked.answer.receipt.calls[1].messages[1].text
    assert BOTH in sent
    assert problems_of(check_text(BOTH, asked.answer.passages))[0] in sent
    assert any(isinstance(event, Withdrawn) for event in asked.events)


@pytest.mark.parametrize("repaired", [FALSE, f"{FALSE} {TRUE}", REFUSAL, "I hope this helps!"])
def test_a_repair_that_proves_no_more_is_not_taken(facts: Library, repaired: str) -> None:
    asked = ask_with("repair", facts, BOTH, repaired)
    assert asked.answer.text == BOTH
    assert not any(isinstance(event, Withdrawn) for event in asked.events)


@pytest.mark.parametrize("unproved", ["repair", "drop"])
@pytest.mark.parametrize("text", [TRUE, REFUSAL])
def test_an_answer_without_such_a_sentence_stays_as_it_is(
    facts: Library, unproved: str, text: str
) -> None:
    asked = ask_with(unproved, facts, text)
    assert asked.answer.text == text
    assert asked.answer.receipt.notes == ()
    assert [type(event) for event in asked.events].count(Token) >= 1
    assert not any(isinstance(event, Withdrawn) for event in asked.events)


def test_they_are_dropped_and_the_lines_of_a_list_stay_lines(facts: Library) -> None:
    text = f"So it is:\n\n- {TRUE} {FALSE}\n- {FALSE}\n- {TRUE}"
    asked = ask_with("drop", facts, text)
    assert asked.answer.text == f"So it is:\n\n- {TRUE}\n- {TRUE}"
    assert "unsupported" not in verdicts(asked)
    (note,) = asked.answer.receipt.notes
    assert note.startswith("Left out, since nothing that was found proves it: The Forth Bridge")
    assert "9 May 1790" in note


def test_a_mark_on_a_line_of_its_own_goes_with_its_sentence(facts: Library) -> None:
    bare = FALSE.removesuffix(" [1].") + "."
    asked = ask_with("drop", facts, f"{TRUE}\n{bare}\n[2]\nSo it is.")
    assert asked.answer.text == f"{TRUE}\nSo it is."


@pytest.mark.parametrize("text", [FALSE, f"Here are the facts:\n- {FALSE}"])
def test_where_all_go_the_answer_is_the_refusal(facts: Library, text: str) -> None:
    asked = ask_with("drop", facts, text)
    assert asked.answer.refused
    assert asked.answer.text == REFUSAL


def test_a_model_that_only_continues_text_is_not_asked_to_repair(facts: Library) -> None:
    asked = ask_with("repair", facts, FALSE, strategy="base")
    assert asked.answer.text == FALSE
    assert "takes no instructions" in asked.answer.receipt.notes[0]


def test_the_built_in_answerer_is_left_as_it_is(facts: Library) -> None:
    for unproved in ("repair", "drop"):
        settings = AnswerSettings.model_validate({"unproved": unproved})
        assert verdicts(ask(facts, QUESTION, settings=settings)) == ["supported", "supported"]


def test_the_command_line_takes_the_choice_and_names_a_wrong_one(
    facts: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedOllama(models=["m"], replies=[Reply(BOTH)]) as server:
        monkeypatch.setenv("CITEBOUND_OLLAMA_URL", server.url)
        done = run_command(
            "eval.cli", "ask", QUESTION, "--library", facts.folder, "--model", "ollama:m",
            "--strategy", "direct", "--unproved", "drop",
        )  # fmt: skip
    assert done.returncode == 0
    assert done.stdout.startswith(TRUE)
    assert "1 of 1 sentence proved." in done.stdout
    wrong = run_command("eval.cli", "ask", QUESTION, "--unproved", "hide")
    assert wrong.returncode == 2
    assert "'mark', 'repair' or 'drop'" in wrong.stderr
