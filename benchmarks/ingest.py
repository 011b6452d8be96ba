"""Ingest beside the stock LangChain pipeline on the same files, as a ratio.

``python -m benchmarks.ingest [--data FOLDER] [--rounds N] [SET ...]`` runs both sides in turn, each
in a process of its own, and prints a table and the geometric mean. Imports and loading the model
are left out on both sides; starting worker processes is counted in on ours.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

SETS = ("pdf_plain", "pdf_qa/sec-10-q/docs", "pdf_qa/squad/docs")


def run_ours(folder: Path, output: Path) -> dict[str, float]:
    """Ingest into a new library with the embedder loaded before the clock starts."""
    from ingest.library import Library
    from ingest.pipeline import ingest_folder

    with Library.open(output, create=True) as library:
        library.embedder.embed_documents(["warm"])
        summary = ingest_folder(folder, library)
    return {"pages": summary.pages, "chunks": summary.chunks, "seconds": summary.seconds}


def measure(side: str, folder: Path) -> dict[str, float]:
    """Run one side once in a fresh process and folder."""
    module = {"ours": "benchmarks.ingest", "stock": "benchmarks.stock_pipeline"}[side]
    with tempfile.TemporaryDirectory() as work:
        command = [sys.executable, "-m", module, str(folder), str(Path(work) / "library")]
        environment = {**os.environ, "BENCHMARK_SIDE": side}
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        raise SystemExit(f"{side} failed on {folder}:\n{done.stderr[-2000:]}")
    figures: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def main() -> None:
    """Parse the command line, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=SETS)
    default_data = os.environ.get("CITEBOUND_DATA", "../shared/data")
    parser.add_argument("--data", type=Path, default=Path(default_data))
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    ratios = []
    print("| set | pages | ours pages/s (chunks) | stock pages/s (chunks) | ratio |")
    print("|---|---|---|---|---|")
    for name in options.sets:
        speeds: dict[str, list[float]] = {"ours": [], "stock": []}
        for _ in range(options.rounds):
            found = {side: measure(side, options.data / name) for side in speeds}
            for side, figures in found.items():
                speeds[side].append(figures["pages"] / figures["seconds"])
        medians = {side: statistics.median(values) for side, values in speeds.items()}
        ratios.append(medians["ours"] / medians["stock"])
        cells = [f"{medians[side]:.1f} ({found[side]['chunks']:.0f})" for side in speeds]
        pages = f"{found['ours']['pages']:.0f}"
        print(f"| {name} | {pages} | {' | '.join(cells)} | {ratios[-1]:.2f} |", flush=True)
    print(f"\ngeometric mean of the ratios: {math.prod(ratios) ** (1 / len(ratios)):.2f}")


if __name__ == "__main__":
    if os.environ.get("BENCHMARK_SIDE") == "ours":
        print(json.dumps(run_ours(Path(sys.argv[1]), Path(sys.argv[2]))))
    else:
        main()
