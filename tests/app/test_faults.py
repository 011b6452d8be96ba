"""However a model server fails: one sentence, what to do about it, and what came is kept."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pydantic import ValidationError

from app.events import Ask
from app.settings import AnswerSettings
from ingest.library import Library
from tests.app.asking import Asked, ask, stream
from tests.servers.reply import Fault, Reply, ScriptedReply
from tests.servers.scripted_ollama import ScriptedOllama
from tests.servers.scripted_openai import ScriptedOpenAI
from tests.servers.stranger import stranger

QUESTION = "When was the Forth Bridge opened?"
TEXT = "The Forth Bridge was opened to trains on 4 March 1890 [1]."
NONSENSE = (
    b"<html>Please log in.</html>",
    b"",
    b"null",
    b"[1, 2]",
    b'{"a": 1}',
    b'{"models": 5, "model_info": [1], "capabilities": 5, "message": "x", "response": 5}',
    b'{"models": ["a", 1], "model_info": {"x.context_length": "abc"}, "choices": [1], "data": [5]}',
    b'data: [1]\n\ndata: {"choices": [5]}\n\n',
)
KINDS = ("ollama", "vllm", "openai-compatible")

every_kind = pytest.mark.parametrize("kind", KINDS)
openai_kinds = pytest.mark.parametrize("kind", KINDS[1:])

Server = ScriptedOllama | ScriptedOpenAI


@contextmanager
def scripted(
    kind: str, *replies: ScriptedReply, models: tuple[str, ...] = ("m",)
) -> Iterator[Server]:
    """A scripted server that ``kind`` of model speaks to."""
    make = ScriptedOllama if kind == "ollama" else ScriptedOpenAI
    with make(models=models, replies=replies or [Reply(TEXT)]) as server:
        yield server


def settings_for(kind: str, address: str, **values: float) -> AnswerSettings:
    """Settings with a kind's server at ``address``."""
    return AnswerSettings.model_validate({f"{kind.replace('-', '_')}_url": address, **values})


def address_of(server: Server) -> str:
    """Where a kind of model finds its server."""
    return server.base_url if isinstance(server, ScriptedOpenAI) else server.url


def ask_failing(library: Library, kind: str, reply: Reply, **values: float) -> tuple[Asked, str]:
    """The events before the failure and its message, which is one clear sentence or two."""
    with scripted(kind, reply) as server:
        settings = settings_for(kind, address_of(server), **values)
        asked = ask(library, QUESTION, spec=f"{kind}:m", settings=settings)
    return asked, clear(asked)


def clear(asked: Asked) -> str:
    """The message of a failure, which is on one line and free of Python's own words."""
    assert asked.error is not None, f"it ended in {asked.kinds[-1]}"
    said = str(asked.error)
    assert "\n" not in said
    assert said.endswith(".")
    for unwanted in ("Traceback", "Error(", "httpx", "object at 0x", "langchain"):
        assert unwanted not in said
    assert "Done" not in asked.kinds
    return said


@every_kind
@pytest.mark.parametrize(
    ("fault", "came", "complaint"),
    [
        ("status_500", [], "Look at the server's log."),
        ("cut", ["The", " Forth"], "Ask again."),
        ("no_done", ["The", " Forth"], "Ask again, and look at "),
        ("error_line", ["The", " Forth"], "Ask again."),
        ("empty", [], "Raise answer_tokens in settings, or choose another model."),
        ("only_thinking", [], "it may have spent its tokens on thought. Raise answer_tokens"),
    ],
)
def test_a_fault_says_what_to_do_and_keeps_what_came(
    facts: Library, kind: str, fault: Fault, came: list[str], complaint: str
) -> None:
    asked, said = ask_failing(facts, kind, Reply(TEXT, fault=fault))
    assert asked.tokens == came
    assert complaint in said


@every_kind
def test_silence_is_given_up_and_keeps_what_came(facts: Library, kind: str) -> None:
    asked, said = ask_failing(facts, kind, Reply(TEXT, fault="hang"), seconds_without_token=0.3)
    assert asked.tokens == ["The", " Forth"]
    assert "has been silent for too long" in said


