"""A real model server, which nobody scripted: its words are noise, its protocol is not."""

from __future__ import annotations

import pytest

from app.settings import AnswerSettings
from app.strategies import STRATEGIES
from ingest.library import Library
from tests.app.asking import ask
from tests.servers.tiny_llama import CONTEXT_LENGTH, ServedModel

pytestmark = pytest.mark.slow


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


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_strategy_comes_to_an_end_with_a_real_model(
    strategy: str, facts: Library, served_tiny_llama: ServedModel
) -> None:
    settings = AnswerSettings(
        openai_compatible_url=served_tiny_llama.base_url,
        context_tokens=CONTEXT_LENGTH,
        answer_tokens=24,
        passages=1,
        strategy=strategy,
        samples=2,
        rounds=1,
        nodes=2,
    )
    spec = f"openai-compatible:{served_tiny_llama.model}"
    asked = ask(facts, "How heavy is moss?", spec=spec, settings=settings)
    receipt = asked.answer.receipt
    assert asked.answer.text
    assert receipt.calls
    assert all(call.prompt_tokens and call.answer_tokens for call in receipt.calls)
    assert all(claim.verdict != "supported" for claim in asked.answer.claims)
