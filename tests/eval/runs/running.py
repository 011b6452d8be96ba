"""Runs over the small library, by the parts that the command puts together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.settings import AnswerSettings
from eval.runs.budget import Budget
from eval.runs.folder import JudgeUsed, RunFolder
from eval.runs.measures import Judging, measures
from eval.runs.prepare import ReadyRun, prepared_run
from eval.runs.record import CaseRecord
from eval.runs.run import Ended, run_batches
from eval.runs.ways import Matrix, Way, ways_of
from ingest.library import Library

QUESTIONS = {
    "At what pressure does the safety valve open?": ("nine bar", "boiler.pdf", 3),
    "How hot is the loaf baked?": ("240 degrees", "bread.pdf", 2),
    "How far does the harbour of Saint-Malo rise?": ("twelve metres", "tides.pdf", 1),
    "What is the capital of France?": None,
}


def write_cases(path: Path, *, times: int = 1) -> Path:
    """The questions, each so many times, in a file."""
    rows = [
        _case(f"{number}-{time}", question)
        for time in range(times)
        for number, question in enumerate(QUESTIONS)
    ]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf8")
    return path


def _case(id: str, question: str) -> dict[str, Any]:
    known = QUESTIONS[question]
    if known is None:
        return {"id": id, "question": question, "answerable": False}
    answer, document, page = known
    evidence = [{"document": document, "page": page}]
    return {"id": id, "question": question, "answers": [answer], "evidence": evidence}


def ready(
    library: Library,
    cases: Path,
    settings: AnswerSettings | None = None,
    matrix: Matrix | None = None,
    *,
    ways: Sequence[Way] = (),
    judge: Judging | None = None,
) -> ReadyRun:
    """A run that is ready to be asked: those ways, or a matrix on top of settings."""
    base = settings or AnswerSettings(model="extractive")
    with prepared_run(
        cases,
        library,
        ways or ways_of(base, matrix or {}),
        judge=JudgeUsed("none", None, "there is none"),
        metrics=tuple(measures(library.embedder, judge)),
        seed=base.seed,
        coverage=0.9,
    ) as prepared:
        return prepared


def run(
    path: Path,
    library: Library,
    run: ReadyRun,
    *,
    budget: Budget | None = None,
    reuse: Sequence[Path] = (),
    judge: Judging | None = None,
) -> tuple[Ended, list[CaseRecord]]:
    """Ask what is left of a run; how it ended, and all its records."""
    folder = RunFolder.create(path, run.manifest)
    ended = run_batches(
        folder,
        run.batches,
        measures(library.embedder, judge),
        budget=budget or Budget(),
        reuse=[RunFolder.open(other) for other in reuse],
    )
    return ended, list(folder.records())
