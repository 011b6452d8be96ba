"""The trained reader -> the OpenVINO graph that the program ships, in 8-bit integers.

``python -m training.export_reader WORK`` reads WORK/passages.pt and writes app/reading/reader.xml
and reader.bin, then tells how much 8-bit integers change.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy
import openvino
import torch
from torch import Tensor

from app.reading.reader import GRAPH, pair_tokenizer
from ingest.convert_graph import SAMPLE_EVERY, calibration_texts, convert_graph, quantise
from ingest.embedder_cache import bundled_model
from ingest.graphs import padded
from training.network import ReaderNetwork

INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class SpanReader(torch.nn.Module):
    """What the program asks of the network: where an answer stands."""

    def __init__(self, network: ReaderNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """The logits of start and end at each token [batch, tokens, 2]."""
        spans: Tensor = self.network(input_ids, attention_mask, token_type_ids)[0]
        return spans


def main() -> None:
    """Convert, quantise and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    work = parser.parse_args().work
    network = ReaderNetwork(bundled_model())
    network.load_state_dict(torch.load(work / "passages.pt")["network"])
    network.eval()
    graph = convert_graph(SpanReader(network), INPUTS)
    tokenizer = pair_tokenizer()
    samples = []
    for text in calibration_texts()[1::SAMPLE_EVERY]:
        (encoding,) = tokenizer.encode([(text.partition(". ")[0], text)])
        ids, mask = padded([encoding.ids], 0)
        types, _ = padded([encoding.type_ids], 0)
        samples.append(dict(zip(INPUTS, (ids, mask, types), strict=True)))
    exact = openvino.Core().compile_model(graph, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    quantised = quantise(graph, samples)
    openvino.save_model(quantised, GRAPH, compress_to_fp16=True)
    coarse = openvino.Core().compile_model(GRAPH, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    pairs = [(exact(sample)[0][0, :, 0], coarse(sample)[0][0, :, 0]) for sample in samples]
    same = numpy.mean([ours.argmax() == theirs.argmax() for ours, theirs in pairs])
    print(f"32-bit and 8-bit numbers have an answer start at the same token in {same:.3f}")


if __name__ == "__main__":
    main()
