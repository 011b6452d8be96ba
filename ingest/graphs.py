"""Runs converted models on the processor: compiling, batches of like length, padding."""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy
from filelock import FileLock
from numpy.typing import NDArray

if TYPE_CHECKING:
    from openvino import CompiledModel, InferRequest

BATCH = 8  # texts of like length; larger batches were no faster, and more of them was padding
REQUESTS = 2  # for each core: one that runs and one that waits
KEPT_SHAPES = 128  # no slower than more
LENGTH_STEP = 8  # tokens; a graph is set up anew, at some cost, for each shape that it has not met

# OpenVINO changes the process's locale while it compiles, and puts back what it has found: of two
# threads at once the later one finds the other's, and what is not ASCII is read as wrong from then.
_compiling = threading.Lock()

Numbers = NDArray[numpy.int64]
Results = NDArray[numpy.float32]


def compile_graph(path: Path, *, streams: int, cache: Path | None = None) -> CompiledModel:
    """A graph ready to run; what compiling has made of it is kept in ``cache``, or beside it."""
    cache = cache or path.parent
    cache.mkdir(parents=True, exist_ok=True)
    sys.modules.setdefault("openvino.tools.ovc", None)  # type: ignore[arg-type]
    import openvino  # without its converter, which takes a tenth of a second to import

    properties = {
        "NUM_STREAMS": streams,
        "INFERENCE_NUM_THREADS": usable_cores(),
        "CACHE_DIR": str(cache / "compiled"),
        # Where the processor has matrix units OpenVINO rounds what is not quantised to 16 bits: 5%
        # faster, but then a text's vector depends on what is embedded beside it (cosine 0.94).
        "INFERENCE_PRECISION_HINT": "f32",
        # What is set up for each shape is kept, up to a megabyte each: 5,000 unless this is said.
        "CPU_RUNTIME_CACHE_CAPACITY": KEPT_SHAPES,
    }
    # OpenVINO fails where two processes write the same compiled model at the same moment.
    with _compiling, FileLock(cache / "compiling.lock"):
        return openvino.Core().compile_model(path, "CPU", properties)


def run_batches(
    model: CompiledModel,
    lengths: Sequence[int],
    inputs: Callable[[list[int]], dict[str, Numbers]],
    results: Results,
) -> None:
    """Run a graph over rows of these lengths, in batches; ``results`` [n, ...] takes its output.

    ``inputs`` gives what the graph takes for a batch of row numbers.
    """
    # No AsyncInferQueue: the thread that has run a callback may still need Python's lock when the
    # model is dropped, which holds that lock and waits for the thread: for ever.
    requests = [model.create_infer_request() for _ in range(REQUESTS * usable_cores())]
    running: deque[tuple[InferRequest, list[int]]] = deque()

    def finish_oldest() -> InferRequest:
        request, rows = running.popleft()
        request.wait()
        results[rows] = request.get_output_tensor(0).data
        return request

    try:
        for rows in batches_by_length(lengths):
            request = requests.pop() if requests else finish_oldest()
            request.start_async(inputs(rows))
            running.append((request, rows))
    finally:  # a thread that still runs when Python ends takes the process down
        while running:
            finish_oldest()


def usable_cores() -> int:
    """Cores that this process may use, which can be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def batches_by_length(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Row numbers in batches of like length, the longest first, so that little is padding."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True)
    for start in range(0, len(order), BATCH):
        yield order[start : start + BATCH]


def padded(
    rows: Sequence[Sequence[int] | Numbers], filling: int, *, step: int = LENGTH_STEP
) -> tuple[Numbers, Numbers]:
    """Rows of unlike length as one array [n, longest, rounded up], and a mask of what is real."""
    longest = max(len(row) for row in rows)
    width = -(-longest // step) * step
    values = numpy.full((len(rows), width), filling, numpy.int64)
    mask = numpy.zeros_like(values)
    for place, row in enumerate(rows):
        values[place, : len(row)] = row
        mask[place, : len(row)] = 1
    return values, mask
