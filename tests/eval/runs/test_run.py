"""Every finished case is kept, none is asked twice, and what fails costs no more than itself."""

from __future__ import annotations

import errno
import json
import resource
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from app.settings import AnswerSettings
from eval.metrics.score import Score, unscored
from eval.runs.budget import Budget
from eval.runs.folder import RECORDS, RunError, RunFolder
from tests.conftest import SmallLibrary
from tests.eval.runs.running import QUESTIONS, ready, run, write_cases
from tests.servers.reply import Body, Reply
from tests.servers.scripted_ollama import ScriptedOllama

OLLAMA = "ollama:llama3.2"


def ollama(server: ScriptedOllama, **more: object) -> AnswerSettings:
    return AnswerSettings(model=OLLAMA, strategy="direct", ollama_url=server.url).model_copy(
        update=more
    )


def without_times(path: Path) -> list[dict[str, object]]:
    """The records of a run by case, all but what a clock has said."""
    rows = []
    for record in RunFolder.open(path).records():
        assert record.answer is not None
        scores = {name: one for name, one in record.scores.items() if "seconds" not in name}
        answer = {name: one for name, one in record.answer.items() if name != "receipt"}
        rows.append({**vars(record), "scores": scores, "answer": answer})
    return sorted(rows, key=lambda row: str(row["key"]))


def test_a_run_scores_every_case(small_library: SmallLibrary, tmp_path: Path) -> None:
    library = small_library.library
    asked = ready(library, write_cases(tmp_path / "cases.jsonl"))
    ended, records = run(tmp_path / "run", library, asked)
    assert (ended.left, len(records)) == (0, 4)
    scores = {record.case.question: record.scores for record in records}
    valve, unknown = scores[next(iter(QUESTIONS))], scores["What is the capital of France?"]
    assert (valve["answer_given"].value, valve["page_recall"].value) == (1.0, 1.0)
    assert unknown["refused_rightly"].value == 1.0
    assert unknown["token_f1"].reason == "not applicable: the case names no answer"
    assert valve["judged_correctness"].reason.startswith("not applicable")
    assert all(tuple(record.scores) == asked.manifest.metrics for record in records)


def test_what_is_finished_is_not_asked_again(small_library: SmallLibrary, tmp_path: Path) -> None:
    cases = write_cases(tmp_path / "cases.jsonl")
    with ScriptedOllama() as server:
        asked = ready(small_library.library, cases, ollama(server))
        run(tmp_path / "run", small_library.library, asked)
        before = len(server.requests_to("/api/chat"))
        written = (tmp_path / "run" / RECORDS).read_bytes()
        run(tmp_path / "run", small_library.library, asked)
        assert len(server.requests_to("/api/chat")) == before
    assert before >= len(QUESTIONS)
    assert (tmp_path / "run" / RECORDS).read_bytes() == written


@pytest.mark.parametrize("cut", [1, 40, 2000])
def test_a_line_that_is_cut_is_asked_again(
    small_library: SmallLibrary, tmp_path: Path, cut: int
) -> None:
    library = small_library.library
    asked = ready(library, write_cases(tmp_path / "cases.jsonl"))
    run(tmp_path / "whole", library, asked)
    run(tmp_path / "cut", library, asked)
    lines = tmp_path / "cut" / RECORDS
    lines.write_bytes(lines.read_bytes()[:-cut])
    assert len(list(RunFolder.open(tmp_path / "cut").records())) == len(QUESTIONS) - 1
    run(tmp_path / "cut", library, asked)
    assert without_times(tmp_path / "cut") == without_times(tmp_path / "whole")


def test_a_case_that_the_model_fails_on_is_unscored_and_asked_again(
    small_library: SmallLibrary, tmp_path: Path
) -> None:
    failing = [True]

    def reply(body: Body) -> Reply:
        if failing[0] and "How hot is the loaf" in json.dumps(body):
            return Reply(fault="status_500", error_message="out of memory")
        return Reply("The safety valve opens at nine bar [1].")

    library = small_library.library
    with ScriptedOllama(replies=[reply]) as server:
        asked = ready(library, write_cases(tmp_path / "cases.jsonl"), ollama(server))
        _, records = run(tmp_path / "run", library, asked)
        failed = [record for record in records if record.answer is None]
        assert [record.case.question for record in failed] == ["How hot is the loaf baked?"]
        assert "out of memory" in failed[0].error
        scores = failed[0].scores
        for name in ("token_f1", "claims_supported", "page_recall", "answered_rightly"):
            assert scores[name].reason == f"unscored: {failed[0].error}"
        for name in ("refused_rightly", "instructions_obeyed", "judged_correctness", "seconds"):
            assert scores[name].reason.startswith("not applicable")
        failing[0] = False
        _, records = run(tmp_path / "run", library, asked)
    assert len(records) == len(QUESTIONS)
    assert all(record.answer for record in records)


def test_a_server_that_dies_stops_the_run_with_one_sentence(
    small_library: SmallLibrary, tmp_path: Path
) -> None:
    cases = write_cases(tmp_path / "cases.jsonl", times=10)
    with ScriptedOllama() as server:
        asked = ready(small_library.library, cases, ollama(server, calls_at_once=1))
    with pytest.raises(RunError) as raised:
        run(tmp_path / "run", small_library.library, asked)
    assert str(raised.value).startswith("No model server answers at")
    assert " cases in a row found no server" in str(raised.value)
    assert 3 <= len(list(RunFolder.open(tmp_path / "run").records())) <= 5


