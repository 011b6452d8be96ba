"""The scripted Ollama is Ollama to the official clients, and fails as it is told to."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import islice

import httpx
import ollama
import pytest
from langchain_core.messages import AIMessageChunk
from langchain_ollama import ChatOllama

from tests.servers.reply import Body, Fault, Reply, split_words
from tests.servers.scripted_ollama import ScriptedOllama

TEXT = "The capital of France is Paris."
QUESTION = [{"role": "user", "content": "Capital of France?"}]

Ask = Callable[[str, str], AIMessageChunk]


def chat(url: str, *, model: str = "llama3.2", reasoning: bool | None = None) -> ChatOllama:
    return ChatOllama(
        model=model,
        base_url=url,
        num_ctx=4096,
        reasoning=reasoning,
        client_kwargs={"timeout": 0.5},
    )


def in_stream(url: str, model: str = "llama3.2") -> AIMessageChunk:
    chunks = list(chat(url, model=model).stream("Capital of France?"))
    return sum(chunks[1:], start=chunks[0])


def in_one(url: str, model: str = "llama3.2") -> AIMessageChunk:
    answer = chat(url, model=model).invoke("Capital of France?", stream=False)
    return AIMessageChunk(**answer.model_dump(exclude={"type"}))


both_ways = pytest.mark.parametrize("ask", [in_stream, in_one])


OpenClient = Callable[[ScriptedOllama], ollama.Client]


@pytest.fixture
def client() -> Iterator[OpenClient]:
    with ExitStack() as opened:
        yield lambda server: opened.enter_context(ollama.Client(host=server.url, timeout=5))


@both_ways
def test_an_answer_arrives_whole_with_its_counts(ask: Ask) -> None:
    with ScriptedOllama(replies=[Reply(TEXT)]) as server:
        answer = ask(server.url, "llama3.2")
    assert answer.content == TEXT
    assert answer.response_metadata["done"] is True
    assert answer.response_metadata["done_reason"] == "stop"
    assert answer.response_metadata["total_duration"] > 0
    assert answer.usage_metadata == {"input_tokens": 3, "output_tokens": 7, "total_tokens": 10}


def test_text_is_streamed_word_by_word(client: OpenClient) -> None:
    with ScriptedOllama(replies=[Reply(TEXT)]) as server:
        parts = list(client(server).chat("llama3.2", QUESTION, stream=True))
    assert [part.message.content for part in parts] == [*split_words(TEXT), ""]
    assert [part.done for part in parts] == [False] * 6 + [True]


def test_generate_streams_and_answers_in_one(client: OpenClient) -> None:
    with ScriptedOllama(replies=[Reply(TEXT)]) as server:
        parts = client(server).generate("llama3.2", "Capital?", stream=True)
        assert "".join(part.response or "" for part in parts) == TEXT
        whole = client(server).generate("llama3.2", "Capital?")
    assert (whole.response, whole.done, whole.done_reason) == (TEXT, True, "stop")


def test_requests_are_recorded() -> None:
    with ScriptedOllama(replies=[Reply(TEXT)]) as server:
        in_stream(server.url)
        (request,) = server.requests_to("/api/chat")
    assert request.body["options"]["num_ctx"] == 4096
    assert request.body["messages"] == QUESTION


def test_replies_are_taken_in_order_and_the_last_repeats() -> None:
    with ScriptedOllama(replies=[Reply("one"), Reply("two")]) as server:
        assert [in_stream(server.url).content for _ in range(3)] == ["one", "two", "two"]


def test_a_reply_may_be_made_from_the_prompt() -> None:
    def echo(body: Body) -> Reply:
        return Reply(body["messages"][-1]["content"].upper())

    with ScriptedOllama(replies=[echo]) as server:
        assert in_stream(server.url).content == "CAPITAL OF FRANCE?"


def test_a_reply_that_fails_is_raised_when_the_server_closes() -> None:
    def fail(_: Body) -> Reply:
        raise KeyError("passages")

    with (
        pytest.raises(KeyError, match="passages"),
        ScriptedOllama(replies=[fail]) as server,
        pytest.raises(ollama.ResponseError, match="the scripted reply failed"),
    ):
        in_stream(server.url)


def test_thinking_has_its_own_field() -> None:
    reply = Reply(TEXT, thinking="France, then Paris")
    with ScriptedOllama(replies=[reply], capabilities=["completion", "thinking"]) as server:
        answer = chat(server.url, reasoning=True).invoke("Capital?")
    assert answer.content == TEXT
    assert answer.additional_kwargs["reasoning_content"] == "France, then Paris"


def test_a_model_that_cannot_think_refuses_to() -> None:
    with ScriptedOllama() as server, pytest.raises(ollama.ResponseError, match="not support") as e:
        chat(server.url, reasoning=True).invoke("Capital?")
    assert e.value.status_code == 400


def test_the_prompt_is_cut_to_num_ctx_without_a_word(client: OpenClient) -> None:
    long_question = [{"role": "user", "content": "word " * 100}]
    with ScriptedOllama() as server:
        answer = client(server).chat("llama3.2", long_question, options={"num_ctx": 64})
    assert answer.prompt_eval_count == 64


def test_models_are_listed_and_described(client: OpenClient) -> None:
    with ScriptedOllama(models=["llama3.2", "qwen3:4b"], context_length=32768) as server:
        listed = [model.model for model in client(server).list().models]
        shown = client(server).show("llama3.2")
        version = httpx.get(f"{server.url}/api/version").json()
    assert listed == ["llama3.2:latest", "qwen3:4b"]
    assert shown.modelinfo is not None
    assert shown.modelinfo["llama.context_length"] == 32768
    assert shown.capabilities == ["completion", "tools"]
    assert shown.template
    assert version["version"]


def test_a_pull_reports_progress_and_adds_the_model(client: OpenClient) -> None:
    with ScriptedOllama(models=[], pullable=["qwen3:4b"]) as server:
        steps = list(client(server).pull("qwen3:4b", stream=True))
        assert client(server).list().models[0].model == "qwen3:4b"
    assert (steps[0].status, steps[-1].status) == ("pulling manifest", "success")
    assert [step.completed for step in steps if step.completed][-1] == steps[1].total


def test_a_pull_of_an_unknown_model_fails_in_the_stream(client: OpenClient) -> None:
    with ScriptedOllama() as server, pytest.raises(ollama.ResponseError, match="does not exist"):
        list(client(server).pull("nowhere", stream=True))


@both_ways
def test_a_missing_model_is_a_404(ask: Ask) -> None:
    with ScriptedOllama() as server, pytest.raises(ollama.ResponseError) as missing:
        ask(server.url, "mistral")
    assert missing.value.status_code == 404
    assert missing.value.error == "model 'mistral' not found"


@pytest.mark.parametrize(
    ("ask", "expected"), [(in_stream, httpx.ConnectError), (in_one, ConnectionError)]
)
def test_without_a_server_the_connection_is_refused(ask: Ask, expected: type[Exception]) -> None:
    with ScriptedOllama() as server:
        closed = server.url
    with pytest.raises(expected):
        ask(closed, "llama3.2")


@both_ways
@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("status_500", ollama.ResponseError),
        ("cut", httpx.RemoteProtocolError),
        ("error_line", ollama.ResponseError),
        ("hang", httpx.ReadTimeout),
    ],
)
def test_faults_that_the_client_raises(ask: Ask, fault: Fault, expected: type[Exception]) -> None:
    with ScriptedOllama(replies=[Reply(TEXT, fault=fault)]) as server, pytest.raises(expected):
        ask(server.url, "llama3.2")


def test_an_error_in_the_stream_has_no_status_and_one_before_it_has() -> None:
    replies = [Reply(TEXT, fault="error_line"), Reply(TEXT, fault="status_500")]
    with ScriptedOllama(replies=replies) as server:
        with pytest.raises(ollama.ResponseError) as in_the_middle:
            in_stream(server.url)
        with pytest.raises(ollama.ResponseError) as at_the_start:
            in_stream(server.url)
    assert (in_the_middle.value.status_code, at_the_start.value.status_code) == (-1, 500)


@both_ways
def test_an_answer_without_its_done_object_raises_nothing(ask: Ask) -> None:
    with ScriptedOllama(replies=[Reply(TEXT, fault="no_done")]) as server:
        answer = ask(server.url, "llama3.2")
    assert answer.content == "The capital"
    assert "done" not in answer.response_metadata
    assert answer.usage_metadata is None


@both_ways
@pytest.mark.parametrize(("fault", "reason"), [("empty", "stop"), ("only_thinking", "length")])
def test_an_answer_without_text_raises_nothing(ask: Ask, fault: Fault, reason: str) -> None:
    with ScriptedOllama(replies=[Reply(TEXT, fault=fault)]) as server:
        answer = ask(server.url, "llama3.2")
    assert answer.content == ""
    assert answer.response_metadata["done_reason"] == reason


def test_a_client_that_stops_reading_is_noticed() -> None:
    with ScriptedOllama(replies=[Reply("word " * 1000, pause_seconds=0.01)]) as server:
        stream = chat(server.url).stream("Tell me everything.")
        assert len(list(islice(stream, 3))) == 3
        stream.close()  # type: ignore[attr-defined]
        assert server.wait_for_disconnect()
        assert server.words_sent < 100


def test_an_answer_that_hangs_ends_with_the_server() -> None:
    body = {"model": "llama3.2", "messages": QUESTION}
    with ThreadPoolExecutor() as pool:
        with ScriptedOllama(replies=[Reply(TEXT, fault="hang")]) as server:
            answer = pool.submit(httpx.post, f"{server.url}/api/chat", json=body, timeout=30)
            assert server.wait_for_words(2)
        with pytest.raises(httpx.RemoteProtocolError):
            answer.result()
    assert server.disconnects == 0
