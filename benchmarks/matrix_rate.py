"""How fast this machine multiplies matrices in the embedder's number type, and what it needs.

The rate is measured with the library that runs the embedder, on a product large enough that
nothing else counts; the need is counted from the model's shape.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence

import numpy
import openvino
from openvino import opset13 as operations

from ingest.embedder import EmbedderFolder
from ingest.graphs import usable_cores
from ingest.lean_tokens import FULL_LAYERS

SIDE = 4096
ROUNDS = 5


def measure_matrix_rate(*, int8: bool) -> float:
    """Operations (multiplications and additions) a second of a square matrix product."""
    left = operations.parameter([SIDE, SIDE], numpy.float32)
    weights = numpy.random.default_rng(0).integers(-127, 127, (SIDE, SIDE)).astype(numpy.int8)
    if int8:
        low, high = (operations.constant(numpy.float32(value)) for value in (-2.0, 2.0))
        quantised = operations.fake_quantize(left, low, high, low, high, 256)
        scale = operations.constant(numpy.full((SIDE, 1), 0.01, numpy.float32))
        right = operations.multiply(operations.convert(weights, numpy.float32), scale)
        product = operations.matmul(quantised, right, False, True)
    else:
        right = operations.constant(weights.astype(numpy.float32))
        product = operations.matmul(left, right, False, True)
    largest = operations.reduce_max(product, operations.constant(numpy.array([0, 1])), False)
    properties = {"NUM_STREAMS": 1, "INFERENCE_NUM_THREADS": usable_cores()}
    compiled = openvino.Core().compile_model(openvino.Model([largest], [left]), "CPU", properties)
    request = compiled.create_infer_request()
    request.set_input_tensor(openvino.Tensor(numpy.ones((SIDE, SIDE), numpy.float32)))
    request.infer()
    seconds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        request.infer()
        seconds.append(time.perf_counter() - started)
    return 2 * SIDE**3 / min(seconds)


def count_operations(folder: EmbedderFolder, lengths: Sequence[tuple[int, int]]) -> float:
    """Operations to embed texts of (tokens, tokens kept half-way), padding left out.

    A BERT layer multiplies each token with four matrices of width x width and two of width x inner,
    and with the keys and values of all tokens (Vaswani et al., 2017).
    """
    shape = json.loads((folder.source / "config.json").read_text())
    width, inner, layers = (
        shape[name] for name in ("hidden_size", "intermediate_size", "num_hidden_layers")
    )
    whole_layers = FULL_LAYERS if folder.droppable_tokens else layers
    total = 0.0
    for tokens, kept in lengths:
        for count, depth in ((tokens, whole_layers), (kept, layers - whole_layers)):
            matrices = 2 * (4 * width**2 + 2 * width * inner)
            total += depth * count * (matrices + 4 * count * width)
    return total
