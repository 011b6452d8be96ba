"""The commands ``citebound prompts``: what the model is told, to look at, copy and check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from app.own_prompts import find_prompt, own_names
from ingest.cli import json_option
from prompts.template import Prompt, PromptError, read_prompt, shipped_prompts


@click.group("prompts")
def prompts_group() -> None:
    """Look at prompts, and check your own."""


@prompts_group.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """Name the prompts that come with the program, and your own."""
    prompts = {prompt.name: prompt for prompt in shipped_prompts()}
    for name in own_names():
        try:
            prompts[name] = read_prompt(find_prompt(name))
        except PromptError as error:  # the others are named all the same
            click.echo(f"Left out: {error}", err=True)
    if as_json:
        listed = [{**prompt_to_json(prompt), "name": name} for name, prompt in prompts.items()]
        click.echo(json.dumps({"prompts": listed}))
        return
    for name, prompt in prompts.items():
        task = " ".join(prompt.parts.task.split())
        click.echo(f"{name:14} {prompt.parts.purpose:12} {task}")


@prompts_group.command("show")
@click.argument("name_or_file")
def show_command(name_or_file: str) -> None:
    """Print a prompt's file, to copy and to change."""
    prompt = read_prompt(find_prompt(name_or_file))
    click.echo(prompt.path.read_text(encoding="utf-8"), nl=False)


@prompts_group.command("check")
@click.argument("file", metavar="NAME_OR_FILE", type=click.Path(path_type=Path))
@json_option
def check_command(file: Path, as_json: bool) -> None:
    """Say whether a prompt file is valid, and if not, what is wrong in which line."""
    prompt = read_prompt(file if file.exists() else find_prompt(str(file)))
    if as_json:
        click.echo(json.dumps(prompt_to_json(prompt)))
    else:
        used = ", ".join(f"{{{name}}}" for name in sorted(prompt.used_variables))
        click.echo(f"{file} is a valid prompt for {prompt.parts.purpose!r}; it uses {used}.")


def prompt_to_json(prompt: Prompt) -> dict[str, Any]:
    """A prompt as ``--json`` prints it."""
    return {
        "name": prompt.name,
        "purpose": prompt.parts.purpose,
        "path": str(prompt.path),
        "fingerprint": prompt.fingerprint,
        "variables": sorted(prompt.used_variables),
        "parts": {
            name: value
            for name, value in prompt.parts.model_dump(mode="json").items()
            if value and name != "purpose"
        },
    }
