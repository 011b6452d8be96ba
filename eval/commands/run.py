"""The command ``citebound eval run``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.answer_options import answer_options, settings_with
from app.library_cli import open_library
from eval.commands.asking import (
    Asking,
    coverage_option,
    fail_where_left,
    fail_where_short,
    judge_measured_option,
    judge_option,
)
from ingest.cli import json_option, library_option

if TYPE_CHECKING:
    from eval.reports.figures import MetricFigures, RunFigures


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
@judge_option
@judge_measured_option
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
@coverage_option
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
    from eval.runs.ways import read_matrix, ways_of

    base = settings_with(options)
    ways = ways_of(base, read_matrix(matrix_file) if matrix_file else {})
    others = [RunFolder.open(other) for other in reuse]
    budget = Budget(budget_seconds, budget_tokens)
    with open_library(library, searching=True) as opened:
        asking = Asking(cases, opened, judge, judge_measured, base, coverage, quiet=as_json)
        folder, ended = asking.ask(ways, output=output, budget=budget, reuse=others)
    figures = read_figures(folder)
    click.echo(
        json.dumps({"folder": str(folder.path), **figures_to_json(figures)}, allow_nan=False)
        if as_json
        else _table(figures)
    )
    fail_where_left(ended)
    fail_where_short(figures)


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
