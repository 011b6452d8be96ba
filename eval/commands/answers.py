"""The command ``citebound eval answers``."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from app.library_cli import open_library
from ingest.cli import json_option, library_option


@click.command("answers")
@click.argument("cases", type=click.Path(path_type=Path))
@library_option
@click.option("--model", help="As for citebound ask. Default: the one in settings.")
@json_option
def answers_command(cases: Path, library: str | None, model: str | None, as_json: bool) -> None:
    """Are answers right, cited and, where there is none, refused? CASES is a JSONL file."""
    from app.chain import build_chain
    from app.models.choose import choose_model
    from app.settings import AnswerSettings
    from eval.answers import evaluate_answers
    from eval.cases import read_cases
    from ingest.settings import load_settings

    settings = load_settings(AnswerSettings)
    read = read_cases(cases)
    with open_library(library, searching=True) as opened:
        choice = choose_model(model or settings.model, opened, settings)
        report = evaluate_answers(read, build_chain(opened, choice.model, settings))
    if as_json:
        click.echo(json.dumps({"model": choice.model.name, **asdict(report)}))
    else:
        for name, value in asdict(report).items():
            shown = f"{value:.3f}" if isinstance(value, float) else value
            click.echo(f"{name:18} {'none' if value is None else shown}")
