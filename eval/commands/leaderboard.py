"""The command ``citebound eval leaderboard``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from eval.commands.report import html_option
from ingest.cli import json_option


@click.command("leaderboard")
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--by",
    metavar="METRIC",
    help="The quality to order by. Default: judged_correctness, or "
    "token_f1 where most settings have no judge.",
)
@html_option
@json_option
def leaderboard_command(
    runs: tuple[Path, ...], by: str | None, html: Path | None, as_json: bool
) -> None:
    """Put all settings of RUNS in order: quality, seconds, tokens.

    Those on the Pareto front, to which no other is as good and as cheap, are marked with a star.
    """
    from eval.leaderboard import leaderboard_to_json, make_leaderboard
    from eval.reports.figures import read_figures
    from eval.reports.leaderboard_html import leaderboard_html
    from eval.reports.leaderboard_markdown import leaderboard_markdown
    from eval.reports.metric_names import UnknownMetric, full_name
    from eval.reports.page import write_text
    from eval.runs.folder import RunFolder

    folders = [RunFolder.open(run) for run in runs]
    known = {name for folder in folders for name in folder.manifest.metrics}
    try:
        metric = None if by is None else full_name(by, known)
    except UnknownMetric as error:
        raise click.UsageError(str(error)) from error
    board = make_leaderboard([read_figures(folder) for folder in folders], by=metric)
    if html:
        write_text(html, leaderboard_html(board))
        click.echo(f"Wrote {html}.", err=True)
    if as_json:
        click.echo(json.dumps(leaderboard_to_json(board), allow_nan=False))
    elif not html:
        click.echo(leaderboard_markdown(board), nl=False)
