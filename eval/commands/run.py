"""The command ``citebound eval run``."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.answer_options import answer_options, settings_with
from app.library_cli import open_library
from ingest.cli import json_option, library_option

if TYPE_CHECKING:
    from app.settings import AnswerSettings
    from eval.reports.figures import MetricFigures, RunFigures
    from eval.runs.measures import Judging
    from eval.runs.record import CaseRecord
    from eval.runs.run import Ended


@click.command("run")
@click.argument("cases", type=click.Path(path_type=Path))
@library_option
@answer_options()
@click.option(
    "--matrix",
    "matrix_file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="TOML with a list of values for each setting to vary; every combination is asked.",
)
@click.option(
    "--judge",
    metavar="NAME",
    default="embedded",
    show_default=True,
    help="Who says whether an answer is right.",
)
@click.option(
    "--judge-measured",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="What citebound eval judge --json has printed for that judge; reports tell it.",
)
@click.option(
    "--output",
    metavar="RUN",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the run. Default: runs/NAME-DATE beside the cases.",
)
@click.option(
    "--reuse",
    metavar="RUN",
    multiple=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Another run; what it has of the same cases under the very same conditions is taken from "
    "it. Repeatable.",
)
@click.option(
    "--coverage",
    default=0.9,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="The share of a metric's cases that must get a score, or the command fails.",
)
@click.option(
    "--budget-seconds",
    metavar="N",
    type=click.FloatRange(0, min_open=True),
    help="Begin no case after this time.",
)
@click.option(
    "--budget-tokens",
    metavar="N",
    type=click.IntRange(1),
    help="Begin no case once so many tokens were read and written.",
)
@json_option
def run_command(
    cases: Path,
    library: str | None,
    matrix_file: Path | None,
    judge: str,
    judge_measured: Path | None,
    output: Path | None,
    reuse: tuple[Path, ...],
    coverage: float,
    budget_seconds: float | None,
    budget_tokens: int | None,
    as_json: bool,
    **options: object,
) -> None:
    """Ask all CASES, a JSONL file, and score what comes.

    Every finished case is written at once. The same command again goes on where it was stopped, and
    asks again only what had failed.
    """
    from eval.reports.figures import figures_to_json, read_figures
    from eval.runs.budget import Budget
    from eval.runs.folder import RunFolder
    from eval.runs.judge_used import judge_used
    from eval.runs.measures import measures
    from eval.runs.plan import read_matrix
    from eval.runs.prepare import default_folder, prepare_run
    from eval.runs.run import run_batches

    base = settings_with(options)
    matrix = read_matrix(matrix_file) if matrix_file else {}
    used = judge_used(judge, judge_measured)
    budget = Budget(budget_seconds, budget_tokens)
    with open_library(library, searching=True) as opened:
        scores = measures(opened.embedder, _judging(judge, base))
        ready = prepare_run(
            cases, opened, base, matrix, judge=used, metrics=tuple(scores), coverage=coverage
        )
        folder = RunFolder.create(output or default_folder(cases, ready.manifest), ready.manifest)
        if not as_json:
            click.echo(f"The run is {folder.path}.", err=True)
        total = sum(len(batch.jobs) for batch in ready.batches)
        with _progress(total, quiet=as_json) as on_record:
            ended = run_batches(
                folder, ready.batches, scores, budget=budget,
                reuse=[RunFolder.open(other) for other in reuse], on_record=on_record,
            )  # fmt: skip
    figures = read_figures(folder)
    click.echo(
        json.dumps({"folder": str(folder.path), **figures_to_json(figures)}, allow_nan=False)
        if as_json
        else _table(figures)
    )
    _fail_where_short(ended, figures)


def _judging(name: str, settings: AnswerSettings) -> Judging | None:
    """What judges correctness; None where the judge does not read the case's answers."""
    from eval.judges.choose import choose_judge
    from eval.judges.embedded import EmbeddedJudge

    judge = choose_judge(name, settings=settings)
    return None if isinstance(judge, EmbeddedJudge) else judge.judge


def _fail_where_short(ended: Ended, figures: RunFigures) -> None:
    """Raises RunError where cases are left, or a metric has too few scores."""
    from eval.runs.folder import RunError

    if ended.left:
        raise RunError(
            f"The budget of {ended.stopped_by} is spent and {ended.left} cases are left; run "
            "the same command again to go on."
        )
    asked = figures.manifest.coverage_asked
    for setting in figures.settings:
        name, worst = min(setting.metrics.items(), key=lambda one: one[1].coverage)
        if worst.coverage < asked:
            reason = next((one for one in worst.reasons if one.startswith("unscored")), "")
            raise RunError(
                f"{setting.name}: only {worst.coverage:.1%} of the cases have the score {name}, "
                f"and {asked:.1%} were asked for; most often {reason}"
            )


def _table(figures: RunFigures) -> str:
    """Metric, mean, n, unscored, standard error and interval of every setting."""
    lines = []
    for setting in figures.settings:
        lines += [
            setting.name,
            f"  {'metric':22} {'mean':>9} {'n':>6} {'unscored':>8} {'error':>8}  95% interval",
            *(_row(name, metric) for name, metric in setting.metrics.items()),
        ]
    return "\n".join(lines)


def _row(name: str, metric: MetricFigures) -> str:
    found = metric.summary
    mean = "none" if found.mean is None else f"{found.mean:.3f}"
    error = "" if found.standard_error is None else f"{found.standard_error:.3f}"
    interval = "" if found.interval is None else "{:.3f} to {:.3f}".format(*found.interval)
    row = f"  {name:22} {mean:>9} {found.n:>6} {found.unscored:>8} {error:>8}  {interval}"
    return row.rstrip()


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
