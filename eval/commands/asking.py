"""What the commands that ask cases share: the judge, progress, a run that is asked to its end."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from app.settings import AnswerSettings
    from eval.reports.figures import RunFigures
    from eval.runs.budget import Budget
    from eval.runs.folder import JudgeUsed, RunFolder
    from eval.runs.record import CaseRecord
    from eval.runs.run import Ended
    from eval.runs.ways import Way
    from ingest.library import Library

judge_option = click.option(
    "--judge",
    metavar="NAME",
    default="embedded",
    show_default=True,
    help="Who says whether an answer is right.",
)
judge_measured_option = click.option(
    "--judge-measured",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="What citebound eval judge --json has printed for that judge; reports tell it.",
)
coverage_option = click.option(
    "--coverage",
    default=0.9,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="The share of a metric's cases that must get a score, or the command fails.",
)


class Asking:
    """Cases and a library that are asked in one way or another, each into the folder of a run."""

    def __init__(
        self, cases: Path, library: Library, judge: str, judge_measured: Path | None,
        settings: AnswerSettings, coverage: float, *, quiet: bool,
    ) -> None:  # fmt: skip
        """``quiet`` shows no progress. Raises JudgeError where there is no such judge."""
        from eval.runs.judge_used import judge_used, judging
        from eval.runs.measures import measures

        self.cases = cases
        self.coverage = coverage
        self._library = library
        self._judge: JudgeUsed = judge_used(judge, judge_measured)
        self._seed = settings.seed
        self._measures = measures(library.embedder, judging(judge, settings))
        self._quiet = quiet

    def ask(
        self,
        ways: Sequence[Way],
        *,
        output: Path | None,
        budget: Budget | None = None,
        reuse: Sequence[RunFolder] = (),
    ) -> tuple[RunFolder, Ended]:
        """Ask what is not finished yet in that folder, or in one beside the cases."""
        from eval.runs.budget import Budget
        from eval.runs.folder import RunFolder
        from eval.runs.prepare import default_folder, prepared_run
        from eval.runs.run import run_batches

        with prepared_run(
            self.cases, self._library, ways,
            judge=self._judge, metrics=tuple(self._measures), seed=self._seed,
            coverage=self.coverage,
        ) as ready:  # fmt: skip
            path = output or default_folder(self.cases, ready.manifest)
            folder = RunFolder.create(path, ready.manifest)
            if not self._quiet:
                click.echo(f"The run is {folder.path}.", err=True)
            total = sum(len(batch.jobs) for batch in ready.batches)
            with _progress(total, quiet=self._quiet) as on_record:
                ended = run_batches(
                    folder, ready.batches, self._measures,
                    budget=budget or Budget(None, None), reuse=reuse, on_record=on_record,
                )  # fmt: skip
        return folder, ended


def fail_where_left(ended: Ended) -> None:
    """Raises RunError where cases are left because a budget is spent."""
    from eval.runs.folder import RunError

    if ended.left:
        raise RunError(
            f"The budget of {ended.stopped_by} is spent and {ended.left} cases are left; run "
            "the same command again to go on."
        )


def fail_where_short(figures: RunFigures) -> None:
    """Raises RunError where a metric has too few scores."""
    from eval.runs.folder import RunError

    asked = figures.manifest.coverage_asked
    for setting in figures.settings:
        name, worst = min(setting.metrics.items(), key=lambda one: one[1].coverage)
        if worst.coverage < asked:
            reason = next((one for one in worst.reasons if one.startswith("unscored")), "")
            raise RunError(
                f"{setting.name}: only {worst.coverage:.1%} of the cases have the score {name}, "
                f"and {asked:.1%} were asked for; most often {reason}"
            )


@contextmanager
def _progress(total: int, *, quiet: bool) -> Iterator[Callable[[CaseRecord], None]]:
    """Cases and time left on standard error, if that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.status import Status

    finished, failed, started = 0, 0, time.monotonic()
    with Status("Asking", console=Console(stderr=True)) as status:

        def show(record: CaseRecord) -> None:
            nonlocal finished, failed
            finished += 1
            failed += record.answer is None
            left = (time.monotonic() - started) / finished * (total - finished)
            told = f", {failed} failed" if failed else ""
            status.update(f"{finished} of {total} cases{told}, about {left:.0f} s left")

        yield show
