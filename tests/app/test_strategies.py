"""Each strategy's flow against a server that answers by script: searches, calls, steps, answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from app.events import Found, Thought
from app.models.token_estimate import estimate_tokens
from app.settings import AnswerSettings
from app.strategies import STRATEGIES, StrategyError, find_strategy
from app.strategies.decomposition import interleave
from app.strategies.self_consistency import split_into_parties
from ingest.library import Library
from prompts.exemplars import shipped_exemplars
from prompts.refusal import REFUSAL
from prompts.template import load_prompt
from tests.app.asking import Asked, ask, passage
from tests.commands import run_command
from tests.servers.reply import Body, Reply
from tests.servers.scripted_ollama import ScriptedOllama
from tests.servers.scripted_server import RecordedRequest

QUESTION = "When was the Forth Bridge opened?"
TRUE = "The Forth Bridge was opened to trains on 4 March 1890 [1]."
FALSE = "The Forth Bridge was opened to trains on 9 May 1790 [1]."


def ask_by(
    strategy: str,
    library: Library,
    replies: Sequence[Reply | Callable[[Body], Reply]],
    question: str = QUESTION,
    **settings: object,
) -> tuple[Asked, list[RecordedRequest]]:
    """Ask with a strategy; the answer and the requests that it took."""
    with ScriptedOllama(models=["m"], replies=list(replies)) as server:
        chosen = AnswerSettings.model_validate(
            {"ollama_url": server.url, "strategy": strategy, **settings}
        )
        asked = ask(library, question, spec="ollama:m", settings=chosen)
        return asked, server.requests_to("/api/chat") + server.requests_to("/api/generate")


def steps_of(asked: Asked) -> list[str]:
    return [step.name for step in asked.answer.steps]


def calls_of(asked: Asked) -> list[str]:
    return [call.step for call in asked.answer.receipt.calls]


def sent_in(request: RecordedRequest) -> list[tuple[str, str]]:
    """The messages of a request, or the text that is to be continued."""
    if "prompt" in request.body:
        return [("text", request.body["prompt"])]
    return [(message["role"], message["content"]) for message in request.body["messages"]]


def system_of(request: RecordedRequest) -> str:
    return str(request.body["messages"][0]["content"])


def user_of(request: RecordedRequest) -> str:
    return str(request.body["messages"][-1]["content"])


def test_a_direct_answer_is_one_call(facts: Library) -> None:
    asked, requests = ask_by("direct", facts, [Reply(TRUE)])
    assert (len(requests), calls_of(asked), steps_of(asked)) == (1, ["answer"], [])
    assert asked.answer.receipt.strategy == "direct"


def test_few_shot_shows_answered_questions_as_earlier_turns(facts: Library) -> None:
    asked, (request,) = ask_by("few-shot", facts, [Reply(TRUE)])
    turns = request.body["messages"][1:-1]
    exemplars = shipped_exemplars()
    assert [turn["content"] for turn in turns[1::2]] == [one.answer for one in exemplars]
    for turn, exemplar in zip(turns[0::2], exemplars, strict=True):
        assert exemplar.question in turn["content"]
    assert all(one.question not in user_of(request) for one in exemplars)
    assert asked.answer.claims[0].verdict == "supported"


def test_a_claim_that_repeats_an_exemplar_is_not_supported(facts: Library) -> None:
    exemplar = shipped_exemplars()[0]
    asked, _ = ask_by("few-shot", facts, [Reply(exemplar.answer)])
    assert [claim.verdict for claim in asked.answer.claims] == ["unsupported", "unsupported"]


def test_an_answer_after_reasoning_shows_the_reasoning_apart(facts: Library) -> None:
    reply = Reply(f"<reasoning>Passage [1] says 1790, which is wrong.</reasoning>\n\n{TRUE}")
    asked, (request,) = ask_by("chain-of-thought", facts, [reply])
    assert "<reasoning>" in system_of(request)
    assert asked.answer.text == TRUE
    (call,) = asked.answer.receipt.calls
    assert call.thought == "Passage [1] says 1790, which is wrong."
    assert set(call.prompts) == {"answer", "reason"}
    thought = "".join(event.text for event in asked.events if isinstance(event, Thought))
    assert thought == call.thought
    assert len(asked.answer.claims) == 1


def test_reasoning_without_an_answer_is_an_error_with_the_way_out(facts: Library) -> None:
    asked, _ = ask_by("chain-of-thought", facts, [Reply("<reasoning>Let me see. Passage [1]")])
    assert "it spent its tokens on thought. Raise answer_tokens" in str(asked.error)


def test_a_draft_that_is_proved_is_the_answer(facts: Library) -> None:
    asked, requests = ask_by("self-reflection", facts, [Reply(TRUE)])
    assert (len(requests), asked.answer.text) == (1, TRUE)
    assert [(step.name, step.text) for step in asked.answer.steps] == [
        ("draft", TRUE),
        ("check", "Every sentence is proved."),
    ]


def test_what_is_not_proved_is_repaired(facts: Library) -> None:
    asked, requests = ask_by("self-reflection", facts, [Reply(FALSE), Reply(TRUE)])
    assert calls_of(asked) == ["draft", "repair"]
    assert steps_of(asked) == ["draft", "check", "repair", "check"]
    assert FALSE in user_of(requests[1])
    assert "the cited passage lacks: 9, 1790" in user_of(requests[1])
    assert asked.answer.text == TRUE
    assert asked.answer.claims[0].verdict == "supported"


def test_repairs_end_after_the_rounds_and_the_best_draft_is_kept(facts: Library) -> None:
    worse = f"{FALSE} It was blue [1]. It was small [1]."
    replies = [Reply(worse), Reply(FALSE), Reply(worse), Reply(worse)]
    asked, requests = ask_by("self-reflection", facts, replies, rounds=3)
    assert len(requests) == 4
    assert asked.answer.text == FALSE
    assert asked.answer.claims[0].verdict == "unsupported"


def test_the_answer_that_most_samples_agree_on_wins(facts: Library) -> None:
    other_words = "It was on 4 March 1890 that the Forth Bridge was opened to trains [1]."
    replies = [Reply(text) for text in (FALSE, TRUE, other_words, FALSE, TRUE)]
    asked, requests = ask_by("self-consistency", facts, replies, samples=5)
    options = [request.body["options"] for request in requests]
    assert len({option["seed"] for option in options}) == 5
    assert {option["temperature"] for option in options} == {0.7}
    vote = asked.answer.steps[-1]
    assert vote.name == "vote"
    assert [line[:6] for line in vote.text.splitlines()] == ["3 of 5", "2 of 5"]
    assert asked.answer.text == TRUE


def test_refusals_are_a_party_of_their_own() -> None:
    parties = split_into_parties([REFUSAL, TRUE, f"{REFUSAL} ", FALSE])
    assert [len(party.answers) for party in parties] == [2, 1, 1]


def test_a_question_of_parts_is_answered_in_parts_and_joined(facts: Library) -> None:
    parts = "1. Who designed the Forth Bridge?\n2. How much water does sphagnum moss hold?"
    moss = "Sphagnum moss holds twenty times its own weight in water [1]."
    replies = [Reply(parts), Reply("By John Fowler [1]."), Reply(moss), Reply(f"{TRUE} {moss}")]
    asked, requests = ask_by("decomposition", facts, replies, "Bridge and moss?")
    assert calls_of(asked) == ["decompose", "part", "part", "answer"]
    assert "Question: Who designed the Forth Bridge?" in user_of(requests[1])
    assert "twenty times its own weight in water.\n" in system_of(requests[3]) + "\n"
    assert "By John Fowler." in system_of(requests[3])
    shown = asked.answer.receipt.passages
    assert {used.document for used in shown} >= {"bridge.pdf", "moss.pdf"}


def test_a_question_that_needs_no_splitting_is_answered_directly(facts: Library) -> None:
    asked, _ = ask_by("decomposition", facts, [Reply(QUESTION), Reply(TRUE)])
    assert calls_of(asked) == ["decompose", "answer"]
    assert asked.answer.text == TRUE


def test_passages_of_parts_take_turns() -> None:
    one, two, three = (passage("x", number=number) for number in (1, 2, 3))
    assert interleave([(one, two), (two, three), ()]) == (one, two, three)


def test_an_imagined_passage_is_searched_with_and_never_shown_as_evidence(facts: Library) -> None:
    imagined = "Moss drinks like a sponge: sphagnum holds twenty times its weight in water."
    asked, requests = ask_by("hyde", facts, [Reply(imagined), Reply(TRUE)], "Which plant drinks?")
    assert calls_of(asked) == ["imagine", "answer"]
    assert asked.answer.passages[0].document == "moss.pdf"
    assert imagined not in user_of(requests[1])


def test_a_question_is_searched_for_in_several_wordings(facts: Library) -> None:
    wordings = '- "Which plant stores water?"\n- How heavy is wet sphagnum moss?'
    asked, _ = ask_by("multi-query", facts, [Reply(wordings), Reply(TRUE)], "Thirsty green?")
    assert calls_of(asked) == ["rewrite", "answer"]
    assert len([event for event in asked.events if isinstance(event, Found)]) == 1
    assert asked.answer.passages[0].document == "moss.pdf"


@pytest.mark.parametrize("name", STRATEGIES)
def test_without_a_document_every_strategy_refuses(name: str, empty_library: Library) -> None:
    asked, _ = ask_by(name, empty_library, [Reply("One?\nTwo?")])
    assert asked.answer.refused
    assert asked.answer.passages == ()


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_server_that_is_down_is_one_error(name: str, facts: Library) -> None:
    settings = AnswerSettings(ollama_url="http://127.0.0.1:9", strategy=name)
    asked = ask(facts, QUESTION, spec="ollama:m", settings=settings)
    assert "No model server answers at http://127.0.0.1:9." in str(asked.error)


@pytest.mark.parametrize("name", STRATEGIES)
def test_every_call_is_on_the_receipt_with_its_cost(name: str, facts: Library) -> None:
    asked, requests = ask_by(name, facts, [Reply(TRUE, prompt_tokens=400)])
    calls = asked.answer.receipt.calls
    assert len(calls) == len(requests) > 0
    for call, request in zip(calls, requests, strict=True):
        assert [(one.role, one.text) for one in call.messages] == sent_in(request)
        assert call.options == request.body["options"]
        assert call.prompt_tokens == 400
        known = {load_prompt(used, purpose=used).fingerprint for used in call.prompts}
        assert set(call.prompts.values()) == known
    assert asked.answer.receipt.prompt_tokens == 400 * len(calls)


def test_an_unknown_strategy_names_those_that_there_are() -> None:
    with pytest.raises(StrategyError, match="no strategy 'dance'; use one of: auto, direct"):
        find_strategy("dance")


def test_a_model_that_only_quotes_takes_no_unknown_strategy_either(facts: Library) -> None:
    with pytest.raises(StrategyError, match="There is no strategy 'dance'"):
        ask(facts, QUESTION, settings=AnswerSettings(strategy="dance"))


def test_strategies_are_listed_with_what_they_cost() -> None:
    done = run_command("eval.cli", "strategies", "--json")
    listed = json.loads(done.stdout)["strategies"]
    assert [one["name"] for one in listed] == list(STRATEGIES)
    assert all(one["summary"] and one["calls"] and one["tokens"] for one in listed)
    shown = run_command("eval.cli", "strategies").stdout
    assert all(f"{name} " in shown for name in STRATEGIES)


def collect(body: Body) -> Reply:
    """Finds what a batch says of sales, and puts findings together."""
    system, user = (str(message["content"]) for message in body["messages"])
    if "List everything" not in system:
        return Reply("Two years are named [1].")
    lines = user.splitlines()
    found = [
        f"{line} [{lines[at - 1].split(']')[0][1:]}]"
        for at, line in enumerate(lines)
        if line.startswith("Net sales")
    ]
    return Reply("\n".join(found) or "NOTHING")


def test_everything_is_read_and_the_answer_says_so(facts: Library) -> None:
    asked, requests = ask_by("exhaustive", facts, [collect], "List all net sales.")
    assert calls_of(asked) == ["collect"] * 3 + ["answer"]  # three documents, each in one batch
    assert str(asked.answer.coverage) == "read 3 of 3 documents, 8 of 8 pages"
    assert [used.page for used in asked.answer.receipt.passages] == [2, 3]
    assert "- Net sales of Apple in 2022 were 394,328 million" in system_of(requests[-1])


def test_documents_are_read_in_batches_that_fit(facts: Library) -> None:
    asked, requests = ask_by(
        "exhaustive", facts, [lambda body: replace(collect(body), prompt_tokens=330)],
        "List all net sales.", context_tokens=1024, answer_tokens=624,
    )  # fmt: skip
    assert set(calls_of(asked)) == {"collect"}  # the findings do not fit: they are the answer
    assert 3 < len(requests) <= 8
    assert [claim.verdict for claim in asked.answer.claims] == ["supported", "supported"]
    assert [claim.citations[0].page for claim in asked.answer.claims] == [2, 3]


def test_only_the_chosen_documents_are_read(facts: Library) -> None:
    with ScriptedOllama(models=["m"], replies=[collect]) as server:
        settings = AnswerSettings(ollama_url=server.url, strategy="exhaustive")
        moss = facts.find_document("moss.pdf").id
        asked = ask(facts, "Sales?", spec="ollama:m", settings=settings, documents=(moss,))
    assert str(asked.answer.coverage) == "read 1 of 1 documents, 2 of 2 pages"
    assert asked.answer.refused


def test_a_batch_that_the_model_says_nothing_to_counts_as_not_read(facts: Library) -> None:
    asked, _ = ask_by("exhaustive", facts, [Reply(fault="empty"), collect], "List all net sales.")
    assert str(asked.answer.coverage) == "read 2 of 3 documents, 5 of 8 pages"
    assert asked.answer.steps[0].name == "missed"


def reason(scores: dict[str, int], drafts: dict[str, str]) -> Callable[[Body], Reply]:
    """A model that proposes two ways, scores steps by their last word, drafts by the path."""

    def reply(body: Body) -> Reply:
        system, user = (str(message["content"]) for message in body["messages"])
        if "Propose the next step" in system:
            step = user.rpartition("Reasoning so far:")[2].strip()
            names = {"(none)": ("left", "right")}.get(step, ("on",))
            return Reply("\n".join(f"- {name}" for name in names))
        if "Judge how far" in system:
            path = user.rpartition("Reasoning:")[2].split()
            return Reply(f"{scores.get(' '.join(path), 7)}/10")
        path = re.findall(r"^- (\w+)$", system, re.MULTILINE)
        return Reply(drafts[" ".join(path)])

    return reply


def test_a_path_that_fails_is_left_for_the_next_best(facts: Library) -> None:
    model = reason({"left": 9, "right": 6}, {"left on": FALSE, "right on": TRUE})
    asked, _ = ask_by("tree-of-thought", facts, [model])
    assert asked.answer.text == TRUE
    tree = asked.answer.steps[-1]
    assert tree.name == "tree"
    assert tree.text.splitlines() == [
        "(question) [1.0, followed]",
        "  left [0.9, followed]",
        "    on [0.7, answered, 0% proved]",
        "  right [0.6, followed]",
        "    on [0.7, answered, 100% proved]",
    ]


def test_a_step_that_is_judged_badly_is_not_followed(facts: Library) -> None:
    model = reason({"left": 9, "left on": 1, "right": 6}, {"right on": TRUE})
    asked, _ = ask_by("tree-of-thought", facts, [model])
    assert "  left [0.9, went back: nothing led on]" in asked.answer.steps[-1].text
    assert asked.answer.text == TRUE


def test_the_tree_is_bounded(facts: Library) -> None:
    model = reason({}, {"left": FALSE, "right": FALSE, "left on": FALSE, "right on": FALSE})
    asked, requests = ask_by("tree-of-thought", facts, [model], nodes=2)
    assert calls_of(asked) == ["propose", "judge", "judge", "draft"]
    assert len(requests) == 4
    assert asked.answer.text == FALSE
    assert asked.answer.claims[0].verdict == "unsupported"


def test_where_nothing_leads_on_the_answer_is_direct(facts: Library) -> None:
    model = reason({"left": 0, "right": 3}, {"": TRUE})
    asked, _ = ask_by("tree-of-thought", facts, [model])
    assert calls_of(asked) == ["propose", "judge", "judge", "draft"]
    assert asked.answer.text == TRUE


def test_a_prompt_that_does_not_fit_is_an_error_and_never_cut(facts: Library) -> None:
    asked, requests = ask_by("exhaustive", facts, [collect], context_tokens=1024, answer_tokens=900)
    assert "The prompt 'collect' takes about" in str(asked.error)
    assert "Raise context_tokens" in str(asked.error)
    assert requests == []


@pytest.mark.parametrize("name", STRATEGIES)
def test_no_call_is_larger_than_the_window(name: str, facts: Library) -> None:
    asked, _ = ask_by(
        name, facts, [Reply(FALSE * 3)], context_tokens=2600, answer_tokens=400, passages=20
    )
    for call in asked.answer.receipt.calls:
        assert estimate_tokens(call.messages) <= 2600 - 400


def test_a_draft_that_is_too_long_to_repair_is_the_answer_and_that_is_said(facts: Library) -> None:
    long = " ".join([FALSE] * 40)
    asked, _ = ask_by(
        "self-reflection", facts, [Reply(long)], context_tokens=1400, answer_tokens=400
    )
    assert asked.answer.text.startswith(FALSE)
    assert asked.answer.receipt.notes == (
        "The draft was too long to be repaired in the model's window.",
    )
