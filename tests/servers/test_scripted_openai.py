"""The scripted vLLM is an OpenAI-compatible server to ChatOpenAI, and fails as it is told to."""

from collections.abc import Callable
from itertools import islice

import httpx
import openai
import pytest
from langchain_core.messages import AIMessageChunk
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from tests.servers.reply import Fault, Reply, split_words
from tests.servers.scripted_openai import ScriptedOpenAI

TEXT = "The capital of France is Paris."

Ask = Callable[[str, str], AIMessageChunk]


def chat(base_url: str, *, model: str = "tiny") -> ChatOpenAI:
    return ChatOpenAI(
        model=model,
        base_url=base_url,
        api_key=SecretStr("none"),
        stream_usage=True,
        use_responses_api=False,
        max_retries=0,
        timeout=0.5,
    )


def in_stream(base_url: str, model: str = "tiny") -> AIMessageChunk:
    chunks = list(chat(base_url, model=model).stream("Capital of France?"))
    return sum(chunks[1:], start=chunks[0])


def in_one(base_url: str, model: str = "tiny") -> AIMessageChunk:
    answer = chat(base_url, model=model).invoke("Capital of France?")
    return AIMessageChunk(**answer.model_dump(exclude={"type"}))


both_ways = pytest.mark.parametrize("ask", [in_stream, in_one])


@both_ways
def test_an_answer_arrives_whole_with_its_usage(ask: Ask) -> None:
    with ScriptedOpenAI(replies=[Reply(TEXT)]) as server:
        answer = ask(server.base_url, "tiny")
    assert answer.content == TEXT
    assert answer.response_metadata["finish_reason"] == "stop"
    assert answer.usage_metadata is not None
    assert answer.usage_metadata["input_tokens"] == 3
    assert answer.usage_metadata["output_tokens"] == 7


def test_text_is_streamed_word_by_word() -> None:
    with ScriptedOpenAI(replies=[Reply(TEXT)]) as server:
        chunks = list(chat(server.base_url).stream("Capital?"))
    assert [chunk.content for chunk in chunks if chunk.content] == split_words(TEXT)


def test_the_models_are_listed_with_their_window() -> None:
    with ScriptedOpenAI(models=["tiny", "small"], max_model_len=4096) as server:
        listed = httpx.get(f"{server.base_url}/models").json()["data"]
    assert [(model["id"], model["max_model_len"]) for model in listed] == [
        ("tiny", 4096),
        ("small", 4096),
    ]


def test_thinking_has_its_own_field() -> None:
    with ScriptedOpenAI(replies=[Reply(TEXT, thinking="France, then")]) as server:
        body = {"model": "tiny", "messages": [{"role": "user", "content": "Capital?"}]}
        answer = httpx.post(f"{server.base_url}/chat/completions", json=body).json()
    message = answer["choices"][0]["message"]
    assert (message["content"], message["reasoning"]) == (TEXT, "France, then")


@both_ways
def test_an_unknown_model_is_a_404(ask: Ask) -> None:
    with ScriptedOpenAI() as server, pytest.raises(openai.NotFoundError, match="`mistral` does"):
        ask(server.base_url, "mistral")


@both_ways
def test_without_a_server_the_connection_is_refused(ask: Ask) -> None:
    with ScriptedOpenAI() as server:
        closed = server.base_url
    with pytest.raises(openai.APIConnectionError):
        ask(closed, "tiny")


@both_ways
@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("status_500", openai.InternalServerError),
        ("cut", openai.APIConnectionError),
        ("error_line", openai.APIError),
        ("hang", openai.APITimeoutError),
    ],
)
def test_faults_that_the_client_raises(ask: Ask, fault: Fault, expected: type[Exception]) -> None:
    with ScriptedOpenAI(replies=[Reply(TEXT, fault=fault)]) as server, pytest.raises(expected):
        ask(server.base_url, "tiny")


@both_ways
def test_an_answer_without_its_finish_reason_raises_nothing(ask: Ask) -> None:
    with ScriptedOpenAI(replies=[Reply(TEXT, fault="no_done")]) as server:
        answer = ask(server.base_url, "tiny")
    assert answer.content == "The capital"
    assert answer.response_metadata.get("finish_reason") is None


@both_ways
@pytest.mark.parametrize(("fault", "reason"), [("empty", "stop"), ("only_thinking", "length")])
def test_an_answer_without_text_raises_nothing(ask: Ask, fault: Fault, reason: str) -> None:
    with ScriptedOpenAI(replies=[Reply(TEXT, fault=fault)]) as server:
        answer = ask(server.base_url, "tiny")
    assert answer.content == ""
    assert answer.response_metadata["finish_reason"] == reason


def test_a_client_that_stops_reading_is_noticed() -> None:
    with ScriptedOpenAI(replies=[Reply("word " * 1000, pause_seconds=0.01)]) as server:
        stream = chat(server.base_url).stream("Tell me everything.")
        assert len(list(islice(stream, 3))) == 3
        stream.close()  # type: ignore[attr-defined]
        assert server.wait_for_disconnect()
        assert server.words_sent < 100
