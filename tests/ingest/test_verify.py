"""A check finds what is wrong between the stores, inside them, and with the sources."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy
import pytest

from ingest.library import Library
from ingest.pipeline import ingest_folder
from ingest.vectors import VectorStore
from ingest.verify import verify
from tests.pdfs import write_pdf


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library of three documents of one page."""
    for name in ("heron", "otter", "adder"):
        write_pdf(tmp_path / "pdfs" / f"{name}.pdf", [[f"The {name} sleeps by the water."]])
    with Library.open(tmp_path / "library", create=True) as opened:
        ingest_folder(tmp_path / "pdfs", opened)
        yield opened


def test_a_whole_library_has_no_problems(library: Library) -> None:
    found = verify(library)
    assert (found.documents, found.pages, found.chunks, found.vectors) == (3, 3, 3, 3)
    assert (found.problems, found.writer) == ((), None)
    assert found.count("same") == 3


def test_sources_that_changed_or_went_are_reported_and_are_no_problem(
    library: Library, tmp_path: Path
) -> None:
    write_pdf(tmp_path / "pdfs" / "otter.pdf", [["Another text."]])
    (tmp_path / "pdfs" / "heron.pdf").unlink()
    (tmp_path / "pdfs" / "adder.pdf").touch()
    found = verify(library)
    assert {path.name: state for path, state in found.sources.items()} == {
        "adder.pdf": "same", "heron.pdf": "missing", "otter.pdf": "changed",
    }  # fmt: skip
    assert found.problems == ()


def test_a_lost_vector_is_found(library: Library) -> None:
    library.current_vectors().remove(library.find_document("heron").id)
    assert verify(library).problems == ("heron.pdf lacks 1 vector",)


def test_a_vector_of_no_passage_is_found(library: Library) -> None:
    vector = library.embedder.embed_query("heron")[None]
    library.current_vectors().upsert(["orphan"], ["nobody"], vector)
    assert verify(library).problems == ("1 vector without a passage",)


def test_what_a_killed_writer_left_is_named_as_such_until_it_is_repaired(library: Library) -> None:
    vector = library.embedder.embed_query("heron")[None]
    library.catalog.mark_unsettled(["half"])
    library.current_vectors().upsert(["orphan"], ["half"], vector)
    (problem,) = verify(library).problems
    assert "the next ingest, remove or forget repairs that" in problem
    with library.writing():
        library.catalog.mark_unsettled(["half"])
        assert verify(library).writer is not None
    assert verify(library).problems == ()


def test_a_vector_that_is_no_direction_is_found(library: Library) -> None:
    heron = library.find_document("heron").id
    (key,) = library.current_vectors().ids(heron)
    zero = numpy.zeros((1, library.embedder.identity.dimension), numpy.float32)
    library.current_vectors().upsert([key], [heron], zero)
    assert verify(library).problems != ()


def test_a_damaged_folder_of_vectors_is_a_problem_with_a_way_out(library: Library) -> None:
    folder = library.folder
    library.current_vectors().close()
    library.close()
    (folder / "vectors" / "chroma.sqlite3").write_bytes(b"no database " * 500)
    with Library.open(folder) as again:
        assert "citebound library rebuild" in verify(again).problems[0]


@pytest.mark.slow
def test_everything_is_read_part_by_part_and_nothing_twice(tmp_path: Path) -> None:
    vectors = numpy.random.default_rng(0).normal(size=(10_000, 384)).astype(numpy.float32)
    store = VectorStore(tmp_path / "vectors")
    ids = [str(row) for row in range(10_000)]
    store.upsert(ids, ["d"] * 10_000, vectors)
    parts = [part.ids for part in store.everything()]
    assert len(parts) > 1
    assert sorted(id for part in parts for id in part) == sorted(ids)
    shutil.rmtree(tmp_path / "vectors")
