"""The chunks of a page are known by the characters and by the rectangles that are theirs."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.chunk_places import chunk_rectangles
from ingest.library import Library
from ingest.pipeline import ingest_folder
from ingest.settings import IngestSettings
from tests.pdfs import write_pdf, write_running_sentence
from tests.scans import write_scan

SAME = "Nothing was caught on this day, and the boats came home empty in the evening."


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    settings = IngestSettings(chunk_tokens=40)
    with Library.open(tmp_path / "library", settings=settings, create=True) as opened:
        yield opened


def test_every_character_of_a_page_is_in_one_chunk(tmp_path: Path, library: Library) -> None:
    write_running_sentence(tmp_path / "docs" / "firing.pdf")
    ingest_folder(tmp_path / "docs", library)
    (document,) = library.documents()
    seen: list[int] = []
    for page in library.catalog.pages(document.id):
        chunks = library.catalog.chunks_on_page(document.id, page.number)
        covered = " ".join(page.text[chunk.start : chunk.end] for chunk in chunks)
        assert covered.split() == page.text.split()
        for chunk in chunks:
            part = page.text[chunk.start : chunk.end].strip()
            assert part in chunk.text
            assert (len(part) < len(chunk.text.strip())) == (chunk.begins_before or chunk.goes_on)
        seen += [chunk.number for chunk in chunks]
    assert set(seen) == set(range(1, document.chunks + 1))
    assert len(seen) == document.chunks + 1  # one runs over the page's end
    assert library.catalog.chunks_on_page(document.id, 3) == []


def test_chunks_that_say_the_same_stand_one_below_the_other(
    tmp_path: Path, library: Library
) -> None:
    path = write_pdf(tmp_path / "docs" / "days.pdf", [[SAME] * 8])
    ingest_folder(tmp_path / "docs", library)
    (document,) = library.documents()
    page = library.page(document.id, 1)
    assert page
    chunks = library.catalog.chunks_on_page(document.id, 1)
    found = chunk_rectangles(path, page, chunks)
    assert len(chunks) >= 3
    assert sum(map(len, found)) == 8
    for above, below in pairwise(found):
        assert min(one.bottom for one in above) >= max(one.top for one in below) - 1


def test_a_chunk_that_ocr_has_read_stands_where_it_was_read(
    tmp_path: Path, library: Library
) -> None:
    path = write_scan(tmp_path / "docs" / "scan.pdf", [["A note of the third of May.", SAME]])
    ingest_folder(tmp_path / "docs", library)
    (document,) = library.documents()
    page = library.page(document.id, 1)
    assert page and page.method == "OCR"
    found = chunk_rectangles(path, page, library.catalog.chunks_on_page(document.id, 1))
    assert all(found)
    assert sum(map(len, found)) == len(page.places)
