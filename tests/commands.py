"""The real command lines in processes of their own, to be watched, stopped and killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ingest.catalog import Catalog
from ingest.errors import LibraryError
from ingest.lock import HOLDER_FILE
from tests.conftest import ROOT
from tests.pdfs import write_pdf

SECONDS_TO_WAIT = 120.0
WORDS = """
    anchor barley beacon bellows brass bridge candle canal chimney cinder cobble copper cradle
    furnace gasket girder grate hammer harbour hinge kettle ladle lantern lever mortar nozzle piston
    plank pulley ratchet rivet rudder saddle shovel spindle spring tallow timber valve vessel winch
""".split()


def start_command(module: str, *arguments: str | Path) -> subprocess.Popen[str]:
    """Start ``python -m module`` in a process group of its own, as from a terminal.

    A shell has the commands that it starts in the background ignore Ctrl-C, and so all below them.
    """
    listens = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    code = f"{listens}; from {module} import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        env=os.environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run_command(module: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run ``python -m module`` to its end."""
    process = start_command(module, *arguments)
    output, errors = process.communicate(timeout=SECONDS_TO_WAIT)
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def run_ingest(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command ``ingest``."""
    return run_command("ingest.cli", *arguments)


def run_library(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command ``citebound library``."""
    return run_command("eval.cli", "library", *arguments)


def send(process: subprocess.Popen[str], number: signal.Signals) -> None:
    """Send a signal to a process and all its children, as a terminal does."""
    os.killpg(process.pid, number)


def living_processes(group: int) -> list[str]:
    """The processes of a group that have not ended, once those that are ending have had time."""
    living: list[str] = []
    for _ in range(30):
        listed = subprocess.run(["ps", "-eo", "pgid=,stat=,args="], capture_output=True, text=True)
        rows = [line.split(maxsplit=2) for line in listed.stdout.splitlines()]
        living = [row[2] for row in rows if row[0] == str(group) and not row[1].startswith("Z")]
        if not living:
            break
        time.sleep(0.1)
    return living


def wait_until(holds: Callable[[], bool], process: subprocess.Popen[str]) -> bool:
    """Wait until something holds; False if the process ends before."""
    deadline = time.monotonic() + SECONDS_TO_WAIT
    while not holds():
        if process.poll() is not None:
            return False
        assert time.monotonic() < deadline
        time.sleep(0.005)
    return True


def is_held(library: Path) -> bool:
    """Whether some process has noted that it writes to a library."""
    return (library / HOLDER_FILE).exists()


def count_documents(library: Path) -> int:
    """How many documents a library shows; 0 where there is none yet."""
    try:
        catalog = Catalog(library)
    except LibraryError:
        return 0
    try:
        return catalog.totals()[0]
    finally:
        catalog.close()


def write_random_pdfs(folder: Path, count: int, *, seed: str, pages: int = 3) -> None:
    """PDFs of random words, the same for the same seed; each has one word that no other has."""
    for number in range(count):
        words = random.Random(f"{seed} {number}")  # noqa: S311 - nothing secret
        write_pdf(
            folder / f"{number:03d}.pdf",
            [
                [
                    f"Report {seed}{number} {' '.join(words.choices(WORDS, k=12))}."
                    for _ in range(20)
                ]
                for _ in range(pages)
            ],
            title=f"Report {seed}{number}",
        )
