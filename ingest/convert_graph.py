"""A torch module -> an OpenVINO graph, quantised where the processor computes with 8-bit integers.

Imports openvino's converter and is used with torch: in a process that converts a model, only.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openvino
import torch

EXAMPLE_SHAPE = (2, 16)  # any; both dimensions are made dynamic after tracing
NO_LIMIT = 1_000_000  # tokens, for models that state none
PROBE_EVERY = 6  # of the calibration texts; these are kept back to compare results on
SAMPLE_EVERY = 2  # of the calibration texts; these, the odd ones, set the ranges


def convert_graph(module: torch.nn.Module, inputs: tuple[str, ...]) -> openvino.Model:
    """The graph of a module whose named inputs are all whole numbers [batch, tokens]."""
    example = {name: torch.ones(EXAMPLE_SHAPE, dtype=torch.long) for name in inputs}
    with torch.no_grad():
        graph = openvino.convert_model(module, example_input=example)
    for node, name in zip(graph.inputs, inputs, strict=True):
        node.get_node().set_partial_shape(openvino.PartialShape([-1, -1]))
        node.get_tensor().set_names({name})
    graph.validate_nodes_and_infer_types()
    return graph


def computes_in_int8() -> bool:
    """Whether the processor has instructions for 8-bit integers."""
    return "INT8" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def quantise(graph: openvino.Model, samples: list[dict[str, Any]]) -> openvino.Model:
    """The graph in 8-bit integers, their ranges set by these inputs (NNCF, post-training)."""
    import nncf

    return nncf.quantize(
        graph,
        nncf.Dataset(samples),
        model_type=nncf.ModelType.TRANSFORMER,
        subset_size=len(samples),
    )


def calibration_texts() -> list[str]:
    """Texts of our own on many subjects, a paragraph each."""
    return (Path(__file__).parent / "calibration.txt").read_text("utf8").splitlines()


def stated_limit(tokens: int | None) -> int:
    """A model's limit of tokens; NO_LIMIT where it states none, or one that is none."""
    return int(tokens) if tokens and tokens < NO_LIMIT else NO_LIMIT


def write_tokenizer(tokenizer: object, folder: Path) -> int:
    """Write tokenizer.json, as the package tokenizers reads it; the id that pads is given back."""
    backend: Any = getattr(tokenizer, "backend_tokenizer", tokenizer)
    backend.save(str(folder / "tokenizer.json"))
    return getattr(tokenizer, "pad_token_id", None) or 0
