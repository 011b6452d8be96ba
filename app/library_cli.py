"""The commands ``citebound library``: look into a library, check it, make it anew, forget."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from ingest.cli import json_option, library_option, on_wait, progress_line, wait_option

if TYPE_CHECKING:
    from ingest.library import Library
    from ingest.readers.content import Page
    from ingest.records import DocumentRecord
    from ingest.verify import Verification


@contextmanager
def open_library(name_or_path: str | None, *, searching: bool = False) -> Iterator[Library]:
    """The library of an option, or the one in settings.

    ``searching`` says that it takes a minute where the first search converts a reranker.
    """
    from ingest.library import Library
    from ingest.settings import IngestSettings, load_settings

    settings = load_settings(IngestSettings)
    with Library.open(name_or_path or settings.library, settings=settings) as opened:
        if searching and settings.reranker:
            from ingest.reranker_cache import is_prepared

            if not is_prepared(settings.reranker):
                click.echo("Preparing the reranker; this takes a minute, once.", err=True)
        yield opened


def print_json(result: dict[str, Any]) -> None:
    """One JSON object on standard output."""
    click.echo(json.dumps(result, ensure_ascii=False))


@click.group("library")
def library_group() -> None:
    """Look after a library.

    DOCUMENT is a document's name, file name, title, path or id (or its beginning).
    """


@library_group.command("list")
@library_option
@json_option
def list_command(library: str | None, as_json: bool) -> None:
    """List the documents of the library."""
    with open_library(library) as opened:
        documents = opened.documents()
    if as_json:
        print_json({"documents": [document_to_json(document) for document in documents]})
    else:
        for record in documents:
            click.echo(f"{record.pages:6d} pages  {record.name}  ({record.title})")


@library_group.command("show")
@click.argument("document")
@click.option("--page", "number", type=click.IntRange(1), help="Print the text of this page.")
@library_option
@json_option
def show_command(document: str, number: int | None, library: str | None, as_json: bool) -> None:
    """Show what the library holds of DOCUMENT, or the text of one page of it."""
    with open_library(library) as opened:
        record = opened.find_document(document)
        pages = opened.catalog.pages(record.id)
    if number is not None:
        _show_page(record, pages, number, as_json=as_json)
    elif as_json:
        shown = [{"page": page.number, "page_label": page.label, "method": page.method}
                 for page in pages]  # fmt: skip
        print_json(document_to_json(record) | {"page_list": shown})
    else:
        click.echo(document_to_text(record, pages))


def _show_page(
    record: DocumentRecord, pages: Sequence[Page], number: int, *, as_json: bool
) -> None:
    if number > len(pages):
        raise click.BadParameter(f"{record.name} has {record.pages} pages.", param_hint="--page")
    page = pages[number - 1]
    if as_json:
        print_json({
            "document": record.name, "page": page.number, "page_label": page.label,
            "method": page.method, "text": page.text,
        })  # fmt: skip
    else:
        click.echo(page.text)


@library_group.command("ledger")
@click.argument("document", required=False)
@library_option
@json_option
def ledger_command(document: str | None, library: str | None, as_json: bool) -> None:
    """Say for every page how its text was had, how much it is, and what was left out and why.

    Without DOCUMENT: of all documents.
    """
    from ingest.report import read_report, report_to_json, report_to_text

    with open_library(library) as opened:
        records = [opened.find_document(document)] if document else opened.documents()
        report = read_report(opened, records)
    if as_json:
        print_json(report_to_json(report))
    else:
        click.echo(report_to_text(report))


@library_group.command("remove")
@click.argument("document")
@library_option
@wait_option
def remove_command(document: str, library: str | None, wait: float) -> None:
    """Remove DOCUMENT from the library; its file stays where it is.

    Its bytes may stay in the library's files until they are written over; forget leaves none.
    """
    with open_library(library) as opened, opened.writing(wait=wait, on_wait=on_wait):
        record = opened.find_document(document)
        opened.remove(record.id)
    click.echo(f"Removed {record.name}: {record.pages} pages, {record.chunks} passages.")


@library_group.command("forget")
@click.argument("document")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@library_option
@wait_option
@json_option
def forget_command(
    document: str, yes: bool, library: str | None, wait: float, as_json: bool
) -> None:
    """Remove DOCUMENT so that no byte of its text, vectors and copies is left in the library.

    The library's files are searched for it before and after; exit code 1 if anything is left. The
    file that it was read from stays where it is, and the next ingest of its folder reads it again.
    """
    from ingest.catalog.catalog import SCRUBBING
    from ingest.forget import forget

    with open_library(library) as opened:
        if opened.catalog.fact(SCRUBBING):
            with opened.writing(wait=wait, on_wait=on_wait):  # which finishes it
                click.echo("A forget that had been cut short is finished.", err=True)
        if not yes:
            record = opened.find_document(document)
            click.confirm(f"Forget {record.name} ({record.pages} pages) for good?", abort=True)
        with opened.writing(wait=wait, on_wait=on_wait):
            record = opened.find_document(document)
            done = forget(opened, [record])
        kept = [str(path) for path in record.paths if path.exists()]
    if as_json:
        print_json({
            "document": record.name, "sha256": record.id, "places_before": done.places_before,
            "places_after": done.places_after, "files_kept": kept,
        })  # fmt: skip
    else:
        click.echo(
            f"Forgot {record.name}: {done.places_before} places in the library's files held pieces "
            f"of it, {done.places_after} do now."
        )
        for path in kept:
            click.echo(f"{path} stays; the next ingest of its folder would read it again.")
    if done.places_after:
        click.echo("Error: it is not all gone; run: citebound library rebuild", err=True)
        sys.exit(1)


@library_group.command("verify")
@library_option
@json_option
def verify_command(library: str | None, as_json: bool) -> None:
    """Check that the library is whole: its two stores against each other and against the sources.

    Exit code 1 if it is not. Source files that are gone or have changed are only reported.
    """
    from ingest.verify import verify

    with open_library(library) as opened:
        found = verify(opened)
    if as_json:
        print_json(verification_to_json(found))
    else:
        click.echo(verification_to_text(found))
    if found.problems:
        sys.exit(1)


@library_group.command("rebuild")
@library_option
@wait_option
@json_option
def rebuild_command(library: str | None, wait: float, as_json: bool) -> None:
    """Make the library anew with the embedder and the settings of now; nothing is lost.

    Documents are read from their files, and where those are gone or have changed, taken from the
    text that the library holds. The old library is used until the new one is whole.
    """
    from dataclasses import asdict

    from ingest.rebuild import rebuild
    from ingest.settings import IngestSettings, library_folder, load_settings

    settings = load_settings(IngestSettings)
    folder = library_folder(library or settings.library)
    with progress_line(quiet=as_json) as on_progress:
        done = rebuild(folder, settings, wait=wait, on_wait=on_wait, on_progress=on_progress)
    if as_json:
        print_json(asdict(done))
    else:
        click.echo(
            f"Made anew: {done.from_files} documents from their files and {done.from_stored_text} "
            f"from the stored text, {done.pages} pages in {done.chunks} passages, "
            f"{done.seconds:.1f} s."
        )


def document_to_json(record: DocumentRecord) -> dict[str, Any]:
    """A document as ``--json`` prints it."""
    return {
        "document": record.name,
        "title": record.title,
        "path": str(record.paths[0]) if record.paths else "",
        "paths": [str(path) for path in record.paths],
        "pages": record.pages,
        "chunks": record.chunks,
        "bytes": record.bytes,
        "reader": record.reader,
        "added": record.added,
        "sha256": record.id,
    }


def document_to_text(record: DocumentRecord, pages: Sequence[Page]) -> str:
    """A document for a person: its facts, its files, and its pages by label."""
    from collections import Counter
    from datetime import datetime

    added = datetime.fromtimestamp(record.added).strftime("%Y-%m-%d %H:%M")
    methods = Counter(page.method for page in pages)
    left_out = sum(len(page.left_out) for page in pages)
    facts = {
        "Name": record.name,
        "Title": record.title,
        "Id": record.id,
        "Read by": f"{record.reader}, {record.bytes} bytes",
        "Added": added,
        "Pages": f"{record.pages} in {record.chunks} passages",
        "Labels": ", ".join(page.label for page in pages),
        "Text from": ", ".join(f"{method}: {count}" for method, count in methods.items()),
        "Left out": f"{left_out} parts (see: citebound library ledger)" if left_out else "nothing",
    }
    lines = [f"{name:10} {value}" for name, value in facts.items()]
    return "\n".join([*lines, *(f"{'File':10} {path}" for path in record.paths)])


def verification_to_json(found: Verification) -> dict[str, Any]:
    """A check of the library as ``--json`` prints it."""
    return {
        "whole": not found.problems,
        "problems": list(found.problems),
        "documents": found.documents,
        "pages": found.pages,
        "chunks": found.chunks,
        "vectors": found.vectors,
        "sources": [{"path": str(path), "state": state} for path, state in found.sources.items()],
        "writer": found.writer,
    }


def verification_to_text(found: Verification) -> str:
    """A check of the library for a person, with the way out of what is wrong."""
    size = f"{found.documents} documents, {found.pages} pages, {found.chunks} passages, "
    lines = [f"{size}{found.vectors} vectors."]
    if found.writer:
        lines.append(f"It is being written to by {found.writer}.")
    lines += [f"{path} {'is gone' if state == 'missing' else 'has changed since'}."
              for path, state in found.sources.items() if state != "same"]  # fmt: skip
    lines.append(
        f"Source files: {found.count('same')} the same, {found.count('changed')} changed, "
        f"{found.count('missing')} gone."
    )
    lines += [f"Wrong: {problem}." for problem in found.problems]
    lines.append(
        "The way out: citebound library rebuild" if found.problems else "Both stores agree."
    )
    return "\n".join(lines)
