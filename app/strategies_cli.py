"""The command ``citebound strategies``: the ways to reach an answer and what they cost."""

from __future__ import annotations

import json

import click

from ingest.cli import json_option

SHOWN = ("name", "summary", "calls", "tokens", "needs")


@click.command("strategies")
@json_option
def strategies_command(as_json: bool) -> None:
    """List the ways to reach an answer: what each does, calls and needs."""
    from app.strategies import STRATEGIES

    rows = [
        {name: str(getattr(strategy, name)) for name in SHOWN} for strategy in STRATEGIES.values()
    ]
    if as_json:
        click.echo(json.dumps({"strategies": rows}))
        return
    for row in rows:
        click.echo(f"{row['name']:18}{row['summary']}")
        click.echo(f"{'':18}calls: {row['calls']}; tokens: {row['tokens']}; needs {row['needs']}")
