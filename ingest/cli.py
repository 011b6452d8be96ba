"""The command ``ingest``: a folder of documents into a library."""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from ingest.errors import CiteboundError

if TYPE_CHECKING:
    from ingest.library import Library
    from ingest.pipeline import Progress, Summary

WATCH_SECONDS = 5.0  # between two looks at a watched folder

library_option = click.option(
    "--library",
    metavar="NAME_OR_PATH",
    help="The library to use: a name, or the path of a folder. Default: the one in settings.",
)
wait_option = click.option(
    "--wait",
    metavar="SECONDS",
    default=10.0,
    show_default=True,
    type=click.FloatRange(0),
    help="How long to wait while another process writes to the library.",
)
password_option = click.option(
    "--password",
    metavar="TEXT",
    multiple=True,
    help="A password to try on encrypted files; may be given again. Other users of the machine can "
    "see it while this runs: a file is safer.",
)
passwords_file_option = click.option(
    "--passwords-file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A file with passwords to try on encrypted files, one a line.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.command("ingest")
@click.argument("folder", type=click.Path(path_type=Path))
@library_option
@click.option("--prune", is_flag=True, help="Remove documents whose files are gone.")
@click.option(
    "--report",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what became of each page that was taken in; JSON if FILE ends in .json.",
)
@click.option("--watch", is_flag=True, help="Go on: ingest again when a file changes, to Ctrl-C.")
@password_option
@passwords_file_option
@wait_option
@json_option
def ingest_command(
    folder: Path,
    library: str | None,
    prune: bool,
    report: Path | None,
    watch: bool,
    password: tuple[str, ...],
    passwords_file: Path | None,
    wait: float,
    as_json: bool,
) -> None:
    """Take every document below FOLDER into a library.

    PDF, Word, PowerPoint, Excel, CSV, EPUB, HTML, Markdown and text files are read. Unchanged files
    are skipped. A file that cannot be read is reported and never stops the run.
    """
    from ingest.discover import check_folder
    from ingest.embedder_cache import is_prepared
    from ingest.library import Library
    from ingest.passwords import read_passwords
    from ingest.pipeline import ingest_folder
    from ingest.settings import IngestSettings, load_settings

    check_folder(folder)  # before a library is made for it
    if report and not report.absolute().parent.is_dir():
        raise CiteboundError(f"There is no folder {report.parent} to write the report to.")
    passwords = [*password, *(read_passwords(passwords_file) if passwords_file else ())]
    settings = load_settings(IngestSettings)
    if not is_prepared(settings):
        click.echo("Preparing the embedding model; this takes a minute, once.", err=True)
    with (
        Library.open(library or settings.library, settings=settings, create=True) as opened,
        progress_line(quiet=as_json) as on_progress,
    ):
        summary = ingest_folder(
            folder,
            opened,
            prune=prune,
            on_progress=on_progress,
            wait=wait,
            on_wait=on_wait,
            passwords=passwords,
        )
        if report:
            _write_report(report, opened, summary)
    _print_summary(summary, as_json=as_json)
    if watch:
        _watch(folder, library or settings.library, prune, passwords, summary, as_json=as_json)


def _print_summary(summary: Summary, *, as_json: bool) -> None:
    click.echo(json.dumps(summary_to_json(summary)) if as_json else summary_to_text(summary))


def _watch(
    folder: Path,
    library: str,
    prune: bool,
    passwords: Sequence[str],
    last: Summary,
    *,
    as_json: bool,
) -> NoReturn:
    """Look at the folder again and again; what is wrong for a while is told once."""
    from ingest.library import Library
    from ingest.watch import FolderWatch

    click.echo(f"Watching {folder} (stop it with Ctrl-C)", err=True)
    told = ""
    with Library.open(library) as opened:
        watched = FolderWatch(folder, opened, prune=prune)
        while True:
            try:
                summary = watched.look(passwords=passwords)
                if summary and (summary.changed or summary.failures != last.failures):
                    _print_summary(summary, as_json=as_json)
                last = summary or last
                told = ""
            except CiteboundError as error:
                if str(error) != told:
                    click.echo(f"Error: {error}", err=True)
                told = str(error)
            time.sleep(WATCH_SECONDS)


def on_wait(holder: str) -> None:
    """Say on standard error for whom a command waits."""
    click.echo(f"Waiting: the library is being written to by {holder}.", err=True)


def _write_report(path: Path, library: Library, summary: Summary) -> None:
    from ingest.report import read_report, write_report

    taken_in = set(summary.taken_in)
    records = [record for record in library.documents() if record.id in taken_in]
    write_report(read_report(library, records, summary.failures), path)


def summary_to_json(summary: Summary) -> dict[str, Any]:
    """The summary as ``--json`` prints it."""
    names = ("added", "updated", "unchanged", "duplicate", "moved", "removed")
    return {
        "documents": {
            **{name: getattr(summary, name) for name in names},
            "failed": len(summary.failures),
        },
        "pages": summary.pages,
        "chunks": summary.chunks,
        "seconds": round(summary.seconds, 3),
        "failures": [{"path": str(f.path), "reason": f.reason} for f in summary.failures],
        "removed": [str(path) for path in summary.removed_paths],
    }


def summary_to_text(summary: Summary) -> str:
    """The summary for a person."""
    from ingest.readers.source import KINDS

    lines = [f"Could not take in {failure.path}: {failure.reason}" for failure in summary.failures]
    lines += [f"Removed {path}: its file is gone." for path in summary.removed_paths]
    if summary.changed:
        counts = {
            "added": summary.added, "updated": summary.updated, "moved": summary.moved,
            "copies": summary.duplicate, "removed": summary.removed,
            "unchanged": summary.unchanged,
        }  # fmt: skip
        said = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
        speed = summary.pages / summary.seconds if summary.seconds else 0.0
        lines.append(
            f"Documents: {said}. {summary.pages} pages in {summary.chunks} passages, "
            f"{summary.seconds:.1f} s ({speed:.1f} pages/s)."
        )
    elif summary.unchanged:
        lines.append(f"Nothing to do: {summary.unchanged} documents are unchanged.")
    elif not summary.failures:
        lines.append(f"Nothing to do: there is no document in this folder ({KINDS}).")
    return "\n".join(lines)


class progress_line:
    """A context that shows progress on standard error, if that is a terminal."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet or not sys.stderr.isatty()

    def __enter__(self) -> Callable[[Progress], None]:
        if self.quiet:
            return lambda _: None
        from rich.console import Console
        from rich.status import Status

        self.status = Status("Looking at the folder", console=Console(stderr=True))
        self.status.start()
        return lambda progress: self.status.update(progress_to_text(progress))

    def __exit__(self, *_: object) -> None:
        if not self.quiet:
            self.status.stop()


def progress_to_text(progress: Progress) -> str:
    """Files, pages, speed and time left, in one line."""
    left = progress.seconds_left
    ending = "" if left is None else f", about {left:.0f} s left"
    return (
        f"{progress.files} of {progress.total_files} files, {progress.pages:.0f} pages, "
        f"{progress.pages_per_second:.1f} pages/s{ending}"
    )


class _Terminated(KeyboardInterrupt):
    """The process was asked to end by SIGTERM."""


def _terminate(*_: object) -> None:
    raise _Terminated


def run_command(
    command: click.Command, *, errors: tuple[type[Exception], ...] = (CiteboundError,)
) -> None:
    """Run a command line: 0 when the work is done, 1 when it failed, 2 for wrong usage.

    Ctrl-C and SIGTERM stop it between two steps, with the codes that shells give them: 130 and 143.
    An error that is meant for the user (one of ``errors``) is one line; anything else is a mistake
    of ours and keeps its traceback.
    """
    signal.signal(signal.SIGTERM, _terminate)
    gc.set_threshold(50_000, 20, 20)  # importing makes much that stays: looking through it costs
    try:
        command.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except errors as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
    except (KeyboardInterrupt, Exception) as error:
        stopped_by = _interruption_behind(error)
        if stopped_by is None and not isinstance(error, click.Abort):
            raise
        click.echo("Stopped; what was done is kept.", err=True)
        _leave(143 if isinstance(stopped_by, _Terminated) else 130)
    finally:
        gc.freeze()  # the process ends: collecting what all libraries made costs 0.15 s for nothing


def _leave(code: int) -> NoReturn:
    """End the process as it stands.

    A library's thread may be in the middle of something, such as compiling a model, and would crash
    where Python takes itself down around it. What was done is on the disk by now.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _interruption_behind(error: BaseException) -> KeyboardInterrupt | None:
    """The interruption that an error came of: a library may raise its own when it is stopped."""
    behind: BaseException | None = error
    while behind is not None and not isinstance(behind, KeyboardInterrupt):
        behind = behind.__cause__ or behind.__context__
    return behind


def main() -> None:
    """The console command ``ingest``."""
    run_command(ingest_command)
