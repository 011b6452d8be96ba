"""The command ``citebound eval report``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ingest.cli import json_option

run_argument = click.argument("run", type=click.Path(path_type=Path))
html_option = click.option(
    "--html",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write one HTML file that needs nothing else.",
)


@click.command("report")
@run_argument
@html_option
@click.option(
    "--markdown",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the figures as Markdown.",
)
@click.option(
    "--junit",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write JUnit XML: a case is a test, and fails where its answer is wrong, not proved, "
    "or wrongly refused.",
)
@click.option(
    "--cases",
    metavar="N",
    default=500,
    show_default=True,
    type=click.IntRange(0),
    help="How many cases of each setting the HTML file has whole, the worst first.",
)
@json_option
def report_command(
    run: Path,
    html: Path | None,
    markdown: Path | None,
    junit: Path | None,
    cases: int,
    as_json: bool,
) -> None:
    """Show what a run has found: means with intervals, and case by case.

    RUN is a folder that citebound eval run has made. Without a file to write, the figures are
    printed as Markdown. Files can be made while the run goes on; they tell how much is left.
    """
    from eval.reports.figures import figures_to_json, read_figures
    from eval.reports.junit import write_junit
    from eval.reports.markdown import run_markdown
    from eval.reports.page import write_text
    from eval.reports.run_html import run_html
    from eval.runs.folder import RunFolder

    folder = RunFolder.open(run)
    figures = read_figures(folder, worst=cases if html else 0)
    if html:
        write_text(html, run_html(folder, figures))
    if markdown:
        write_text(markdown, [run_markdown(figures)])
    if junit:
        write_junit(junit, folder, figures)
    for path in (html, markdown, junit):
        if path:
            click.echo(f"Wrote {path}.", err=True)
    if as_json:
        click.echo(json.dumps(figures_to_json(figures), allow_nan=False))
    elif not (html or markdown or junit):
        click.echo(run_markdown(figures), nl=False)
