"""A document that a file changes into another appears in the step in which the other goes."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest.library import Library
from ingest.pipeline import ingest_folder
from ingest.searcher import RETRIEVERS
from tests.conftest import ROOT
from tests.pdfs import write_pdf

pytestmark = pytest.mark.slow

SWAPS = 12
SEARCHING = """
import sys
from ingest.library import Library
with Library.open(sys.argv[1]) as library:
    print("ready", flush=True)
    while not sys.stdin.closed:
        for retriever in sys.argv[2:]:
            found = library.search("Which bird waits in the reeds?", retriever=retriever)
            print(retriever, *sorted({passage.text.split()[1] for passage in found}), flush=True)
"""


def test_a_search_sees_the_old_or_the_new_never_both_and_never_neither(tmp_path: Path) -> None:
    file = tmp_path / "pdfs" / "bird.pdf"
    texts = {
        name: [[f"The {name} is a bird and waits in the reeds of pond {page}."] for page in pages]
        for name, pages in {"heron": range(9), "bittern": range(7)}.items()
    }
    write_pdf(file, texts["heron"])
    seen: dict[str, list[str]] = {retriever: [] for retriever in RETRIEVERS}
    with Library.open(tmp_path / "library", create=True) as library:
        ingest_folder(tmp_path / "pdfs", library)
        reader = subprocess.Popen(
            [sys.executable, "-c", SEARCHING, str(library.folder), *RETRIEVERS],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        for number in range(SWAPS):
            write_pdf(file, texts[("bittern", "heron")[number % 2]])
            assert ingest_folder(tmp_path / "pdfs", library).updated == 1
            time.sleep(0.2)
        reader.kill()
        for line in reader.communicate()[0].splitlines()[:-1]:  # the last may be cut off
            retriever, *birds = line.split()
            seen[retriever].append(" ".join(birds))
    for retriever in RETRIEVERS:
        assert set(seen[retriever]) == {"heron", "bittern"}, retriever
