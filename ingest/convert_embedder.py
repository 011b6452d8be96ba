"""A sentence-transformers model -> an OpenVINO graph with pooling and normalisation inside.

Where the processor computes with 8-bit integers the graph is quantised (NNCF, post-training, on the
texts of calibration.txt), which is nearly twice as fast; it is kept only if its vectors agree.
With ``--lean`` a second graph is written for documents, which drops the tokens that say least
half-way (``ingest.lean_tokens``); queries always go through the whole one.

Run in a process of its own, since torch costs seconds and half a gigabyte:
``python -m ingest.convert_embedder MODEL_FOLDER OUTPUT_FOLDER [--lean]``. Writes model.xml and
model.bin, with ``--lean`` documents.xml and documents.bin, tokenizer.json and embedder.json.
"""

from __future__ import annotations

import json
import logging
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy
import openvino
import torch
from sentence_transformers import SentenceTransformer

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
from ingest.embedder import Vectors
from ingest.lean_tokens import FULL_LAYERS, droppable_tokens, kept_positions

INPUTS = ("input_ids", "attention_mask")
LEAN_INPUTS = (*INPUTS, "kept_positions", "kept_mask")
MASKED = -1e9  # added to the attention to a token that is not there
LEAST_AGREEMENT = 0.999  # mean cosine between the graph's and the model's own vectors
LEAST_INT8_AGREEMENT = 0.99


class WholeModel(torch.nn.Module):
    """All modules of the model, from token ids to the sentence's vector."""

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Token ids and mask [batch, tokens] -> vectors [batch, dimension]."""
        features = {"input_ids": input_ids, "attention_mask": attention_mask}
        vector: torch.Tensor = self.model(features)["sentence_embedding"]
        return vector


class LeanModel(torch.nn.Module):
    """A BERT sentence-transformer whose later layers see only the tokens at kept positions."""

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        self.bert: Any = model[0].auto_model
        self.rest = torch.nn.Sequential(*list(model)[1:])  # pooling and normalisation

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        kept_positions: torch.Tensor,
        kept_mask: torch.Tensor,
    ) -> torch.Tensor:
        """Ids and mask [batch, tokens], positions and mask [batch, kept] -> [batch, dimension]."""
        hidden = self.bert.embeddings(input_ids)
        layers = list(self.bert.encoder.layer)
        hidden = _through(layers[:FULL_LAYERS], hidden, attention_mask)
        index = kept_positions[..., None].expand(-1, -1, hidden.shape[-1])
        hidden = _through(layers[FULL_LAYERS:], torch.gather(hidden, 1, index), kept_mask)
        features = {"token_embeddings": hidden, "attention_mask": kept_mask}
        vector: torch.Tensor = self.rest(features)["sentence_embedding"]
        return vector


def _through(layers: list[Any], hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    added = (1.0 - mask.to(hidden.dtype))[:, None, None, :] * MASKED
    for layer in layers:
        output = layer(hidden, added)
        hidden = output[0] if isinstance(output, tuple) else output
    return hidden


def convert(model_folder: Path, output_folder: Path, *, lean: bool = False) -> None:
    """Write the model's tokenizer, description and, where it converts faithfully, its graph.

    ``lean`` also writes the graph for documents; the model must be a BERT with WordPiece tokens.
    """
    model = SentenceTransformer(str(model_folder), device="cpu", local_files_only=True)
    model.eval()
    output_folder.mkdir(parents=True)
    graph = _faithful_graph(model)
    if graph is not None:
        openvino.save_model(graph, output_folder / "model.xml", compress_to_fp16=True)
    tokenizer: Any = model.tokenizer
    droppable = droppable_tokens(tokenizer.get_vocab()) if lean and graph is not None else []
    if droppable:
        lean_graph = _lean_graph(model, droppable)
        openvino.save_model(lean_graph, output_folder / "documents.xml", compress_to_fp16=True)
    padding_id = write_tokenizer(tokenizer, output_folder)
    description = {
        "dimension": model.get_embedding_dimension(),
        "max_tokens": stated_limit(model.max_seq_length),
        "padding_id": padding_id,
        "query_prompt": model.prompts.get("query") or "",
        "document_prompt": model.prompts.get("document") or "",
        "normalised": any(type(module).__name__ == "Normalize" for module in model),
        "has_graph": graph is not None,
        "droppable_tokens": droppable,
    }
    (output_folder / "embedder.json").write_text(json.dumps(description, indent=1))


def _lean_graph(model: SentenceTransformer, droppable: list[int]) -> openvino.Model:
    """The graph for documents, in the number type that the processor computes fastest with."""
    graph = convert_graph(LeanModel(model), LEAN_INPUTS)
    if not computes_in_int8():
        return graph
    is_droppable = numpy.zeros(len(model.tokenizer), bool)
    is_droppable[droppable] = True
    samples = []
    for text in calibration_texts()[1::SAMPLE_EVERY]:
        sample = _inputs(model, [text])
        positions = kept_positions(sample["input_ids"][0], is_droppable)[None, :]
        sample |= {"kept_positions": positions, "kept_mask": numpy.ones_like(positions)}
        samples.append(sample)
    return quantise(graph, samples)


def _faithful_graph(model: SentenceTransformer) -> openvino.Model | None:
    """The fastest graph that gives the model's own vectors, or None where none does."""
    texts = calibration_texts()
    probes = texts[::PROBE_EVERY]
    expected = model.encode(probes, prompt="", normalize_embeddings=True)
    try:
        graph = convert_graph(WholeModel(model), INPUTS)
    except Exception as error:  # noqa: BLE001 - any module may refuse to be traced, in any way
        print(f"does not convert: {error}", file=sys.stderr)  # noqa: T201
        return None
    if _agreement(model, graph, probes, expected) < LEAST_AGREEMENT:
        print("the graph's vectors are not the model's", file=sys.stderr)  # noqa: T201
        return None
    if computes_in_int8():
        samples = [_inputs(model, [text]) for text in texts[1::SAMPLE_EVERY]]
        quantised = quantise(graph, samples)
        if _agreement(model, quantised, probes, expected) >= LEAST_INT8_AGREEMENT:
            return quantised
    return graph


def _inputs(model: SentenceTransformer, texts: list[str]) -> dict[str, Any]:
    tokenizer: Any = model.tokenizer
    tokens = tokenizer(
        texts, padding=True, truncation=True, max_length=model.max_seq_length, return_tensors="np"
    )
    return {name: tokens[name].astype(numpy.int64) for name in INPUTS}


def _agreement(
    model: SentenceTransformer, graph: openvino.Model, probes: list[str], expected: Vectors
) -> float:
    """Mean cosine between the graph's vectors [n, dimension] and the expected unit vectors."""
    compiled = openvino.Core().compile_model(graph, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    found = compiled(_inputs(model, probes))[0]  # one batch, so that most are padded
    found = found / numpy.linalg.norm(found, axis=1, keepdims=True)
    return float((found * expected).sum(axis=1).mean())


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")  # tracing warns about branches that never change here
    convert(Path(sys.argv[1]), Path(sys.argv[2]), lean="--lean" in sys.argv[3:])
