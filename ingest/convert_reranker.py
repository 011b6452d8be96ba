"""A sentence-transformers CrossEncoder -> an OpenVINO graph from pairs of texts to logits.

Where the processor computes with 8-bit integers the graph is quantised, as that of an embedder is.
A graph is kept only if its scores are the model's own on pairs that were held back.

Run in a process of its own, since torch costs seconds and half a gigabyte:
``python -m ingest.convert_reranker MODEL_FOLDER OUTPUT_FOLDER``. Writes model.xml and model.bin,
tokenizer.json and reranker.json.
"""

from __future__ import annotations

import json
import logging
import shutil
import sys
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy
import openvino
import torch
from sentence_transformers import CrossEncoder

from ingest.convert_graph import (
    PROBE_EVERY,
    SAMPLE_EVERY,
    calibration_texts,
    computes_in_int8,
    convert_graph,
    quantise,
    stated_limit,
    write_tokenizer,
)
from ingest.reranker import OpenVinoReranker, Pair, RerankerFolder, graph_inputs

INPUTS = ("input_ids", "attention_mask", "token_type_ids")  # those that the model knows
ACTIVATIONS = {torch.nn.Sigmoid: True, torch.nn.Identity: False}  # whether it is a sigmoid
MOST_ERROR = 0.05  # root mean square, of the spread (standard deviation) of the model's scores


class PairModel(torch.nn.Module):
    """All modules of the model, from the tokens of pairs to logits."""

    def __init__(self, model: CrossEncoder) -> None:
        super().__init__()
        self.model = model

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        token_type_ids: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Token ids, mask and which text they are of [batch, tokens] -> logits [batch]."""
        features = {"input_ids": input_ids, "attention_mask": attention_mask}
        if token_type_ids is not None:
            features["token_type_ids"] = token_type_ids
        logits: torch.Tensor = self.model(features)["scores"]
        return logits.reshape(-1)


def convert(model_folder: Path, output_folder: Path) -> None:
    """Write the model's tokenizer, description and, where it converts faithfully, its graph."""
    model = CrossEncoder(str(model_folder), device="cpu", local_files_only=True)
    model.eval()
    if model.num_labels != 1:
        sys.exit(f"it gives {model.num_labels} scores for a pair, and a reranker gives one")
    output_folder.mkdir(parents=True)
    folder = RerankerFolder(
        path=output_folder,
        source=model_folder,
        max_tokens=stated_limit(model.max_seq_length),
        padding_id=write_tokenizer(model.tokenizer, output_folder),
        inputs=tuple(name for name in INPUTS if name in model.tokenizer.model_input_names),
        has_sigmoid=ACTIVATIONS.get(type(model.activation_fn), False),
        has_graph=False,
    )
    folder = replace(folder, has_graph=_write_graph(model, folder))
    description = {
        name: value for name, value in vars(folder).items() if name not in ("path", "source")
    }
    (output_folder / "reranker.json").write_text(json.dumps(description, indent=1))


def _write_graph(model: CrossEncoder, folder: RerankerFolder) -> bool:
    """Write the fastest graph that gives the model's own scores; False where none does."""
    if type(model.activation_fn) not in ACTIVATIONS:
        return False
    probes = _pairs(calibration_texts()[::PROBE_EVERY])
    expected = model.predict(probes, show_progress_bar=False)
    for graph in _graphs(model, folder):
        openvino.save_model(graph, folder.path / "model.xml", compress_to_fp16=True)
        found = OpenVinoReranker(folder).score(probes)
        if numpy.sqrt(((found - expected) ** 2).mean()) <= MOST_ERROR * expected.std():
            return True
        _remove_graph(folder.path)
    return False


def _remove_graph(folder: Path) -> None:
    """Not written over: what runs has its file mapped into memory."""
    for name in ("model.xml", "model.bin"):
        (folder / name).unlink()
    shutil.rmtree(folder / "compiled")


def _graphs(model: CrossEncoder, folder: RerankerFolder) -> Iterator[openvino.Model]:
    """The model as a graph, the fastest first; none where it does not convert."""
    try:
        graph = convert_graph(PairModel(model), folder.inputs)
    except Exception as error:  # noqa: BLE001 - any module may refuse to be traced, in any way
        print(f"does not convert: {error}", file=sys.stderr)  # noqa: T201
        return
    if computes_in_int8():
        tokenizer = folder.open_tokenizer()
        pairs = _pairs(calibration_texts()[1::SAMPLE_EVERY])
        samples = [graph_inputs(folder, tokenizer.encode([pair])) for pair in pairs]
        yield quantise(graph, samples)
    yield graph


def _pairs(texts: list[str]) -> list[Pair]:
    """The first sentence of each text as a question, with its own text and with the next."""
    return [
        (text.partition(". ")[0], passage)
        for text, following in zip(texts, [*texts[1:], texts[0]], strict=True)
        for passage in (text, following)
    ]


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")  # tracing warns about branches that never change here
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
