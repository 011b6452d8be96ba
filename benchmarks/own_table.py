"""Write the program's own table anew into docs/benchmarks.md.

``python -m benchmarks.own_table --data D [--output build/bench] [--cases 300]`` runs ``citebound
eval bench`` over the labelled sets below D and puts its table, with commit, machine and date,
between the two marks in that file.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
FIGURES = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- own table -->", "<!-- end of own table -->"


def machine() -> str:
    """Processor, cores that may be used, and Python."""
    try:
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text("utf8"))
    except OSError:
        found = None
    name = found[1].strip() if found else platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} cores, Python {platform.python_version()}"


def commit() -> str:
    """The commit that is measured; marked where files differ from it."""
    command = ("git", "describe", "--always", "--dirty", "--exclude", "*")
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


def main() -> None:
    """Measure, print the table and write it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--output", default=str(ROOT / "build" / "bench"))
    parser.add_argument("--cases", default="300")
    options = parser.parse_args()
    command = [
        sys.executable, "-c", "from eval.cli import main; main()", "eval", "bench", options.data,
        "--output", options.output, "--cases", options.cases,
    ]  # fmt: skip
    measured = commit()
    table = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    print(table)
    said = f"Commit {measured}, {machine()}, {datetime.now(UTC):%Y-%m-%d}.\n\n{table.strip()}"
    before, _, rest = FIGURES.read_text("utf8").partition(BEGIN)
    _, _, after = rest.partition(END)
    FIGURES.write_text(f"{before}{BEGIN}\n{said}\n{END}{after}", encoding="utf8")


if __name__ == "__main__":
    main()
