"""The command ``citebound replay``."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.answer_options import settings_with
from ingest.cli import json_option

if TYPE_CHECKING:
    from app.replay import RecordedReceipt, ReplayedCall


@click.command("replay")
@click.argument("receipt", type=click.Path(path_type=Path))
@json_option
def replay_command(receipt: Path, as_json: bool) -> None:
    """Send again what RECEIPT says was sent to the model, and show what differs.

    RECEIPT is a file with what citebound ask --json has printed.
    """
    from app.models.choose import served_model
    from app.replay import read_receipt, replay

    recorded = read_receipt(receipt)
    model = served_model(recorded.model, settings_with({}))
    calls: list[ReplayedCall] = []
    if left_out := len(recorded.calls) - len(recorded.calls_without_tools):
        click.echo(
            f"Left out: {left_out} calls in which the model could use tools; to have an agent "
            "search again, ask again with --strategy agent.",
            err=True,
        )
    for call in replay(recorded.calls_without_tools, model):
        calls.append(call)
        if not as_json:
            click.echo(call_to_text(len(calls), call))
    if as_json:
        click.echo(json.dumps(replay_to_json(recorded, model.digest, calls), ensure_ascii=False))
        return
    if recorded.model_digest != model.digest:
        click.echo(f"The model is another: digest {recorded.model_digest}, now {model.digest}.")


def replay_to_json(
    recorded: RecordedReceipt, digest: str | None, calls: list[ReplayedCall]
) -> dict[str, Any]:
    """What ``--json`` prints."""
    return {
        "model": recorded.model,
        "model_digest_before": recorded.model_digest,
        "model_digest_now": digest,
        "same": all(call.same for call in calls),
        "calls": [asdict(call) for call in calls],
    }


def call_to_text(number: int, call: ReplayedCall) -> str:
    """One call for a person."""
    lines = [f"Call {number} ({call.step}): {'the same' if call.same else 'another text'}"]
    lines += call.difference
    if call.options_before != call.options_now:
        lines.append(f"Options: {call.options_before}, now {call.options_now}")
    if call.prompt_tokens_before != call.prompt_tokens_now:
        lines.append(f"Tokens read: {call.prompt_tokens_before}, now {call.prompt_tokens_now}")
    lines += [
        f"The prompt {name} has changed since; the old one was sent." for name in call.changed
    ]
    return "\n".join(lines)
