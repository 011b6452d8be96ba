"""A run that the page starts goes on by itself, is cancelled and gone on with."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from app.settings import AnswerSettings
from eval.runs.folder import RunFolder
from eval.ui.measured.at_work import progress, said_cancelled
from eval.ui.measured.chosen_ways import chosen_ways
from eval.ui.measured.run_work import RunWork, new_order, order_to_go_on
from tests.conftest import SmallLibrary
from tests.eval.runs.running import write_cases
from tests.servers.reply import Body, Reply
from tests.servers.scripted_ollama import ScriptedOllama

SECONDS = 30.0


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_cancelled_run_keeps_what_is_done_and_goes_on(
    small_library: SmallLibrary, tmp_path: Path
) -> None:
    cases, library = write_cases(tmp_path / "cases.jsonl", times=2), small_library.library
    replies: list[Reply] = [Reply("Nine bar [1].")] * 3

    def reply(_: Body) -> Reply:
        return replies.pop() if replies else Reply("Nine bar. " * 200, pause_seconds=0.2)

    with ScriptedOllama(replies=[reply]) as server:
        settings = AnswerSettings(model="ollama:llama3.2", ollama_url=server.url, calls_at_once=1)
        order = new_order(
            cases, chosen_ways(settings, [settings.model], ["direct"]), "embedded", settings, 0.9
        )
        work = RunWork(order, library, settings)
        assert progress(work) == "getting ready"
        work.start()
        wait_for(lambda: work.finished == 3 and len(server.requests_to("/api/chat")) == 4)
        assert progress(work).startswith("3 of 8 questions, about ")
        work.cancel()
        wait_for(lambda: work.is_over)  # although an answer is being written
        assert server.wait_for_disconnect()
        assert (work.state, said_cancelled(work)[:27]) == (
            "cancelled",
            "cancelled; 3 answers of 8 k",
        )
        assert work.folder == next((tmp_path / "runs").iterdir())
        folder = RunFolder.open(work.folder)
        asked = len(server.requests_to("/api/chat"))

        replies += [Reply("Nine bar [1].")] * 9
        going_on = RunWork(order_to_go_on(folder, settings), library, settings)
        going_on.start()
        wait_for(lambda: going_on.is_over)
        assert (going_on.state, going_on.error, going_on.finished) == ("done", None, 8)
        assert len(server.requests_to("/api/chat")) == asked + 5
    assert len(list(folder.records())) == 8


def test_a_run_whose_cases_have_changed_says_to_start_anew(
    small_library: SmallLibrary, tmp_path: Path
) -> None:
    cases, settings = write_cases(tmp_path / "cases.jsonl"), AnswerSettings(model="extractive")
    ways = chosen_ways(settings, ["extractive"], [])
    first = RunWork(
        new_order(cases, ways, "embedded", settings, 0.9), small_library.library, settings
    )
    first.start()
    wait_for(lambda: first.is_over)
    assert first.folder is not None
    write_cases(cases, times=2)
    again = RunWork(
        order_to_go_on(RunFolder.open(first.folder), settings), small_library.library, settings
    )
    again.start()
    wait_for(lambda: again.is_over)
    assert again.state == "failed"
    assert "have changed since it was begun. Start a new run." in str(again.error)


def test_a_model_that_fails_is_counted_and_told(
    small_library: SmallLibrary, tmp_path: Path
) -> None:
    cases = write_cases(tmp_path / "cases.jsonl")
    with ScriptedOllama(replies=[Reply(fault="status_500")]) as server:
        settings = AnswerSettings(model="ollama:llama3.2", ollama_url=server.url)
        ways = chosen_ways(settings, [settings.model], ["direct"])
        order = new_order(cases, ways, "embedded", settings, 0.9)
        work = RunWork(order, small_library.library, settings)
        work.start()
        wait_for(lambda: work.is_over)
    assert (work.state, work.finished, work.failed) == ("done", 4, 4)
    assert "ollama" in work.fault.casefold()


def test_every_model_is_asked_in_every_way_and_the_one_that_quotes_once() -> None:
    base = AnswerSettings()
    names = [
        way.name
        for way in chosen_ways(
            base, ["ollama:a", "extractive", " ollama:b "], ["direct", "few-shot"]
        )
    ]
    assert names == [
        "ollama:a, direct", "ollama:a, few-shot", "ollama:b, direct", "ollama:b, few-shot",
        "extractive, auto",
    ]  # fmt: skip
    assert [way.name for way in chosen_ways(base, ["ollama:a", "extractive"], ["direct"])] == [
        "ollama:a, direct", "extractive",
    ]  # fmt: skip
    assert chosen_ways(base, ["ollama:a"], []) == []
