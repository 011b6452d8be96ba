"""The commands ``citebound conversations``: those of a page that nobody signs in to."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.export.formats import FORMATS
from app.library_cli import open_library, print_json
from ingest.cli import json_option, library_option
from ingest.errors import CiteboundError

if TYPE_CHECKING:
    from ingest.library import Library
    from ingest.records import ConversationRecord

OWNER = ""  # whoever uses a page that nobody signs in to
SHOWN = 8  # characters of an id

conversation_argument = click.argument("beginning", metavar="CONVERSATION")


class ConversationError(CiteboundError):
    """A conversation that is not there, or a file that cannot be written."""


@click.group("conversations")
def conversations_group() -> None:
    """Look after the conversations of the page, where nobody signs in to it.

    CONVERSATION is a conversation's id or its beginning.
    """


@conversations_group.command("list")
@library_option
@json_option
def list_command(library: str | None, as_json: bool) -> None:
    """List the conversations, the last used first."""
    from app.export.conversation import visible

    with open_library(library) as opened:
        kept = opened.catalog.conversations(OWNER)
    if as_json:
        shown = [{"id": one.id, "title": one.title, "changed": one.changed} for one in kept]
        print_json({"conversations": shown})
        return
    for one in kept:
        changed = datetime.fromtimestamp(one.changed).strftime("%Y-%m-%d %H:%M")
        click.echo(f"{one.id[:SHOWN]}  {changed}  {visible(one.title)}")


@conversations_group.command("export")
@conversation_argument
@click.option("--format", "ending", type=click.Choice(list(FORMATS)), default="md",
              show_default=True)  # fmt: skip
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path),
              help="Write to this file instead of to standard output.")  # fmt: skip
@library_option
def export_command(beginning: str, ending: str, output: Path | None, library: str | None) -> None:
    """Write CONVERSATION as a file, each answer with its sources; of variants the newest."""
    from app.export.conversation import exported_conversation
    from app.ui.chat.asked import restore, variants

    with open_library(library) as opened:
        record = _find(opened, beginning)
        asked = [restore(one) for one in opened.catalog.exchanges(record.id)]
        name = opened.folder.name
    shown = [there[-1] for there in variants(asked)]
    now = datetime.now().astimezone()
    made = FORMATS[ending].make(exported_conversation(record.title, name, shown, exported=now))
    if output is None:
        click.echo(made, nl=False)
        return
    try:
        output.write_bytes(made)
    except OSError as error:
        raise ConversationError(f"{output} cannot be written: {error.strerror}.") from error


@conversations_group.command("delete")
@conversation_argument
@click.option("--yes", is_flag=True, help="Do not ask first.")
@library_option
def delete_command(beginning: str, yes: bool, library: str | None) -> None:
    """Delete CONVERSATION for good."""
    from app.export.conversation import visible

    with open_library(library) as opened:
        record = _find(opened, beginning)
        title = visible(record.title)
        if not yes:
            click.confirm(f"Delete “{title}” for good?", abort=True)
        opened.catalog.remove_conversation(record.id)
    click.echo(f"Deleted “{title}”.")


def _find(library: Library, beginning: str) -> ConversationRecord:
    kept = library.catalog.conversations(OWNER)
    found = [one for one in kept if beginning and one.id.startswith(beginning)]
    if len(found) == 1:
        return found[0]
    from app.export.conversation import visible

    wrong = "Several conversations begin" if found else "No conversation begins"
    raise ConversationError(
        f"{wrong} with {visible(beginning)!r}; see: citebound conversations list"
    )
