"""A real model server, which nobody scripted: its words are noise, its protocol is not."""

from __future__ import annotations

from app.settings import AnswerSettings
from ingest.library import Library
from tests.app.asking import ask
from tests.servers.tiny_llama import CONTEXT_LENGTH, ServedModel


def test_a_served_model_streams_an_answer(facts: Library, served_tiny_llama: ServedModel) -> None:
    settings = AnswerSettings(
        openai_compatible_url=served_tiny_llama.base_url,
        context_tokens=CONTEXT_LENGTH,
        answer_tokens=64,
        passages=2,
    )
    spec = f"openai-compatible:{served_tiny_llama.model}"
    asked = ask(facts, "When was the Forth Bridge opened?", spec=spec, settings=settings)
    assert len(asked.tokens) > 1
    answer = asked.answer
    assert answer.text == "".join(asked.tokens).strip()
    assert answer.claims
    assert {claim.verdict for claim in answer.claims} <= {"unsupported", "not checkable"}
    assert answer.receipt.prompt_tokens is not None
    assert answer.receipt.prompt_tokens > 100
    assert answer.receipt.answer_tokens is not None
    assert 1 < answer.receipt.answer_tokens <= 64
