"""The command ``citebound eval sweep``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.answer_options import answer_options, settings_with
from app.library_cli import open_library
from eval.commands.asking import (
    Asking,
    coverage_option,
    fail_where_short,
    judge_measured_option,
    judge_option,
)
from ingest.cli import json_option, library_option

if TYPE_CHECKING:
    from eval.reports.score_table import ScoreTable
    from eval.runs.ways import Way
    from eval.sweep import Sweep, Tried


@click.command("sweep")
@click.argument("cases", type=click.Path(path_type=Path))
@library_option
@answer_options()
@click.option(
    "--ladder",
    "ladder_file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="TOML with a list for each setting, from the dearest value to the cheapest. Default: "
    "fewer exemplars, widened passages and passages.",
)
@click.option(
    "--by",
    metavar="METRIC",
    help="The quality to keep. Default: judged_correctness, or token_f1 without a judge.",
)
@click.option(
    "--lose",
    default=0.05,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="How much of it may be lost; a setting is kept where more can be ruled out (95%).",
)
@click.option(
    "--output",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder with a run for each setting tried. Default: runs/NAME-sweep beside the cases.",
)
@judge_option
@judge_measured_option
@coverage_option
@json_option
def sweep_command(
    cases: Path,
    library: str | None,
    ladder_file: Path | None,
    by: str | None,
    lose: float,
    output: Path | None,
    judge: str,
    judge_measured: Path | None,
    coverage: float,
    as_json: bool,
    **options: object,
) -> None:
    """Find the cheapest setting that keeps the quality. CASES is a JSONL file.

    Goes down a ladder: of each setting the next cheaper value is asked with what was kept of the
    others, until it costs more of the quality than may be lost. Every value is a run in the
    folder, and the same command again goes on where it was stopped.
    """
    from eval.metrics.metric import METRICS
    from eval.reports.figures import read_figures
    from eval.reports.metric_names import UnknownMetric, full_name
    from eval.reports.score_table import read_tables
    from eval.runs.ways import read_matrix
    from eval.sweep import default_ladder, sweep

    base = settings_with(options)
    ladder = read_matrix(ladder_file) if ladder_file else default_ladder(base)
    try:
        quality = None if by is None else full_name(by, METRICS)
    except UnknownMetric as error:
        raise click.UsageError(str(error)) from error
    folder = output or cases.parent / "runs" / f"{cases.stem}-sweep"
    with open_library(library, searching=True) as opened:
        asking = Asking(cases, opened, judge, judge_measured, base, coverage, quiet=as_json)

        def ask(way: Way) -> ScoreTable:
            run, _ = asking.ask([way], output=folder / way.name.replace(" ", "-").replace("/", "-"))
            fail_where_short(read_figures(run))
            return read_tables(run.records(), [way.name], run.manifest.metrics)[way.name]

        found = None
        for found in sweep(base, ladder, ask, by=quality, loss=lose, seed=base.seed):
            if not as_json:
                click.echo(_step_to_text(found.tried[-1], found.by))
    if found is None:
        raise RuntimeError("a sweep always asks its base")
    if as_json:
        click.echo(json.dumps({"folder": str(folder), **sweep_to_json(found)}, allow_nan=False))
    else:
        click.echo(f"The cheapest that keeps {found.by} is {found.cheapest.way.name}:")
        click.echo("\n".join(_as_settings(found.cheapest.values)))


def sweep_to_json(found: Sweep) -> dict[str, Any]:
    """As ``--json`` prints it."""
    return {
        "by": found.by,
        "loss_allowed": found.loss,
        "tried": [_tried_to_json(one) for one in found.tried],
        "cheapest": found.cheapest.way.name,
    }


def _tried_to_json(one: Tried) -> dict[str, Any]:
    return {
        "setting": one.way.name,
        "quality": one.quality,
        "difference": None if one.change is None else asdict(one.change.difference),
        "costs": one.costs,
        "kept": one.is_kept,
    }


def _step_to_text(one: Tried, by: str) -> str:
    costs = ", ".join(f"{name} {value:.1f}" for name, value in one.costs.items())
    text = f"{one.way.name}: {by} {one.quality:.3f}"
    if one.change is not None:
        found = one.change.difference
        text += " ({:+.3f}, {:+.3f} to {:+.3f})".format(found.mean, *found.interval)
        text += ", kept" if one.is_kept else ", not kept"
    return f"{text}; {costs}" if costs else text


def _as_settings(values: Mapping[str, object]) -> Iterator[str]:
    """The values of a ladder as lines of the settings file."""
    from eval.runs.ways import SEARCH_SETTINGS

    tables = {"answer": values.keys() - SEARCH_SETTINGS, "ingest": values.keys() & SEARCH_SETTINGS}
    for table, names in tables.items():
        if names:
            yield f"[{table}]"
        yield from (f"{name} = {json.dumps(values[name])}" for name in sorted(names))
