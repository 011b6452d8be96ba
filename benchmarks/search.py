"""How long a search takes: a cold process beside ``import sentence_transformers``, and a warm one.

``python -m benchmarks.search --library L [--question TEXT]``: the median of five cold starts of
``citebound search`` and of the import, in turn, and the median of fifty warm searches.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

from ingest.library import Library

COLD_RUNS = 5
WARM_RUNS = 50


def seconds_of(command: list[str]) -> float:
    """Wall time of one process."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def warm_seconds(library: Library, question: str) -> float:
    """The median of searches in one process, after one that is not counted."""
    library.search(question)
    times = []
    for _ in range(WARM_RUNS):
        started = time.perf_counter()
        library.search(question)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def main() -> None:
    """Parse the command line, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", required=True)
    parser.add_argument("--question", default="What is the difference between LoRA and QLoRA?")
    options = parser.parse_args()
    program = str(Path(sys.executable).with_name("citebound"))
    search = [program, "search", options.question, "--library", options.library, "--json"]
    imported = [sys.executable, "-c", "import sentence_transformers"]
    cold, heavy = [], []
    for _ in range(COLD_RUNS):
        cold.append(seconds_of(search))
        heavy.append(seconds_of(imported))
    ratio = statistics.median(cold) / statistics.median(heavy)
    print(f"cold search {statistics.median(cold):.2f} s, {ratio:.2f} of the import's time")
    with Library.open(options.library) as library:
        print(f"warm search {warm_seconds(library, options.question) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