@pytest.mark.parametrize(
    ("budget", "told"), [(Budget(tokens=1), "1 tokens"), (Budget(seconds=0.001), "0.001 s")]
)
def test_a_spent_budget_ends_the_run_and_the_next_goes_on(
    small_library: SmallLibrary, tmp_path: Path, budget: Budget, told: str
) -> None:
    library = small_library.library
    with ScriptedOllama() as server:
        cases = write_cases(tmp_path / "cases.jsonl")
        asked = ready(library, cases, ollama(server, calls_at_once=1))
        ended, records = run(tmp_path / "run", library, asked, budget=budget)
        assert ended.stopped_by == told
        assert ended.left == len(QUESTIONS) - len(records) >= 1
        ended, records = run(tmp_path / "run", library, asked)
    assert (ended.left, ended.stopped_by, len(records)) == (0, "", len(QUESTIONS))


def test_calls_at_once_are_kept_to(small_library: SmallLibrary, tmp_path: Path) -> None:
    cases = write_cases(tmp_path / "cases.jsonl", times=2)
    with ScriptedOllama() as server:
        (batch,) = ready(small_library.library, cases, ollama(server, calls_at_once=3)).batches
    assert batch.at_once == 3


def test_records_of_another_run_under_the_same_keys_are_reused(
    small_library: SmallLibrary, tmp_path: Path
) -> None:
    cases = write_cases(tmp_path / "cases.jsonl")
    library = small_library.library
    with ScriptedOllama() as server:
        settings = ollama(server)
        run(tmp_path / "one", library, ready(library, cases, settings))
        before = len(server.requests_to("/api/chat"))
        both = ready(library, cases, settings, {"passages": (8, 2)})
        _, records = run(tmp_path / "two", library, both, reuse=[tmp_path / "one"])
        asked = len(server.requests_to("/api/chat")) - before
    assert asked == before
    assert sorted({record.setting for record in records}) == ["passages 2", "passages 8"]
    assert len(records) == 2 * len(QUESTIONS)


def test_a_judge_sees_the_answers_and_its_rubbish_is_no_zero(
    small_library: SmallLibrary, tmp_path: Path
) -> None:
    seen: list[tuple[str, Sequence[str]]] = []

    def judge(question: str, answer: str, gold: Sequence[str], passages: Sequence[str]) -> Score:
        assert answer
        assert passages
        seen.append((question, gold))
        return unscored("it answered rubbish") if "loaf" in question else Score(1.0)

    library = small_library.library
    asked = ready(library, write_cases(tmp_path / "cases.jsonl"), judge=judge)
    _, records = run(tmp_path / "run", library, asked, judge=judge)
    judged = {record.case.question: record.scores["judged_correctness"] for record in records}
    assert judged["How hot is the loaf baked?"].reason == "unscored: it answered rubbish"
    assert judged["At what pressure does the safety valve open?"].value == 1.0
    assert judged["What is the capital of France?"].reason.startswith("not applicable")
    assert ("How hot is the loaf baked?", ("240 degrees",)) in seen


@contextmanager
def no_file_may_be_longer_than(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_takes_no_more_is_one_sentence_and_loses_nothing(
    small_library: SmallLibrary, tmp_path: Path
) -> None:
    library = small_library.library
    asked = ready(library, write_cases(tmp_path / "cases.jsonl"))
    _, whole = run(tmp_path / "whole", library, asked)
    room = (tmp_path / "whole" / RECORDS).stat().st_size // 2
    with no_file_may_be_longer_than(room), pytest.raises(RunError) as raised:
        run(tmp_path / "run", library, asked)
    assert "What is finished is kept; make room" in str(raised.value)
    assert isinstance(raised.value.__cause__, OSError)
    assert raised.value.__cause__.errno == errno.EFBIG
    kept = list(RunFolder.open(tmp_path / "run").records())
    assert 1 <= len(kept) < len(whole)
    _, records = run(tmp_path / "run", library, asked)
    assert {record.key for record in records} == {record.key for record in whole}
    assert set(map(str, kept)) <= set(map(str, records))


def test_only_one_process_writes(small_library: SmallLibrary, tmp_path: Path) -> None:
    asked = ready(small_library.library, write_cases(tmp_path / "cases.jsonl"))
    folder = RunFolder.create(tmp_path / "run", asked.manifest)
    with (
        folder.writing(),
        pytest.raises(RunError, match="Another process is at work"),
        RunFolder.open(tmp_path / "run").writing(),
    ):
        pass


def test_a_folder_that_holds_another_run_is_left_alone(
    small_library: SmallLibrary, tmp_path: Path
) -> None:
    asked = ready(small_library.library, write_cases(tmp_path / "cases.jsonl"))
    first = RunFolder.create(tmp_path / "run", asked.manifest)
    other = replace(asked.manifest, seed=7)
    with pytest.raises(RunError, match="holds another run: its seed"):
        RunFolder.create(tmp_path / "run", other)
    later = replace(asked.manifest, created="2030-01-01", coverage_asked=0.5)
    again = RunFolder.create(tmp_path / "run", later)
    assert again.manifest == replace(first.manifest, coverage_asked=0.5)
    assert RunFolder.open(tmp_path / "run").manifest == again.manifest
