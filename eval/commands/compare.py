"""The command ``citebound eval compare``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from eval.commands.report import html_option
from ingest.cli import json_option


@click.command("compare")
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option(
    "--settings",
    nargs=2,
    metavar="BEFORE AFTER",
    help="The two settings to compare. Default: those of one name, or the only ones.",
)
@click.option(
    "--cases",
    metavar="N",
    default=20,
    show_default=True,
    type=click.IntRange(0),
    help="How many of the cases that got worse are shown, the worst first.",
)
@html_option
@json_option
def compare_command(
    before: Path,
    after: Path,
    settings: tuple[str, str] | None,
    cases: int,
    html: Path | None,
    as_json: bool,
) -> None:
    """Compare two runs over the same cases, case by case: what got worse, and how sure that is.

    BEFORE and AFTER are folders of runs; the same one may be given twice, to compare two settings
    of it.
    """
    from eval.compare import compare_runs
    from eval.reports.compare_html import compare_html
    from eval.reports.compare_text import compare_markdown, compare_to_json
    from eval.reports.page import write_text
    from eval.reports.worse_cases import worse_cases
    from eval.runs.folder import RunFolder

    folders = (RunFolder.open(before), RunFolder.open(after))
    comparisons = compare_runs(*folders, settings or None)
    worse = [worse_cases(*folders, comparison, cases) for comparison in comparisons]
    if html:
        write_text(html, compare_html(*folders, comparisons, worse))
        click.echo(f"Wrote {html}.", err=True)
    if as_json:
        click.echo(json.dumps(compare_to_json(comparisons, worse), allow_nan=False))
    elif not html:
        click.echo(compare_markdown(comparisons, worse), nl=False)
