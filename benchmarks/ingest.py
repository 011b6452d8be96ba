"""Ingest beside the stock LangChain pipeline on the same files, as a ratio.

``python -m benchmarks.ingest [--data FOLDER] [--rounds N] [SET ...]`` runs both sides in turn, each
in a process of its own, and prints a table and the geometric mean. Imports and loading the model
are left out on both sides; starting worker processes is counted in on ours. Two more ratios say
where our time goes: the whole ingest over the embedder alone on the same chunks, and the embedder
over the machine's matrix product in its number type. A file that the stock loader refuses is left
out of its pages and of its time.
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
import time
from collections.abc import Sequence
from pathlib import Path

import openvino

from benchmarks.matrix_rate import count_operations, measure_matrix_rate
from ingest.embedder import Embedder, EmbedderFolder, Vectors
from ingest.library import Library
from ingest.pipeline import ingest_folder

SETS = ("pdf_plain/us-fed", "pdf_qa/sec-10-q/docs", "pdf_qa/squad/docs")


class RecordingEmbedder:
    """An embedder that keeps the lots of texts that it is given."""

    def __init__(self, embedder: Embedder) -> None:
        self.identity = embedder.identity
        self.tokenizer = embedder.tokenizer
        self.embedder = embedder
        self.lots: list[list[str]] = []

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Keep the texts, then embed them."""
        self.lots.append(list(texts))
        return self.embedder.embed_documents(texts)

    def embed_query(self, text: str) -> Vectors:
        """Embed a question."""
        return self.embedder.embed_query(text)


def run_ours(folder: Path, output: Path) -> dict[str, float]:
    """Ingest into a new library with the embedder loaded before the clock starts."""
    with Library.open(output, create=True) as library:
        embedder = library.document_embedder
        embedder.embed_documents(["warm"])
        library.document_embedder = recording = RecordingEmbedder(embedder)
        summary = ingest_folder(folder, library)
        alone = embed_again(embedder, library.embedder_folder, recording.lots)
    return {
        "pages": summary.pages,
        "chunks": summary.chunks,
        "seconds": summary.seconds,
        **alone,
    }


def embed_again(
    embedder: Embedder, folder: EmbedderFolder, lots: Sequence[Sequence[str]]
) -> dict[str, float]:
    """Seconds of the embedder alone on the same lots, and how much of the machine it uses."""
    started = time.perf_counter()
    for lot in lots:
        embedder.embed_documents(lot)
    seconds = time.perf_counter() - started
    droppable = set(folder.droppable_tokens)
    tokenizer = folder.open_tokenizer().tokenizer
    tokens = [encoding.ids for lot in lots for encoding in tokenizer.encode_batch_fast(lot)]
    lengths = [(len(ids), sum(token not in droppable for token in ids)) for ids in tokens]
    int8 = "INT8" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    rate = count_operations(folder, lengths) / seconds
    return {"embedder_seconds": seconds, "of_matrix_rate": rate / measure_matrix_rate(int8=int8)}


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
    head = ("set", "pages", "ours pages/s (chunks)", "stock pages/s (chunks, files refused)",
            "ratio", "whole ingest of the embedder alone",
            "embedder of matrix product")  # fmt: skip
    print(f"| {' | '.join(head)} |\n{'|---' * len(head)}|")
    for name in options.sets:
        speeds: dict[str, list[float]] = {"ours": [], "stock": []}
        for _ in range(options.rounds):
            found = {side: measure(side, options.data / name) for side in speeds}
            for side, figures in found.items():
                speeds[side].append(figures["pages"] / figures["seconds"])
        medians = {side: statistics.median(values) for side, values in speeds.items()}
        ratios.append(medians["ours"] / medians["stock"])
        ours, stock = found["ours"], found["stock"]
        cells = [
            f"{ours['pages']:.0f}",
            f"{medians['ours']:.1f} ({ours['chunks']:.0f})",
            f"{medians['stock']:.1f} ({stock['chunks']:.0f}, {stock['refused']:.0f})",
        ]
        shares = [ours["embedder_seconds"] / ours["seconds"], ours["of_matrix_rate"]]
        cells += [f"{ratios[-1]:.2f}", *(f"{share:.0%}" for share in shares)]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)
    print(f"\ngeometric mean of the ratios: {math.prod(ratios) ** (1 / len(ratios)):.2f}")


if __name__ == "__main__":
    if os.environ.get("BENCHMARK_SIDE") == "ours":
        print(json.dumps(run_ours(Path(sys.argv[1]), Path(sys.argv[2]))))
    else:
        main()
