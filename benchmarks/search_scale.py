"""How long a search takes as a library grows: made-up texts and vectors, real stores.

``python -m benchmarks.search_scale 1000 40000``: a library of so many chunks, and the 50th and 95th
percentile of 200 searches in it, with the memory that the process peaked at. Texts are sentences
put together from words of the handbook by how often they occur there, and vectors are random ones
around a thousand centres, as topics are.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy

from app.handbook import chapters
from ingest.chunk import Chunk
from ingest.embedder import Vectors
from ingest.library import Library
from ingest.readers.content import Page
from ingest.records import LedgerLine, NewDocument, SourceFile

CHUNKS_A_DOCUMENT = 100
DOCUMENTS_A_LOT = 50
WORDS_A_CHUNK = 120
RARE_WORDS = 50_000  # beside those of the handbook, as names and numbers are
CENTRES = 1000
SEARCHES = 200


class Maker:
    """Makes documents and their vectors, the same for the same seed."""

    def __init__(self, dimension: int) -> None:
        self.random = random.Random(1)
        self.numbers = numpy.random.default_rng(1)
        text = " ".join(section.text for chapter in chapters() for section in chapter.sections)
        counted = Counter(re.findall(r"[a-z]+", text.lower()))
        self.words, self.weights = list(counted), list(counted.values())
        self.centres = self.numbers.standard_normal((CENTRES, dimension)).astype(numpy.float32)

    def sentence(self, words: int) -> str:
        """Words by how often they occur, every tenth a rare one."""
        common = self.random.choices(self.words, self.weights, k=words)
        return " ".join(
            f"rare{self.random.randrange(RARE_WORDS)}" if self.random.random() < 0.1 else word
            for word in common
        )

    def document(self, number: int) -> NewDocument:
        """One document of one page."""
        texts = [self.sentence(WORDS_A_CHUNK) for _ in range(CHUNKS_A_DOCUMENT)]
        chunks = tuple(
            Chunk(
                id=f"{number}-{at}", ordinal=at, first_page=1, last_page=1, page_break=len(text),
                start=0, end=len(text), tokens=200, trail="", text=text, header="",
            )
            for at, text in enumerate(texts)
        )  # fmt: skip
        file = SourceFile(Path(f"/made-up/{number}.pdf"), f"{number}.pdf", 1, number)
        return NewDocument(
            id=f"document-{number}", title=self.sentence(4), reader="none", file=file,
            pages=(Page(1, "1", texts[0]),), chunks=chunks,
            ledger=(LedgerLine(1, "text layer", 1, len(chunks), 1),),
        )  # fmt: skip

    def vectors(self, count: int) -> Vectors:
        """Vectors of length one [count, dimension]."""
        near = self.centres[self.numbers.integers(0, CENTRES, count)]
        found = near + self.numbers.standard_normal(near.shape).astype(numpy.float32)
        vectors: Vectors = found / numpy.linalg.norm(found, axis=1, keepdims=True)
        return vectors


def fill(library: Library, maker: Maker, chunks: int) -> None:
    """Store so many chunks."""
    documents = chunks // CHUNKS_A_DOCUMENT
    with library.writing():
        for start in range(0, documents, DOCUMENTS_A_LOT):
            lot = [maker.document(n) for n in range(start, min(documents, start + DOCUMENTS_A_LOT))]
            library.store(lot, maker.vectors(len(lot) * CHUNKS_A_DOCUMENT))


def seconds_of_searches(library: Library, maker: Maker) -> Iterator[float]:
    """The time of each search, after one that is not counted."""
    library.search("a first one")
    for _ in range(SEARCHES):
        question = f"What is the {maker.sentence(8)}?"
        started = time.perf_counter()
        library.search(question)
        yield time.perf_counter() - started


def main() -> None:
    """Parse the command line, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("chunks", type=int, nargs="+")
    for chunks in parser.parse_args().chunks:
        with (
            tempfile.TemporaryDirectory() as folder,
            Library.open(Path(folder) / "library", create=True) as library,
        ):
            maker = Maker(library.embedder.identity.dimension)
            started = time.perf_counter()
            fill(library, maker, chunks)
            filled = time.perf_counter() - started
            times = sorted(seconds_of_searches(library, maker))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{chunks:9,} chunks: p50 {statistics.median(times) * 1000:.1f} ms, "
                f"p95 {times[int(0.95 * SEARCHES)] * 1000:.1f} ms; filled in {filled:.0f} s, "
                f"peak {peak:.0f} MB",
                flush=True,
            )


if __name__ == "__main__":
    main()
