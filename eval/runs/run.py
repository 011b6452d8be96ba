"""Ask every case under every setting, and write each finished one at once.

Whatever is written already is not asked again, so a run that was stopped or killed is finished by
starting it once more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from queue import Empty, Queue
from typing import cast

from langchain_core.runnables import Runnable

from app.answer_output import answer_to_json
from app.events import Ask, Done, Event
from app.models.explain import is_down
from app.models.model import ModelError
from eval.cases import Case
from eval.runs.budget import Budget
from eval.runs.folder import RecordWriter, RunError, RunFolder
from eval.runs.measures import Measures, failed_scores, score_answer
from eval.runs.record import CaseRecord
from ingest.errors import CiteboundError
from prompts.template import PromptError

DOWN_IN_A_ROW = 3  # cases that find no server; then it is not asked for the rest
SECONDS_TO_STOP = 2.0
SECONDS_TO_LOOK = 0.2  # whether all is to stop, while no case is finished


@dataclass(frozen=True)
class Job:
    """A case to be asked; ``key`` is the hash of all that its record depends on."""

    key: str
    case: Case


@dataclass(frozen=True)
class Batch:
    """The cases of one setting; ``at_once`` of them are asked at the same time."""

    setting: str
    chain: Runnable[Ask, Event]
    jobs: tuple[Job, ...]
    at_once: int


@dataclass(frozen=True)
class Ended:
    """How a run ended: cases left to ask, and what was used up where there are any."""

    left: int
    stopped_by: str = ""


OnRecord = Callable[[CaseRecord], None]


def run_batches(
    folder: RunFolder,
    batches: Sequence[Batch],
    measures: Measures,
    *,
    budget: Budget,
    reuse: Sequence[RunFolder] = (),
    on_record: OnRecord = lambda _: None,
) -> Ended:
    """Ask what is not finished yet; records of ``reuse`` under the same keys are taken over.

    ``on_record`` hears of every record of the run, those that were there before included. Raises
    RunError where the disk does not take a record, or no server answers any more.
    """
    with folder.writing() as writer:
        pending = {job.key: batch.setting for batch in batches for job in batch.jobs}
        for record in folder.records():
            if pending.pop(record.key, None) is not None:
                on_record(record)
        for other in reuse:
            _take_over(other, pending, writer, on_record)
        for batch in batches:
            jobs = [job for job in batch.jobs if job.key in pending]
            with closing(_answered(replace(batch, jobs=tuple(jobs)), measures, budget)) as records:
                for record in records:
                    writer.write(record)
                    budget.spend(record)
                    del pending[record.key]
                    on_record(record)
    return Ended(len(pending), budget.spent if pending else "")


def _take_over(
    other: RunFolder, pending: dict[str, str], writer: RecordWriter, on_record: OnRecord
) -> None:
    for record in other.records():
        if record.answer is not None and record.key in pending:
            taken = replace(record, setting=pending.pop(record.key))
            writer.write(taken)
            on_record(taken)


def _answered(
    batch: Batch, measures: Measures, budget: Budget
) -> Generator[CaseRecord, None, None]:
    """Records as they are finished, until all are, the budget is spent or no server answers.

    What has begun by then is finished, unless the budget is stopped. The threads are none that
    Python waits for at its end: a server may be silent for minutes.
    """
    stopped = threading.Event()
    jobs = iter(batch.jobs)
    taking = threading.Lock()
    finished: Queue[CaseRecord | BaseException | None] = Queue()
    watch = ServerWatch(len(batch.jobs))

    def work() -> None:
        try:
            while not (stopped.is_set() or budget.spent):
                with taking:
                    job = next(jobs, None)
                if job is None:
                    break
                finished.put(_record(batch, job, measures, watch, budget))
        except _Stopped:
            finished.put(None)
        except BaseException as error:  # noqa: BLE001 - raised where the records are read
            finished.put(error)
        else:
            finished.put(None)

    workers = [threading.Thread(target=work, daemon=True) for _ in range(batch.at_once)]
    for worker in workers:
        worker.start()
    working = len(workers)
    try:
        while working and not budget.stopped.is_set():
            try:
                result = finished.get(timeout=SECONDS_TO_LOOK)
            except Empty:
                continue
            if isinstance(result, BaseException):
                raise result
            if result is None:
                working -= 1
                continue
            yield result
            if watch.has_given_up:
                stopped.set()
        watch.check()
    finally:
        stopped.set()
        for worker in workers:
            worker.join(SECONDS_TO_STOP)


class ServerWatch:
    """Notes whether cases find no server, one after the other."""

    def __init__(self, cases: int) -> None:
        self.most = max(1, min(DOWN_IN_A_ROW, cases))
        self.in_a_row = 0
        self.said = ""

    def note(self, error: Exception | None) -> None:
        """Hear how a case ended."""
        cause = error.__cause__ if isinstance(error, ModelError) else None
        down = isinstance(cause, Exception) and is_down(cause)
        self.in_a_row = self.in_a_row + 1 if down else 0
        self.said = str(error)

    @property
    def has_given_up(self) -> bool:
        """Whether too many in a row have found none."""
        return self.in_a_row >= self.most

    def check(self) -> None:
        """Raises RunError where too many in a row have found none."""
        if self.has_given_up:
            raise RunError(
                f"{self.said} {self.in_a_row} cases in a row found no server, so the rest is left; "
                "what is finished is kept. Run the same command again to go on."
            )


class _Stopped(Exception):
    """All is to stop, the answer under way included."""


def _record(
    batch: Batch, job: Job, measures: Measures, watch: ServerWatch, budget: Budget
) -> CaseRecord:
    """Ask and score one case; one that fails costs the others nothing. Raises _Stopped."""
    try:
        last = _last_event(batch.chain, Ask(job.case.question), budget)
        if not isinstance(last, Done):
            raise RuntimeError("the chain ended without an answer")
    except _Stopped:
        raise
    except Exception as error:  # noqa: BLE001 - it is kept with the case
        watch.note(error)
        known = isinstance(error, CiteboundError | PromptError)
        said = str(error) if known else f"{type(error).__name__}: {error}"
        scores = failed_scores(job.case, said, measures)
        return CaseRecord(job.key, batch.setting, job.case, None, said, scores)
    watch.note(None)
    scores = score_answer(job.case, last.answer, measures)
    answer = answer_to_json(last.answer)
    return CaseRecord(job.key, batch.setting, job.case, answer, "", scores)


def _last_event(chain: Runnable[Ask, Event], ask: Ask, budget: Budget) -> Event | None:
    """What an answer ends with; a server hears at once where it is given up on the way."""
    last = None
    with closing(cast("Generator[Event]", chain.stream(ask))) as events:
        for event in events:
            last = event
            if budget.stopped.is_set():
                raise _Stopped
    return last
