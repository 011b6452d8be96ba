"""The tiny Llama is a real OpenAI-compatible server to the official client."""

from pathlib import Path

import openai
import pytest
from langchain_openai import ChatOpenAI

from tests.servers.tiny_llama import MODEL, ServedModel, serve


def chat(served: ServedModel, *, model: str = MODEL, **options: object) -> ChatOpenAI:
    return ChatOpenAI.model_validate(
        {
            "model": model,
            "base_url": served.base_url,
            "api_key": "none",
            "stream_usage": True,
            "use_responses_api": False,
            "max_retries": 0,
            "timeout": 60,
            **options,
        }
    )


def test_a_stream_has_text_usage_and_a_finish_reason(served_tiny_llama: ServedModel) -> None:
    chunks = list(chat(served_tiny_llama).stream("What is the capital of France?"))
    assert sum(bool(chunk.content) for chunk in chunks) > 2
    answer = sum(chunks[1:], start=chunks[0])
    assert answer.text.strip().isascii()
    assert answer.usage_metadata is not None
    assert answer.usage_metadata["input_tokens"] > 0
    assert answer.usage_metadata["output_tokens"] >= 3
    assert answer.response_metadata["finish_reason"] == "stop"


def test_an_answer_without_streaming_has_the_same(served_tiny_llama: ServedModel) -> None:
    answer = chat(served_tiny_llama).invoke("What is the capital of France?")
    assert answer.text
    assert answer.usage_metadata is not None
    assert answer.response_metadata["finish_reason"] == "stop"


def test_an_answer_that_is_cut_by_max_tokens_says_length(served_tiny_llama: ServedModel) -> None:
    answer = chat(served_tiny_llama, max_tokens=4).invoke("Count to a hundred.")
    assert answer.response_metadata["finish_reason"] == "length"
    assert answer.usage_metadata is not None
    assert answer.usage_metadata["output_tokens"] == 4


def test_at_temperature_zero_the_answer_repeats(served_tiny_llama: ServedModel) -> None:
    model = chat(served_tiny_llama, temperature=0)
    assert model.invoke("Again?").text == model.invoke("Again?").text


def test_any_text_encodes(served_tiny_llama: ServedModel) -> None:
    assert chat(served_tiny_llama).invoke("Où est 东京? \N{SNOWMAN}").text


def test_the_server_lists_the_model(served_tiny_llama: ServedModel) -> None:
    with openai.OpenAI(base_url=served_tiny_llama.base_url, api_key="none") as client:
        assert [model.id for model in client.models.list()] == [MODEL]


def test_another_model_is_refused(served_tiny_llama: ServedModel) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        chat(served_tiny_llama, model="another").invoke("Hello")
    assert "pinned to 'tests/tiny-llama'" in refused.value.response.text


@pytest.mark.slow
def test_a_server_that_does_not_start_shows_its_log(tmp_path: Path) -> None:
    message = r"ended with status 1(.|\n)*tests/tiny-llama"
    with pytest.raises(RuntimeError, match=message), serve(tmp_path):
        pass
