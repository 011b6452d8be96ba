"""The commands ``citebound exemplars``: answers that few-shot shows to a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.library_cli import open_library, print_json
from ingest.cli import json_option, library_option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.records import ExemplarRecord


@click.group("exemplars")
def exemplars_group() -> None:
    """Keep good answers of a library for few-shot to show.

    An exemplar goes when a document that it cites is removed from the library or forgotten.
    """


@exemplars_group.command("list")
@library_option
@json_option
def list_command(library: str | None, as_json: bool) -> None:
    """List the answers that were kept, the oldest first."""
    with open_library(library) as opened:
        kept = opened.catalog.exemplars()
        names = {document.id: document.name for document in opened.documents()}
    if as_json:
        print_json({"exemplars": [exemplar_to_json(exemplar, names) for exemplar in kept]})
    else:
        for exemplar in kept:
            click.echo(f"{exemplar.id}  {exemplar.question}")


@exemplars_group.command("add")
@click.argument("answer_file", type=click.Path(path_type=Path))
@library_option
def add_command(answer_file: Path, library: str | None) -> None:
    """Keep the answer in ANSWER_FILE, a file with what citebound ask --json has printed.

    Every sentence of it must be proved by the passages that it cites, as the library holds them.
    """
    from app.exemplars import keep, read_answer

    liked = read_answer(answer_file)
    with open_library(library) as opened:
        exemplar = keep(liked, opened)
    click.echo(f"Kept as {exemplar.id}: {exemplar.question}")


@exemplars_group.command("remove")
@click.argument("id")
@library_option
def remove_command(id: str, library: str | None) -> None:
    """Remove the exemplar ID, as it stands in the list."""
    from app.exemplars import ExemplarError

    with open_library(library) as opened:
        if not opened.catalog.holds_exemplar(id):
            raise ExemplarError(
                f"No exemplar {id!r} is in the library at {opened.folder}; those that are: "
                "citebound exemplars list"
            )
        opened.catalog.remove_exemplar(id)
    click.echo(f"Removed {id}.")


def exemplar_to_json(exemplar: ExemplarRecord, names: Mapping[str, str]) -> dict[str, Any]:
    """An exemplar as ``--json`` prints it; ``names`` are the documents' by their ids."""
    return {
        "id": exemplar.id,
        "question": exemplar.question,
        "answer": exemplar.answer,
        "passages": [
            {"document": names.get(passage.document, ""), "text": passage.text}
            for passage in exemplar.passages
        ],
        "added": exemplar.added,
    }
