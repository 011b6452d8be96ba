"""A run that is asked to its end; every finished case is on the disk at once."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.settings import AnswerSettings
from eval.runs.budget import Budget
from eval.runs.folder import JudgeUsed, RunError, RunFolder
from eval.runs.judge_used import judge_used, judging
from eval.runs.measures import measures
from eval.runs.prepare import ReadyRun, default_folder, prepared_run
from eval.runs.record import CaseRecord
from eval.runs.resume import ways_of_run
from eval.runs.run import Batch, run_batches
from eval.runs.ways import Way
from eval.ui.measured.work import Work
from ingest.graphs import usable_cores
from ingest.library import Library


@dataclass(frozen=True)
class RunOrder:
    """What is to be asked, how, and who judges; ``folder`` is None for one beside the cases."""

    cases: Path
    ways: tuple[Way, ...]
    judge: JudgeUsed
    seed: int
    coverage: float
    folder: Path | None = None


def new_order(
    cases: Path, ways: Sequence[Way], judge: str, settings: AnswerSettings, coverage: float
) -> RunOrder:
    """The order for a run of these cases. Raises MeasuredJudgeError."""
    return RunOrder(cases, tuple(ways), judge_used(judge, None), settings.seed, coverage)


def order_to_go_on(folder: RunFolder, settings: AnswerSettings) -> RunOrder:
    """The order that a run was begun with. Raises RunError where it can no longer be asked."""
    manifest = folder.manifest
    ways = tuple(ways_of_run(manifest, settings))
    return RunOrder(
        Path(manifest.cases.path), ways, manifest.judge, manifest.seed, manifest.coverage_asked,
        folder.path,
    )  # fmt: skip


class RunWork(Work):
    """A run at work; ``failed`` counts cases without an answer, ``fault`` is the last one's."""

    def __init__(self, order: RunOrder, library: Library, settings: AnswerSettings) -> None:
        super().__init__(order.folder.name if order.folder else order.cases.stem)
        self.folder = order.folder
        self.failed = 0
        self.fault = ""
        self._order = order
        self._library = library
        self._settings = settings
        self._budget = Budget()
        self._kept = 0
        self._began = time.monotonic()

    def cancel(self) -> None:
        """End soon; what is finished stays, and the run can be gone on with."""
        super().cancel()
        self._budget.stop()

    def seconds_left(self) -> float | None:
        """About how long it still takes; None while that cannot be told."""
        asked = self.finished - self._kept
        if asked <= 0:
            return None
        return (time.monotonic() - self._began) / asked * (self.total - self.finished)

    def work(self) -> None:
        """Prepare the run and ask what is not finished yet."""
        order = self._order
        judge = judging(order.judge.name, self._settings)
        measured = measures(self._library.embedder, judge)
        with prepared_run(
            order.cases, self._library, order.ways,
            judge=order.judge, metrics=tuple(measured), seed=order.seed, coverage=order.coverage,
        ) as ready:  # fmt: skip
            self.check_cancelled()
            folder = self._folder(ready)
            self.name, self.folder = folder.path.name, folder.path
            self._kept = sum(record.answer is not None for record in folder.records())
            self._began = time.monotonic()
            self.total = sum(len(batch.jobs) for batch in ready.batches)
            run_batches(
                folder, [_gentle(batch, ready) for batch in ready.batches], measured,
                budget=self._budget, on_record=self._note,
            )  # fmt: skip

    def _folder(self, ready: ReadyRun) -> RunFolder:
        path = self._order.folder
        if path is None:
            path = default_folder(self._order.cases, ready.manifest)
        elif not RunFolder.open(path).manifest.is_same_run(ready.manifest):
            raise RunError(
                f"The run {path.name} cannot go on: its cases, the library, the model or the "
                "program have changed since it was begun. Start a new run."
            )
        return RunFolder.create(path, ready.manifest)

    def _note(self, record: CaseRecord) -> None:
        self.finished += 1
        if record.answer is None:
            self.failed += 1
            self.fault = record.error


def _gentle(batch: Batch, ready: ReadyRun) -> Batch:
    """The built-in answerer works in the page's own process, so it leaves a core to the page."""
    models = {setting.name: setting.values["model"] for setting in ready.manifest.settings}
    if models[batch.setting] != "extractive":
        return batch
    return replace(batch, at_once=max(1, min(batch.at_once, usable_cores() - 1)))
