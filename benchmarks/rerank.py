"""How long reranking takes: the graph beside sentence-transformers, in turn, on the same pairs.

``python -m benchmarks.rerank [--reranker MODEL]``: the median of seven searches' worth of fifty
passages of 200 tokens each. Without a model of your own it is one of MiniLM-L6's size: the default
embedder with a head of random weights, whose scores mean nothing.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import ingest
from ingest.embedder_cache import prepare_embedder
from ingest.graphs import usable_cores
from ingest.reranker import (
    OpenVinoReranker,
    Pair,
    Reranker,
    SentenceTransformersReranker,
)
from ingest.reranker_cache import prepare_reranker
from ingest.settings import IngestSettings

RUNS = 7
PASSAGES = 50
TOKENS = 200
QUESTION = "How does a boiler make steam, and what opens when the pressure is too high?"


def make_model(folder: Path) -> Path:
    """The default embedder's weights under a head that gives one score."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    torch.manual_seed(0)
    source = str(prepare_embedder(IngestSettings()).source)
    model = AutoModelForSequenceClassification.from_pretrained(source, num_labels=1)
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(source).save_pretrained(folder)
    return folder


def make_pairs() -> list[Pair]:
    """A question with passages of about TOKENS tokens, each another part of the same texts."""
    texts = (Path(ingest.__file__).parent / "calibration.txt").read_text("utf8")
    tokenizer = prepare_embedder(IngestSettings()).open_tokenizer()
    spans = tokenizer.token_spans(texts)
    starts = range(0, PASSAGES * TOKENS, TOKENS)
    return [(QUESTION, texts[spans[at][0] : spans[at + TOKENS - 1][1]]) for at in starts]


def seconds_of(reranker: Reranker, pairs: list[Pair]) -> float:
    """Wall time of one search's reranking."""
    started = time.perf_counter()
    reranker.score(pairs)
    return time.perf_counter() - started


def main() -> None:
    """Parse the command line, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reranker")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        folder = prepare_reranker(options.reranker or str(make_model(Path(work) / "MiniLM-size")))
        if not folder.has_graph:
            parser.exit(1, "This model does not convert: both sides would be the same.\n")
        graph, library = OpenVinoReranker(folder), SentenceTransformersReranker(folder)
    pairs = make_pairs()
    print(
        f"the scores differ by {abs(graph.score(pairs) - library.score(pairs)).max():.4f} at most"
    )
    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(seconds_of(graph, pairs))
        theirs.append(seconds_of(library, pairs))
    mine, other = statistics.median(ours), statistics.median(theirs)
    print(f"{PASSAGES} passages of {TOKENS} tokens on {usable_cores()} cores")
    print(f"graph {mine * 1000:.0f} ms, sentence-transformers {other * 1000:.0f} ms")
    print(f"ratio of the medians {other / mine:.2f}")


if __name__ == "__main__":
    main()
