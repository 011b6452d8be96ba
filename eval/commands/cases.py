"""The commands ``citebound eval cases``: check, convert and make cases."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.library_cli import open_library
from ingest.cli import json_option, library_option

if TYPE_CHECKING:
    from eval.cases.making.generate import Writer
    from ingest.library import Library

output_option = click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file of cases to write, JSONL.",
)


@click.group("cases")
def cases_group() -> None:
    """Check cases, and make them from a table or from the library itself."""


@cases_group.command("check")
@click.argument("cases", type=click.Path(path_type=Path))
@click.option(
    "--library",
    metavar="NAME_OR_PATH",
    help="A library to look evidence up in. Default: evidence is not looked at.",
)
@json_option
def check_command(cases: Path, library: str | None, as_json: bool) -> None:
    """Find what is wrong with CASES: exit code 1 where anything is.

    Ids and questions that are there twice, questions that hold their answers, and with a library
    evidence that it does not have and answers that do not stand there.
    """
    from eval.cases import CasesError
    from eval.cases.check import check_cases

    with open_library(library) if library else nullcontext() as opened:
        count, findings = check_cases(cases, opened)
    if as_json:
        found = [asdict(finding) for finding in findings]
        click.echo(json.dumps({"cases": count, "findings": found}, ensure_ascii=False))
    else:
        for one in findings:
            click.echo(f"{cases}:{one.line}: {one.id or 'no id'}: {one.kind}: {one.message}")
        click.echo(f"{count} cases, {len(findings)} findings")
    if findings:
        raise CasesError(f"There are {len(findings)} findings in {cases}.")


@cases_group.command("from-csv")
@click.argument("table", type=click.Path(path_type=Path))
@output_option
def from_csv_command(table: Path, output: Path) -> None:
    """Make cases of TABLE, a CSV file with a header.

    Columns: question, answer, document, page, answerable, tags, id; only question must be there.
    Several answers, pages or tags stand in one cell with | between them.
    """
    from eval.cases.case import write_cases
    from eval.cases.from_csv import read_csv

    cases = read_csv(table)
    write_cases(output, cases)
    click.echo(f"{len(cases)} cases in {output}", err=True)


@cases_group.command("add")
@click.argument("answer_file", metavar="ANSWER", type=click.Path(path_type=Path))
@output_option
@click.option("--answer", "answers", metavar="TEXT", multiple=True,
              help="What is right; repeatable.")  # fmt: skip
@click.option("--page", "places", metavar="DOCUMENT:PAGE", multiple=True,
              help="A page that holds it, as in boiler.pdf:3; repeatable.")  # fmt: skip
@click.option("--unanswerable", is_flag=True, help="The documents do not answer the question.")
@click.option("--reason", metavar="TEXT", default="", help="Why the answer was wrong.")
def add_command(
    answer_file: Path,
    output: Path,
    answers: tuple[str, ...],
    places: tuple[str, ...],
    unanswerable: bool,
    reason: str,
) -> None:
    """Add a case made of an answer that was wrong: what citebound ask --json printed.

    Say what is right: the answer, the page that holds it, or that the documents do not answer.
    """
    from eval.cases.from_answer import add_case, case_from_answer, read_place

    if unanswerable == bool(answers or places):
        raise click.UsageError(
            "Say what is right: --answer TEXT or --page DOCUMENT:PAGE, or else --unanswerable."
        )
    case = case_from_answer(
        answer_file,
        answers=answers,
        evidence=[read_place(place) for place in places],
        answerable=not unanswerable,
        reason=reason,
    )
    click.echo(f"{add_case(output, case)} cases in {output}", err=True)


@cases_group.command("from-opinions")
@library_option
@output_option
def from_opinions_command(library: str | None, output: Path) -> None:
    """Make cases of the answers that were called wrong on the page, with what was said is right.

    Those that the file has already are left as they are.
    """
    from eval.cases.from_opinions import add_cases, cases_from_opinions

    with open_library(library) as opened:
        new = add_cases(output, cases_from_opinions(opened))
    click.echo(f"{new} new cases in {output}", err=True)


@cases_group.command("generate")
@library_option
@click.option("-n", "count", metavar="N", default=100, show_default=True, type=click.IntRange(1),
              help="How many cases to make.")  # fmt: skip
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0),
              help="The same seed makes the same cases, without a model.")  # fmt: skip
@click.option("--model", help="Who writes the questions for pages, as for citebound ask. Default: "
              "they are made from sentences by rules.")  # fmt: skip
@output_option
def generate_command(
    library: str | None, count: int, seed: int, model: str | None, output: Path
) -> None:
    """Make cases of what the library holds; each says what it was made from.

    Of statements, tables, headings, two documents, and some that the library does not answer.
    Questions that a model writes are kept where it answers them from their page and from no other
    that a search finds.
    """
    from eval.cases.case import write_cases
    from eval.cases.making.generate import generate_cases

    with open_library(library, searching=bool(model)) as opened, _counted(count) as on_case:
        writer = _writer(model, opened, seed) if model else None
        made = generate_cases(opened, count, seed=seed, writer=writer, on_case=on_case)
    write_cases(output, made.cases)
    for reason, number in made.left_out.items():
        click.echo(f"{number} left out: {reason}", err=True)
    click.echo(f"{len(made.cases)} of {count} cases in {output}", err=True)


def _writer(spec: str, library: Library, seed: int) -> Writer:
    """The model that writes questions. Raises ModelError where it only quotes."""
    from app.models.choose import choose_model
    from app.models.extractive import ExtractiveModel
    from app.models.model import ModelError
    from app.settings import AnswerSettings
    from eval.cases.making.written import QuestionWriter
    from ingest.settings import load_settings

    settings = load_settings(AnswerSettings)
    chosen = choose_model(spec, library, settings).model
    if isinstance(chosen, ExtractiveModel):
        raise ModelError("The built-in answerer writes no questions; leave --model out for rules.")
    return QuestionWriter(chosen, settings, seed)


@contextmanager
def _counted(total: int) -> Iterator[Callable[[], None]]:
    """Progress on standard error, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Making cases", total=total)
        yield lambda: progress.advance(task)
