"""Memory and time per page of one ingest as it grows, and a second run over unchanged files.

``python -m benchmarks.ingest_scale [--data FOLDER] [PAGES ...]`` copies documents of the data under
changed bytes (a comment at the end, and another title, so that nothing is taken for a copy and
every chunk is embedded) until there are so many pages, ingests them in a process of its own, and
prints the peak of resident memory, all processes added up. Then it makes 1,000 small files, ingests
them and times the second run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pypdf

PAGES = (500, 2000, 10_000)
FILES = 1000
SOURCE = "pdf_plain/us-fed"
LOOK_EVERY = 0.25  # seconds


def write_copies(source: Path, output: Path, *, pages: int) -> int:
    """Write changed copies of the PDFs below a folder until they have so many pages."""
    written = number = 0
    paths = sorted(source.rglob("*.pdf"))
    while written < pages:
        path = paths[number % len(paths)]
        writer = pypdf.PdfWriter(clone_from=path)
        writer.add_metadata({"/Title": f"Report {number} of the agency"})
        writer.write(output / f"{number:05}.pdf")
        written += len(writer.pages)
        number += 1
    return written


def ingest_watched(folder: Path, library: Path) -> tuple[dict[str, float], float]:
    """The summary of the command ``ingest``, and the peak memory of it and its workers in MB."""
    command = [sys.executable, "-m", "ingest", str(folder), "--library", str(library), "--json"]
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, stdout=output, start_new_session=True)
        peak = 0.0
        while process.poll() is None:
            time.sleep(LOOK_EVERY)
            peak = max(peak, resident_memory(process.pid))
        output.seek(0)
        summary: dict[str, float] = json.load(output)
    return summary, peak


def resident_memory(session: int) -> float:
    """Proportional resident memory, in MB, of all processes of a session."""
    total = 0
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(entry.name)) == session:
                lines = (entry / "smaps_rollup").read_text().splitlines()
                total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except (OSError, StopIteration):
            continue  # it has just ended
    return total / 1024


def main() -> None:
    """Parse the command line, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", type=int, default=PAGES)
    default_data = os.environ.get("CITEBOUND_DATA", "../shared/data")
    parser.add_argument("--data", type=Path, default=Path(default_data))
    options = parser.parse_args()
    print("| pages | chunks | pages/s | peak memory, MB |\n|---|---|---|---|")
    for pages in options.pages:
        with tempfile.TemporaryDirectory() as work:
            folder = Path(work) / "documents"
            folder.mkdir()
            write_copies(options.data / SOURCE, folder, pages=pages)
            summary, peak = ingest_watched(folder, Path(work) / "library")
        speed = summary["pages"] / summary["seconds"]
        print(
            f"| {summary['pages']} | {summary['chunks']} | {speed:.1f} | {peak:.0f} |", flush=True
        )
    print(f"\nsecond run over {FILES} unchanged files: {second_run():.2f} s, start-up counted in")


def second_run() -> float:
    """Seconds that the command takes where nothing has changed."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "documents"
        folder.mkdir()
        for number in range(FILES):
            (folder / f"{number}.md").write_text(f"# Note {number}\n\nNote {number} says little.\n")
        command = [sys.executable, "-m", "ingest", str(folder), "--library", f"{work}/library"]
        subprocess.run(command, check=True, capture_output=True)
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        return time.perf_counter() - started


if __name__ == "__main__":
    main()
