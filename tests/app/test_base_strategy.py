"""A model without a chat template continues a text, over each kind of server that can."""

from __future__ import annotations

import pytest

from app.events import Turn
from app.settings import AnswerSettings
from ingest.library import Library
from prompts.exemplars import shipped_exemplars
from tests.app.asking import Asked, ask
from tests.servers.reply import Fault, Reply
from tests.servers.scripted_ollama import ScriptedOllama
from tests.servers.scripted_openai import ScriptedOpenAI
from tests.servers.tiny_llama import CONTEXT_LENGTH, ServedModel

QUESTION = "When was the Forth Bridge opened?"
TEXT = "The Forth Bridge was opened to trains on 4 March 1890 [1]."


def ask_openai(library: Library, reply: Reply, *, completes: bool = True) -> Asked:
    with ScriptedOpenAI(models=["m"], replies=[reply], completes=completes) as server:
        settings = AnswerSettings(vllm_url=server.base_url, strategy="base")
        return ask(library, QUESTION, spec="vllm:m", settings=settings)


def test_ollama_gets_the_text_without_its_template(facts: Library) -> None:
    with ScriptedOllama(models=["m"], replies=[Reply(TEXT)]) as server:
        settings = AnswerSettings(ollama_url=server.url, strategy="base", stop=("END",))
        asked = ask(facts, QUESTION, spec="ollama:m", settings=settings)
        (request,) = server.requests_to("/api/generate")
        assert server.requests_to("/api/chat") == []
    assert request.body["raw"] is True
    text = request.body["prompt"]
    assert text.endswith(f"Question: {QUESTION}\nAnswer:")
    for exemplar in shipped_exemplars():
        assert f"Question: {exemplar.question}\nAnswer: {exemplar.answer}\n\n###" in text
    assert request.body["options"]["stop"] == ["END", "\n###", "\nQuestion:"]
    answer = asked.answer
    assert [claim.verdict for claim in answer.claims] == ["supported"]
    assert answer.receipt.calls[0].answer_tokens == len(TEXT.split()) + 1
    assert len(asked.tokens) > 1


def test_an_openai_compatible_server_continues_the_text(facts: Library) -> None:
    asked = ask_openai(facts, Reply(TEXT, prompt_tokens=321))
    assert asked.answer.text == TEXT
    assert asked.answer.receipt.prompt_tokens == 321
    assert not asked.answer.receipt.cut_off
    assert len(asked.tokens) > 1


def test_a_text_that_ran_out_of_tokens_says_so(facts: Library) -> None:
    assert ask_openai(facts, Reply(TEXT, finish_reason="length")).answer.receipt.cut_off


def test_a_server_that_continues_no_text_says_so(facts: Library) -> None:
    asked = ask_openai(facts, Reply(TEXT), completes=False)
    assert "does not continue plain text, which the strategy base needs" in str(asked.error)


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        ("status_500", "Look at the server's log."),
        ("cut", "broke in the middle of the answer"),
        ("no_done", "stopped in the middle of the answer"),
        ("error_line", "failed: "),
        ("empty", "answered nothing"),
    ],
)
@pytest.mark.parametrize("kind", ["ollama", "vllm"])
def test_a_fault_says_what_to_do(facts: Library, kind: str, fault: Fault, complaint: str) -> None:
    reply = Reply(TEXT, fault=fault)
    if kind == "vllm":
        asked = ask_openai(facts, reply)
    else:
        with ScriptedOllama(models=["m"], replies=[reply]) as server:
            settings = AnswerSettings(ollama_url=server.url, strategy="base")
            asked = ask(facts, QUESTION, spec="ollama:m", settings=settings)
    assert complaint in str(asked.error)
    assert "{" not in str(asked.error)


def test_a_missing_model_is_named(facts: Library) -> None:
    with (
        ScriptedOpenAI(models=["other"]) as openai,
        ScriptedOllama(models=["other"]) as ollama,
    ):
        settings = AnswerSettings(ollama_url=ollama.url, vllm_url=openai.base_url, strategy="base")
        for spec in ("ollama:m", "vllm:m"):
            asked = ask(facts, QUESTION, spec=spec, settings=settings)
            assert "has no model 'm'" in str(asked.error)


def test_a_follow_up_carries_its_terms_over_without_a_call(facts: Library) -> None:
    with ScriptedOllama(models=["m"], replies=[Reply(TEXT)]) as server:
        settings = AnswerSettings(ollama_url=server.url, strategy="base")
        earlier = [Turn("Who designed the Forth Bridge?", "John Fowler [1].")]
        asked = ask(
            facts, "When was it opened?", spec="ollama:m", settings=settings, history=earlier
        )
    assert [call.step for call in asked.answer.receipt.calls] == ["answer"]
    assert "Forth Bridge" in asked.answer.standalone_question


@pytest.mark.slow
def test_a_real_server_continues_the_text(facts: Library, served_tiny_llama: ServedModel) -> None:
    settings = AnswerSettings(
        openai_compatible_url=served_tiny_llama.base_url, context_tokens=CONTEXT_LENGTH,
        answer_tokens=24, passages=1, strategy="base",
    )  # fmt: skip
    spec = f"openai-compatible:{served_tiny_llama.model}"
    (call,) = ask(facts, QUESTION, spec=spec, settings=settings).answer.receipt.calls
    assert [message.role for message in call.messages] == ["text"]
    assert call.text
    assert call.prompt_tokens
    assert call.answer_tokens