def test_silence_says_what_to_do(facts: Library) -> None:
    _, said = ask_failing(facts, "ollama", Reply(TEXT, fault="hang"), seconds_without_token=0.3)
    assert "seconds_without_token" in said


@every_kind
def test_a_pause_that_is_shorter_than_the_limit_is_waited_for(facts: Library, kind: str) -> None:
    with scripted(kind, Reply("Opened in 1890 [1].", pause_seconds=0.2)) as server:
        settings = settings_for(kind, address_of(server), seconds_without_token=0.6)
        asked = ask(facts, QUESTION, spec=f"{kind}:m", settings=settings)
    assert asked.answer.text == "Opened in 1890 [1]."  # 0.8 s in all


@every_kind
def test_a_server_that_is_down_is_named_with_how_to_start_it(facts: Library, kind: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
    asked = ask(facts, QUESTION, spec=f"{kind}:m", settings=settings_for(kind, address))
    said = clear(asked)
    assert said.startswith(f"No model server answers at {address}. Start")
    start = {
        "ollama": "(ollama serve) and fetch the model (ollama pull m)",
        "vllm": "(vllm serve m), set vllm_url in settings",
        "openai-compatible": "set openai_compatible_url in settings",
    }
    assert start[kind] in said
    assert asked.tokens == []
    assert asked.kinds == ["Understood", "Chosen", "Found", "Composed"]


@every_kind
def test_a_model_that_is_missing_is_named(facts: Library, kind: str) -> None:
    with scripted(kind, models=("another",)) as server:
        settings = settings_for(kind, address_of(server))
        said = clear(ask(facts, QUESTION, spec=f"{kind}:m", settings=settings))
        assert said.startswith(f"{address_of(server)} has no model 'm'.")
    assert ("ollama pull m" if kind == "ollama" else "choose the model extractive") in said


def test_the_servers_own_words_are_passed_on(facts: Library) -> None:
    words = "model requires more system memory (8 GiB)\nthan is available"
    reply = Reply(fault="status_500", error_message=words)
    _, said = ask_failing(facts, "ollama", reply)
    assert "model requires more system memory (8 GiB) than is available" in said


@openai_kinds
def test_the_words_of_an_openai_server_are_passed_on_without_their_json(
    facts: Library, kind: str
) -> None:
    _, said = ask_failing(facts, kind, Reply(fault="status_500", error_message="Out of memory."))
    assert "Out of memory" in said
    assert "{" not in said


@openai_kinds
def test_the_servers_full_stop_is_not_doubled(facts: Library, kind: str) -> None:
    reply = Reply(TEXT, fault="error_line", words_before_fault=0, error_message="Out of memory.")
    _, said = ask_failing(facts, kind, reply)
    assert ".." not in said


@every_kind
def test_a_line_that_breaks_before_the_first_word_is_no_server_that_is_down(
    facts: Library, kind: str
) -> None:
    asked, said = ask_failing(facts, kind, Reply(TEXT, fault="cut", words_before_fault=0))
    assert asked.tokens == []
    assert "No model server answers" not in said


@every_kind
def test_an_answer_that_ran_out_of_tokens_says_so(facts: Library, kind: str) -> None:
    with scripted(kind, Reply(TEXT[:30], finish_reason="length")) as server:
        settings = settings_for(kind, address_of(server))
        asked = ask(facts, QUESTION, spec=f"{kind}:m", settings=settings)
    assert asked.answer.receipt.cut_off


@every_kind
def test_an_address_that_is_none_is_a_clear_error(facts: Library, kind: str) -> None:
    try:
        settings = settings_for(kind, "http://[::1")
    except ValidationError as refused:  # as good: the settings do not take it
        assert refused.errors()[0]["loc"] == (f"{kind.replace('-', '_')}_url",)
        return
    clear(ask(facts, QUESTION, spec=f"{kind}:m", settings=settings))


@every_kind
def test_claims_that_were_complete_before_a_cut_are_kept(facts: Library, kind: str) -> None:
    text = f"{TEXT} Then it went on for a while."
    reply = Reply(text, fault="cut", words_before_fault=len(TEXT.split()) + 2)
    asked, _ = ask_failing(facts, kind, reply)
    assert asked.kinds.count("ClaimChecked") == 1
    assert "".join(asked.tokens) == f"{TEXT} Then it"


@every_kind
def test_leaving_early_hangs_up_on_the_server(facts: Library, kind: str) -> None:
    with scripted(kind, Reply("word " * 500, pause_seconds=0.02)) as server:
        settings = settings_for(kind, address_of(server))
        events = stream(facts, f"{kind}:m", settings, Ask(QUESTION))
        assert any(type(event).__name__ == "Token" for event in events)
        events.close()  # type: ignore[attr-defined]
        assert server.wait_for_disconnect()
        assert server.words_sent < 100


@openai_kinds
def test_an_openai_server_streams_an_answer_with_claims_and_usage(
    facts: Library, kind: str
) -> None:
    with scripted(kind, Reply(TEXT, prompt_tokens=321)) as server:
        settings = settings_for(kind, address_of(server), answer_tokens=300, seed=7)
        asked = ask(facts, QUESTION, spec=f"{kind}:m", settings=settings)
        (request,) = server.requests_to("/v1/chat/completions")
    assert asked.kinds[:4] == ["Understood", "Chosen", "Found", "Composed"]
    assert asked.kinds[-3:] == ["Called", "ClaimChecked", "Done"]
    assert len(asked.tokens) > 1
    assert asked.answer.claims[0].citations[0].page == 1
    receipt = asked.answer.receipt
    assert (receipt.model, receipt.prompt_tokens) == (f"{kind}:m", 321)
    assert receipt.answer_tokens == len(TEXT.split()) + 1
    sent = request.body
    limit = sent.get("max_completion_tokens", sent.get("max_tokens"))
    assert (limit, sent["temperature"], sent["seed"]) == (300, 0.0, 7)
    assert QUESTION in sent["messages"][-1]["content"]


def test_vllms_own_window_is_respected(facts: Library) -> None:
    with ScriptedOpenAI(models=["m"], replies=[Reply(TEXT)], max_model_len=1000) as server:
        settings = AnswerSettings(vllm_url=server.base_url, answer_tokens=500)
        answer = ask(facts, QUESTION, spec="vllm:m", settings=settings).answer
        (request,) = server.requests_to("/v1/chat/completions")
    assert 0 < answer.receipt.passages_left_out < 8
    characters = sum(len(message["content"]) for message in request.body["messages"])
    assert characters / 3 <= 1000 - 500


@every_kind
@pytest.mark.parametrize("strategy", ["direct", "base"])
@pytest.mark.parametrize("said", NONSENSE)
def test_what_is_no_model_server_at_all_is_one_error(
    facts: Library, kind: str, strategy: str, said: bytes
) -> None:
    with stranger(said) as address:
        settings = settings_for(kind, address).model_copy(update={"strategy": strategy})
        assert address in clear(ask(facts, QUESTION, spec=f"{kind}:m", settings=settings))


@every_kind
@pytest.mark.parametrize("strategy", ["direct", "base"])
def test_no_prompt_follows_a_server_that_points_elsewhere(
    facts: Library, kind: str, strategy: str
) -> None:
    with (
        scripted(kind) as elsewhere,
        stranger(b"", status=307, location=f"{elsewhere.url}/api/chat") as address,
    ):
        settings = settings_for(kind, address).model_copy(update={"strategy": strategy})
        asked = ask(facts, QUESTION, spec=f"{kind}:m", settings=settings)
        assert elsewhere.requests == []
    assert address in clear(asked)


@openai_kinds
def test_a_server_that_wants_a_key_names_the_variable(facts: Library, kind: str) -> None:
    with stranger(b'{"error": {"message": "No key."}}', status=401) as address:
        asked = ask(facts, QUESTION, spec=f"{kind}:m", settings=settings_for(kind, address))
    assert "(No key). Give it in the variable CITEBOUND_API_KEY." in clear(asked)
