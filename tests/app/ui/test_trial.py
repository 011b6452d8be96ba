"""A short text to one model: what comes, how fast, and that stopping reaches the server."""

from __future__ import annotations

import time

from app.settings import AnswerSettings
from app.ui.models.trial import Speed, Trial
from app.ui.models.try_box import measured
from tests.servers.reply import Reply
from tests.servers.scripted_ollama import ScriptedOllama

SECONDS = 20.0
SPEC = "ollama:llama3.2"


def started(server: ScriptedOllama, spec: str = SPEC) -> Trial:
    trial = Trial(spec, "Say hello.")
    trial.start(AnswerSettings(ollama_url=server.url))
    return trial


def over(trial: Trial) -> Trial:
    deadline = time.monotonic() + SECONDS
    while trial.state == "running":
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return trial


def test_what_comes_is_told_with_its_speed_and_tokens() -> None:
    with ScriptedOllama(replies=[Reply("Hello to you all.", pause_seconds=0.1)]) as server:
        trial = over(started(server))
        (request,) = server.requests_to("/api/chat")
    assert (trial.state, trial.text) == ("done", "Hello to you all.")
    assert request.body["messages"] == [{"role": "user", "content": "Say hello."}]
    speed = trial.speed
    assert speed is not None
    assert speed.words == 4
    assert 0 < speed.seconds_to_first < speed.seconds
    assert (speed.prompt_tokens, speed.answer_tokens) == (2, 5)


def test_thought_is_told_apart() -> None:
    with ScriptedOllama(replies=[Reply("<think>Greet them.</think>Hello.")]) as server:
        trial = over(started(server))
    assert (trial.thought, trial.text) == ("Greet them.", "Hello.")


def test_a_base_model_is_given_the_text_to_go_on_with() -> None:
    with ScriptedOllama(template="{{ .Prompt }}", replies=[Reply("and on")]) as server:
        over(started(server))
        (request,) = server.requests_to("/api/generate")
    assert (request.body["prompt"], request.body["raw"]) == ("Say hello.", True)


def test_a_trial_that_is_stopped_keeps_what_came_and_the_server_notices() -> None:
    with ScriptedOllama(replies=[Reply("word " * 200, pause_seconds=0.05)]) as server:
        trial = started(server)
        while not trial.text:
            time.sleep(0.01)
        trial.stop()
        assert server.wait_for_disconnect()
    assert trial.state == "stopped"
    assert trial.text.startswith("word")
    assert trial.speed is None


def test_a_model_that_is_not_there_is_one_sentence() -> None:
    with ScriptedOllama() as server:
        trial = over(started(server, "ollama:owl"))
    assert trial.state == "failed"
    assert "has no model 'owl'" in (trial.error or "")


def test_the_speed_is_one_line() -> None:
    assert measured(Speed(0.52, 2.52, 10, 4, 12)) == (
        "first word after 0.5 s · 5.0 words a second · 10 words · 4 tokens read, 12 written"
    )
    assert measured(Speed(0.5, 0.5, 1, None, None)) == "first word after 0.5 s · 1 word"
