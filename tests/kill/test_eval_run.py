"""Killed at any moment, a run is finished by the same command, and its report is the same.

One kill in the test run; CITEBOUND_KILLS says how many.
"""

from __future__ import annotations

import json
import os
import random
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from eval.runs.folder import RECORDS, RunFolder
from eval.runs.record import CaseRecord
from tests.commands import run_command, send, start_command
from tests.conftest import SmallLibrary
from tests.eval.runs.running import QUESTIONS, write_cases

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("CITEBOUND_KILLS") or 1)
TIMES = 4  # that each question is asked, under two settings


@dataclass(frozen=True)
class Whole:
    """A run that was never killed: its command, how long it took, and what it printed."""

    command: tuple[str, ...]
    seconds: float
    report: dict[str, Any]


@pytest.fixture(scope="module")
def whole(small_library: SmallLibrary, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("whole")
    cases = write_cases(folder / "cases.jsonl", times=TIMES)
    (folder / "matrix.toml").write_text("passages = [2, 8]\n")
    command = (
        "eval", "run", str(cases), "--library", str(small_library.folder), "--model", "extractive",
        "--matrix", str(folder / "matrix.toml"), "--json", "--output",
    )  # fmt: skip
    started = time.monotonic()
    report = finish(command, folder / "run")
    return Whole(command, time.monotonic() - started, report)


@pytest.mark.parametrize("number", range(KILLS))
def test_a_killed_run_is_finished_by_the_same_command(
    whole: Whole, tmp_path: Path, number: int
) -> None:
    run = tmp_path / "run"
    process = start_command("eval.cli", *whole.command, run)
    after = random.Random(number).uniform(0.0, 1.0) * whole.seconds  # noqa: S311
    time.sleep(after)
    if process.poll() is None:
        send(process, signal.SIGKILL)
    process.communicate()
    before = records(run)
    report = finish(whole.command, run)
    assert report == whole.report, f"killed after {after:.2f} s"
    finished = records(run)
    assert len(finished) == 2 * TIMES * len(QUESTIONS)
    assert all(finished[key] == record for key, record in before.items())


def finish(command: tuple[str, ...], run: Path) -> dict[str, Any]:
    """Run a command to its end; its report, all but times."""
    done = run_command("eval.cli", *command, run)
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert report.pop("folder") == str(run)
    del report["run"]["created"]
    for setting in report["settings"]:
        for name in ("seconds", "seconds_to_first_token"):
            del setting["metrics"][name]
    return report


def records(run: Path) -> dict[str, CaseRecord]:
    """The records that a run has now, by key; each is there once."""
    if not (run / RECORDS).exists():
        return {}
    found = list(RunFolder.open(run).records())
    by_key = {record.key: record for record in found}
    assert len(by_key) == len(found)
    return by_key
