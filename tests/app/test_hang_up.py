"""A call of a model server ends when another thread hangs up, even while the server is silent."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from app.chain import build_chain
from app.events import Ask, Message
from app.models.choose import choose_model, served_model
from app.models.hang_up import Calls
from app.models.model import ModelError, Sampling
from app.ui.chat.exchange import Exchange
from ingest.library import Library
from tests.app.test_faults import KINDS, address_of, scripted, settings_for
from tests.servers.reply import Body, Reply
from tests.servers.scripted_ollama import ScriptedOllama

SECONDS = 20.0
PATIENT = {"seconds_without_token": 600.0}


class Thinking:
    """A server's answer that comes only when the test is over: not even its headers do before."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.over = threading.Event()

    def __call__(self, body: Body) -> Reply:  # noqa: ARG002 - as all scripted replies are called
        self.asked.set()
        self.over.wait(SECONDS)
        return Reply("too late")


@pytest.fixture
def thinking() -> Iterator[Thinking]:
    reply = Thinking()
    yield reply
    reply.over.set()


def in_thread(calls: Calls, work: Callable[[], object]) -> tuple[threading.Thread, list[Exception]]:
    """Work that belongs to ``calls``, and what it raises."""
    raised: list[Exception] = []

    def run() -> None:
        try:
            with calls.made_here():
                work()
        except ModelError as error:
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread, raised


@pytest.mark.parametrize("role", ["user", "text"])
def test_a_call_ends_before_the_server_has_said_anything(thinking: Thinking, role: str) -> None:
    with ScriptedOllama(models=("m",), replies=[thinking]) as server:
        model = served_model("ollama:m", settings_for("ollama", server.url, **PATIENT))
        message = Message("text" if role == "text" else "user", "Say something.")
        calls = Calls()
        thread, raised = in_thread(calls, lambda: list(model.stream([message], Sampling(10))))
        assert thinking.asked.wait(SECONDS)
        calls.hang_up()
        thread.join(SECONDS)
        assert not thread.is_alive()
        thinking.over.set()
    assert len(raised) == 1


def test_what_is_called_after_it_was_ended_does_not_wait(thinking: Thinking) -> None:
    with ScriptedOllama(models=("m",), replies=[thinking]) as server:
        model = served_model("ollama:m", settings_for("ollama", server.url, **PATIENT))
        calls = Calls()
        calls.hang_up()
        thread, raised = in_thread(
            calls, lambda: list(model.stream([Message("user", "Hello")], Sampling(10)))
        )
        thread.join(SECONDS)
        assert not thread.is_alive()
        thinking.over.set()
    assert len(raised) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("strategy", ["direct", "self-consistency", "agent"])
def test_an_answer_that_is_stopped_leaves_its_silent_server(
    facts: Library, kind: str, strategy: str
) -> None:
    asked = threading.Event()

    def silent(_: Body) -> Reply:
        asked.set()
        return Reply("never said", fault="hang", words_before_fault=0)

    with scripted(kind, silent) as server:
        settings = settings_for(kind, address_of(server), **PATIENT)
        settings = settings.model_copy(update={"strategy": strategy})
        model = choose_model(f"{kind}:m", facts, settings).model
        exchange = Exchange("When was the Forth Bridge opened?")
        exchange.start(build_chain(facts, model, settings), Ask(exchange.question))
        assert asked.wait(SECONDS)
        exchange.stop()
        assert server.wait_for_disconnect(timeout_seconds=SECONDS)
        assert (exchange.state, exchange.error) == ("stopped", None)
