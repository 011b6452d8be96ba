"""The commands ``citebound models``: what Ollama has, and getting or removing a model."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from app.answer_options import settings_with
from ingest.cli import json_option

if TYPE_CHECKING:
    from app.models.ollama import OllamaModel

GIGABYTE = 1e9


@click.group("models")
def models_group() -> None:
    """Look after the language models that Ollama has."""


@models_group.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """List the models, with what each is and where it comes from."""
    from app.models.ollama import list_models

    models = list_models(settings_with({}))
    if as_json:
        click.echo(json.dumps({"models": [asdict(model) for model in models]}))
    elif not models:
        click.echo("Ollama has no model; get one with: citebound models pull NAME", err=True)
    for model in models if not as_json else ():
        click.echo(
            f"{model.name:32} {model.size / GIGABYTE:6.1f} GB  {model.parameters:>6} "
            f"{model.quantization:8} {model.lineage}; licence {model.licence}"
        )


@models_group.command("show")
@click.argument("name")
@json_option
def show_command(name: str, as_json: bool) -> None:
    """Show what is known of one model."""
    from app.models.ollama import show_model

    model = show_model(name, settings_with({}))
    click.echo(json.dumps(asdict(model)) if as_json else model_to_text(model))


@models_group.command("pull")
@click.argument("name")
def pull_command(name: str) -> None:
    """Have Ollama fetch a model. Ollama asks its registry; nothing else leaves this machine."""
    from app.models.ollama import pull_model

    last = ""
    for progress in pull_model(name, settings_with({})):
        share = f" {progress.completed / progress.total:.0%}" if progress.total else ""
        if (said := f"{progress.status}{share}") != last:
            click.echo(said, err=True)
            last = said
    click.echo(f"{name} is there; use it with: --model ollama:{name}")


@models_group.command("remove")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove_command(name: str, yes: bool) -> None:
    """Have Ollama delete a model."""
    from app.models.ollama import remove_model, show_model

    settings = settings_with({})
    model = show_model(name, settings)
    if not yes:
        size = f"{model.size / GIGABYTE:.1f} GB"
        click.confirm(f"Delete {model.name} ({size})?", abort=True, err=True)
    remove_model(model.name, settings)
    click.echo(f"{model.name} is deleted.")


def model_to_text(model: OllamaModel) -> str:
    """A model for a person, one line for each thing."""
    rows = {
        "name": model.name,
        "lineage": model.lineage,
        "family": model.family,
        "parameters": model.parameters,
        "quantization": model.quantization,
        "window": f"{model.context_tokens:,} tokens" if model.context_tokens else "",
        "can": ", ".join(model.capabilities),
        "licence": model.licence,
        "size": f"{model.size / GIGABYTE:.1f} GB",
        "digest": model.digest,
    }
    return "\n".join(f"{name:13} {value or 'not stated'}" for name, value in rows.items())
