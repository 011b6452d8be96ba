"""The command ``citebound``: ingest, search and ask; its groups are in files of their own."""

from __future__ import annotations

import json
import sys

import click

from app.answer_options import answer_options, question_argument, settings_with
from app.answer_output import answer_to_json, footnotes, passage_to_json, passage_to_text
from app.compare_cli import compare_command
from app.conversations_cli import conversations_group
from app.doctor_cli import doctor_command
from app.exemplars_cli import exemplars_group
from app.library_cli import library_group, open_library
from app.models_cli import models_group
from app.people_cli import people_group
from app.prompts_cli import prompts_group
from app.replay_cli import replay_command
from app.strategies_cli import strategies_command
from ingest.cli import ingest_command, json_option, library_option


@click.group()
@click.version_option(package_name="citebound", prog_name="citebound")
def citebound() -> None:
    """Ask your own documents, on your own machine, with a page behind every sentence."""


citebound.add_command(ingest_command)
citebound.add_command(library_group)
citebound.add_command(conversations_group)
citebound.add_command(exemplars_group)
citebound.add_command(models_group)
citebound.add_command(doctor_command)
citebound.add_command(people_group)
citebound.add_command(prompts_group)
citebound.add_command(strategies_command)
citebound.add_command(replay_command)
citebound.add_command(compare_command)


@citebound.command("search")
@question_argument
@library_option
@click.option("--top", default=10, show_default=True, type=click.IntRange(1, 1000))
@click.option(
    "--document", "names", multiple=True, help="Search in this document only; repeatable."
)
@json_option
def search_command(
    question: str, library: str | None, top: int, names: tuple[str, ...], as_json: bool
) -> None:
    """Find the passages that may hold the answer to QUESTION."""
    with open_library(library, searching=True) as opened:
        documents = [opened.find_document(name).id for name in names] or None
        passages = opened.search(question, top=top, documents=documents)
    if as_json:
        shown = [passage_to_json(passage) for passage in passages]
        click.echo(json.dumps({"passages": shown}, ensure_ascii=False))
    elif passages:
        click.echo("\n\n".join(passage_to_text(passage) for passage in passages))
    else:
        click.echo("Nothing was found.", err=True)


@citebound.command("ask")
@question_argument
@library_option
@answer_options()
@click.option("--document", "names", multiple=True, help="Ask this document only; repeatable.")
@json_option
def ask_command(
    question: str, library: str | None, names: tuple[str, ...], as_json: bool, **options: object
) -> None:
    """Answer QUESTION from the library, each sentence with the page that proves it."""
    from app.chain import build_chain
    from app.events import Ask, Done, Step, Token, Withdrawn
    from app.models.choose import choose_model

    settings = settings_with(options)
    with open_library(library, searching=True) as opened:
        documents = tuple(opened.find_document(name).id for name in names) or None
        choice = choose_model(settings.model, opened, settings)
        if not as_json:
            click.echo(f"Answering with {choice.model.name}: {choice.reason}.", err=True)
        chain = build_chain(opened, choice.model, settings)
        shown = _Shown()
        try:
            for event in chain.stream(Ask(question, documents=documents)):
                if isinstance(event, Token) and not as_json:
                    shown.add(event.text)
                elif isinstance(event, Withdrawn):
                    shown.withdraw()
                elif isinstance(event, Step) and sys.stderr.isatty():
                    click.echo(f"({event.name})", err=True)
                elif isinstance(event, Done):
                    answer = event.answer
        finally:
            shown.end()
    if as_json:
        click.echo(json.dumps(answer_to_json(answer), ensure_ascii=False))
    else:
        click.echo(footnotes(answer), nl=False)


class _Shown:
    """An answer's text on stdout: as it comes on a terminal, else what stands at its end."""

    def __init__(self) -> None:
        self._live = sys.stdout.isatty()
        self._text = ""

    def add(self, text: str) -> None:
        self._text += text
        if self._live:
            click.echo(text, nl=False)

    def withdraw(self) -> None:
        if self._live and self._text:
            click.echo()
            click.echo("(withdrawn; the answer begins anew)", err=True)
        self._text = ""

    def end(self) -> None:
        if self._text:
            click.echo("" if self._live else self._text)
