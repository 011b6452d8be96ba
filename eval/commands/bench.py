"""The command ``citebound eval bench``."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.answer_options import answer_options, settings_with
from eval.commands.asking import Asking, coverage_option, fail_where_short
from ingest.cli import json_option

if TYPE_CHECKING:
    from eval.bench.measure import Figure
    from eval.runs.folder import RunFolder
    from ingest.library import Library


@click.command("bench")
@click.argument("data", type=click.Path(path_type=Path))
@click.option(
    "--output",
    metavar="FOLDER",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where libraries, cases and runs are kept; the same again goes on from them.",
)
@click.option(
    "--cases",
    "most",
    metavar="N",
    default=300,
    show_default=True,
    type=click.IntRange(2),
    help="How many answerable questions of a set are asked, and half as many of the others.",
)
@answer_options()
@coverage_option
@json_option
def bench_command(
    data: Path, output: Path, most: int, coverage: float, as_json: bool, **options: object
) -> None:
    """Measure search, answers, refusals, grounding and resistance on the labelled sets in DATA.

    Document sets are folders with docs/ and cases*.jsonl; labelled responses lie in grounding/,
    instructions to plant in injection/. The model is the built-in answerer where none is named.
    """
    from eval.bench.measure import Bench
    from eval.bench.sets import find_sets
    from eval.reports.figures import read_figures
    from eval.runs.ways import Way
    from ingest.embedder import Embedder, open_embedder
    from ingest.embedder_cache import prepare_embedder
    from ingest.settings import IngestSettings, load_settings

    settings = settings_with({**options, "model": options["model"] or "extractive"})
    runs: list[RunFolder] = []
    sets = find_sets(data)

    def ask(cases: Path, library: Library, folder: Path) -> RunFolder:
        asking = Asking(cases, library, "embedded", None, settings, coverage, quiet=as_json)
        run, _ = asking.ask([Way(settings.model, settings)], output=folder)
        runs.append(run)
        return run

    def embedder() -> Embedder:
        return open_embedder(prepare_embedder(load_settings(IngestSettings)))

    def on_stage(text: str) -> None:
        if not as_json:
            click.echo(text, err=True)

    figures = list(Bench(output, most, ask, on_stage).measure(sets, embedder))
    if as_json:
        click.echo(json.dumps({"figures": [asdict(one) for one in figures]}, allow_nan=False))
    else:
        click.echo(bench_to_markdown(figures))
    for run in runs:
        fail_where_short(read_figures(run))


def bench_to_markdown(figures: list[Figure]) -> str:
    """The table, a row a figure."""
    lines = ["| what | set | figure | n | value | 95% interval |", "|---|---|---|---|---|---|"]
    for one in figures:
        interval = "" if one.interval is None else "{:.3f} to {:.3f}".format(*one.interval)
        name = one.name.replace("_", " ")
        lines.append(
            f"| {one.kind} | {one.set} | {name} | {one.n:,} | {one.value:.3f} | {interval} |"
        )
    return "\n".join(lines)
