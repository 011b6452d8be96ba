"""The command ``citebound doctor``: does each thing really work, and what to do where not."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from ingest.cli import json_option, library_option

if TYPE_CHECKING:
    from app.doctor.finding import Finding

SYMBOLS = {"ok": ("✓", "green"), "note": ("!", "yellow"), "failed": ("✗", "red")}


@click.command("doctor")
@library_option
@click.option(
    "--port", default=8501, show_default=True, type=click.IntRange(1, 65535), help="Of the page."
)
@click.option(
    "--window",
    is_flag=True,
    help="Also fill the model's window once, to see that all of it is read; it may take minutes.",
)
@json_option
def doctor_command(library: str | None, port: int, window: bool, as_json: bool) -> None:
    """Check that each thing works, by doing it, and say what to do where one does not.

    Exit code 1 if anything failed; what is only noted is no failure.
    """
    from app.doctor.examination import checks_for, examine

    _say_if_slow()
    findings = []
    for finding in examine(library, port=port, checks=checks_for(window=window)):
        findings.append(finding)
        if not as_json:
            click.echo(finding_to_text(finding))
    states = Counter(finding.state for finding in findings)
    if as_json:
        shown = [asdict(finding) | {"rows": dict(finding.rows)} for finding in findings]
        click.echo(json.dumps({"well": not states["failed"], "findings": shown}))
    else:
        click.echo(f"\n{states['ok']} well, {states['note']} to know, {states['failed']} failed.")
    if states["failed"]:
        sys.exit(1)


def finding_to_text(finding: Finding) -> str:
    """What a check found on a line, and below it what to do and what is worth reading."""
    from app.doctor.examination import READ_ALWAYS

    symbol, colour = SYMBOLS[finding.state]
    head = click.style(f"{symbol} {finding.name}", fg=colour, bold=finding.state != "ok")
    lines = [f"{head}: {_one_line(finding.found)} ({finding.seconds:.1f} s)"]
    if finding.to_do:
        lines.append(f"    → {_one_line(finding.to_do)}")
    if finding.state != "ok" or finding.name in READ_ALWAYS:
        lines += [f"    {_one_line(name)}: {_one_line(value)}" for name, value in finding.rows]
    return "\n".join(lines)


def _one_line(text: str) -> str:
    """Text that a server or a document may have written, without what moves a terminal."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(shown.split())


def _say_if_slow() -> None:
    """Say on standard error where the first check has a model to convert."""
    from app.doctor.visit import usable_settings
    from ingest.embedder_cache import is_prepared
    from ingest.errors import CiteboundError
    from ingest.settings import IngestSettings

    try:
        slow = not is_prepared(usable_settings(IngestSettings))
    except CiteboundError:  # which the checks tell
        return
    if slow:
        click.echo("Preparing the embedding model; this takes a minute, once.", err=True)
