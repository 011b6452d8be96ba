"""A library is searched by meaning and by words, and its two stores never show a disagreement."""

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy
import pytest

from ingest.errors import LibraryError
from ingest.library import Library
from ingest.pipeline import ingest_folder
from ingest.searcher import RETRIEVERS
from ingest.vectors import VectorStore
from tests.conftest import ROOT, SmallLibrary
from tests.pdfs import write_pdf

VALVE = "At how many bar does the safety valve open?"


@pytest.fixture
def pdfs(tmp_path: Path) -> Path:
    """A folder with one PDF about a heron."""
    write_pdf(tmp_path / "pdfs" / "heron.pdf", [["The grey heron waits in the reeds for a fish."]])
    return tmp_path / "pdfs"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library of the test's own."""
    with Library.open(tmp_path / "library", create=True) as opened:
        yield opened


def names(library: Library, question: str, **options: str) -> list[str]:
    """The documents that a search finds by words or meaning, best first."""
    return [passage.document for passage in library.search(question, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize("retriever", RETRIEVERS)
@pytest.mark.parametrize(
    ("question", "document", "page"),
    [
        (VALVE, "boiler.pdf", 3),
        ("How hot must the oven be for a loaf?", "kitchen/bread.pdf", 2),
        ("How many metres does the harbour of Saint-Malo rise?", "tides.pdf", 1),
    ],
)
def test_every_retriever_finds_the_page_that_answers(
    small_library: SmallLibrary, retriever: str, question: str, document: str, page: int
) -> None:
    best = small_library.library.search(question, top=1, retriever=retriever)[0]
    assert (best.document, best.page) == (document, page)


def test_a_passage_says_where_it_is_from_and_how_it_was_found(small_library: SmallLibrary) -> None:
    best = small_library.library.search(VALVE, top=3)[0]
    assert (best.title, best.trail, best.page_label) == (
        "Boiler handbook", "The firebox > Valves", "2",
    )  # fmt: skip
    assert (best.dense_rank, best.lexical_rank) == (1, 1)
    assert best.score == pytest.approx(1.0)
    assert best.similarity is not None
    assert 0.3 < best.similarity < 1.0
    page = small_library.library.page(best.document_id, best.page)
    assert page is not None
    assert best.text in page.text


def test_what_one_retriever_finds_has_no_rank_of_the_other(
    small_library: SmallLibrary,
) -> None:
    (dense, *_) = small_library.library.search(VALVE, retriever="dense")
    (lexical, *_) = small_library.library.search(VALVE, retriever="lexical")
    assert dense.lexical_rank is None
    assert (lexical.dense_rank, lexical.similarity) == (None, None)


def test_passages_come_best_first_and_no_more_than_asked(small_library: SmallLibrary) -> None:
    found = small_library.library.search("boiler", top=4)
    scores = [passage.score for passage in found]
    assert len(found) == 4
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("retriever", RETRIEVERS)
def test_a_search_can_be_held_to_some_documents(
    small_library: SmallLibrary, retriever: str
) -> None:
    library = small_library.library
    tides = library.find_document("tides.pdf").id
    found = library.search(f"{VALVE} harbour", documents=[tides], retriever=retriever)
    assert {passage.document for passage in found} == {"tides.pdf"}
    assert library.search(VALVE, documents=["no such id"], retriever=retriever) == []


def test_a_search_held_to_no_document_finds_nothing(small_library: SmallLibrary) -> None:
    assert small_library.library.search(VALVE, documents=[]) == []


@pytest.mark.parametrize(
    "question",
    [
        "", " \n\t", "\0", "valve\0open", '"', "'", '"" OR ""', "valve AND (NOT", "NEAR(valve, 3)",
        "title: valve", "valve*", "^valve - + : {}", "'; DROP TABLE chunks; --", "?", "²",
        "² valve", "🙂", "🙂 valve", "安全阀", "\u200b\ufffe\uffff", "the of and", "x" * 100_000,
        " ".join(f"word{number}" for number in range(10_000)), "valve " * 10_000,
    ],
    ids=lambda question: ascii(question)[:24],
)  # fmt: skip
@pytest.mark.parametrize("retriever", RETRIEVERS)
def test_no_question_is_an_error(
    small_library: SmallLibrary, question: str, retriever: str
) -> None:
    found = small_library.library.search(question, retriever=retriever)
    if "valve" in question:
        assert any(passage.document == "boiler.pdf" for passage in found)


def test_half_a_character_in_a_question_is_no_error(small_library: SmallLibrary) -> None:
    assert names(small_library.library, "\ud800 safety valve")[0] == "boiler.pdf"


def test_an_empty_library_finds_nothing(library: Library) -> None:
    assert library.search(VALVE) == []
    assert library.documents() == []


def test_threads_may_search_at_once(small_library: SmallLibrary) -> None:
    errors: list[Exception] = []

    def search() -> None:
        for _ in range(40):
            try:
                small_library.library.search(VALVE, top=1)
            except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
                errors.append(error)

    threads = [threading.Thread(target=search) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


@pytest.mark.parametrize(
    "name", ["kitchen/bread.pdf", "bread.pdf", "bread", "Bread at home", "the path", "the id"]
)
def test_a_document_is_found_by_any_of_its_names(small_library: SmallLibrary, name: str) -> None:
    library = small_library.library
    bread = next(item for item in library.documents() if item.name == "kitchen/bread.pdf")
    name = {"the path": str(bread.paths[0]), "the id": bread.id[:12]}.get(name, name)
    assert library.find_document(name) == bread


def test_a_name_of_no_document_is_refused(small_library: SmallLibrary) -> None:
    with pytest.raises(LibraryError, match="No document 'nothing'"):
        small_library.library.find_document("nothing")


def test_a_name_of_two_documents_is_refused_with_both(library: Library, tmp_path: Path) -> None:
    for place in ("a", "b"):
        write_pdf(tmp_path / "pdfs" / place / "same.pdf", [[f"This one lies in {place}."]])
    ingest_folder(tmp_path / "pdfs", library)
    with pytest.raises(LibraryError, match=r"a/same\.pdf, .*b/same\.pdf"):
        library.find_document("same.pdf")


def test_every_page_has_a_line_in_the_ledger(library: Library, tmp_path: Path) -> None:
    write_pdf(tmp_path / "pdfs" / "a.pdf", [["One two."], [], ["Three."]])
    ingest_folder(tmp_path / "pdfs", library)
    (document,) = library.documents()
    lines = library.catalog.ledger(document.id)
    assert [(line.page, line.method, line.characters, line.chunks) for line in lines] == [
        (1, "text layer", 7, 1), (2, "none", 0, 0), (3, "text layer", 6, 1),
    ]  # fmt: skip
    assert [line.tokens > 0 for line in lines] == [True, False, True]


def test_a_removed_document_leaves_nothing_behind(library: Library, pdfs: Path) -> None:
    ingest_folder(pdfs, library)
    (document,) = library.documents()
    with library.writing():
        library.remove(document.id)
    assert library.search("grey heron") == []
    assert library.catalog.totals() == (0, 0, 0)
    assert library.catalog.match("heron", "", top=5, documents=None) == []
    assert library.catalog.unsettled() == []
    assert VectorStore(library.folder / "vectors").count() == 0


# Crashes


def test_vectors_without_a_catalog_entry_are_not_seen_and_go_at_the_next_ingest(
    library: Library, pdfs: Path
) -> None:
    ingest_folder(pdfs, library)
    store = library.current_vectors()
    library.catalog.mark_unsettled(["half"])
    store.upsert(["orphan"], ["half"], library.embedder.embed_query("grey heron")[None])
    assert store.count() == 2
    assert names(library, "grey heron") == ["heron.pdf"]
    ingest_folder(pdfs, library)
    assert store.ids("half") == set()
    assert library.catalog.unsettled() == []
    assert names(library, "grey heron") == ["heron.pdf"]


def test_a_crash_between_the_stores_is_repaired_by_the_next_ingest(
    library: Library, pdfs: Path
) -> None:
    with sqlite3.connect(library.catalog.path) as connection:  # the disk fills up, say
        connection.execute(
            "CREATE TRIGGER crash BEFORE INSERT ON documents BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    connection.close()
    with pytest.raises(sqlite3.IntegrityError, match="full"):
        ingest_folder(pdfs, library)
    assert (library.documents(), library.search("grey heron")) == ([], [])
    assert len(library.catalog.unsettled()) == 1
    assert VectorStore(library.folder / "vectors").count() == 1
    with sqlite3.connect(library.catalog.path) as connection:
        connection.execute("DROP TRIGGER crash")
    connection.close()
    assert ingest_folder(pdfs, library).added == 1
    assert names(library, "grey heron") == ["heron.pdf"]
    assert library.catalog.unsettled() == []
    assert VectorStore(library.folder / "vectors").count() == 1


def test_a_crash_before_the_vectors_of_a_removed_document_went_is_repaired(
    library: Library, pdfs: Path
) -> None:
    ingest_folder(pdfs, library)
    (document,) = library.documents()
    library.catalog.remove(document.id)
    assert library.search("grey heron") == []
    with library.writing():
        pass
    assert library.current_vectors().count() == 0
    assert library.catalog.unsettled() == []


# Several at once


def test_a_second_writer_is_refused(library: Library, pdfs: Path) -> None:
    with (
        Library.open(library.folder) as second,
        library.writing(),
        pytest.raises(LibraryError, match="is being written to by process"),
    ):
        ingest_folder(pdfs, second)
    assert ingest_folder(pdfs, library).added == 1


def test_a_library_held_open_sees_what_another_process_does(library: Library, pdfs: Path) -> None:
    assert library.search("grey heron") == []
    ingest_elsewhere(pdfs, library.folder)
    assert names(library, "Which bird stands in the reeds?", retriever="dense") == ["heron.pdf"]
    write_pdf(pdfs / "heron.pdf", [["An otter swims under the ice."]])
    ingest_elsewhere(pdfs, library.folder)
    assert "otter" in library.search("Which animal swims?", retriever="dense")[0].text
    assert len(library.search("heron")) == 1


def ingest_elsewhere(pdfs: Path, folder: Path) -> None:
    """Run the command line in a process of its own."""
    command = [sys.executable, "-m", "ingest", str(pdfs), "--library", str(folder)]
    subprocess.run(command, check=True, cwd=ROOT, env=os.environ, capture_output=True, timeout=120)


# What cannot be opened


def test_a_library_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match=r"There is no library at .*nowhere"):
        Library.open(tmp_path / "nowhere")


@pytest.mark.parametrize("create", [True, False])
def test_a_file_in_place_of_the_library_is_refused(tmp_path: Path, create: bool) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LibraryError):
        Library.open(tmp_path / "file", create=create)


@pytest.mark.parametrize("content", [b"", b"not a database " * 100])
def test_a_damaged_catalog_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(content)
    with pytest.raises(LibraryError):
        Library.open(tmp_path)


def test_a_library_of_another_format_is_refused(library: Library) -> None:
    library.catalog.set_fact("schema", "0")
    with pytest.raises(LibraryError, match="has format 0 and this program reads format"):
        Library.open(library.folder)


def test_damaged_vectors_are_named_with_what_to_do(library: Library) -> None:
    library.current_vectors()
    library.close()
    (library.folder / "vectors" / "chroma.sqlite3").write_bytes(b"not a database " * 300)
    with (
        Library.open(library.folder) as again,
        pytest.raises(LibraryError, match="citebound library rebuild"),
    ):
        again._vectors = VectorStore(library.folder / "vectors")


def test_more_vectors_than_one_call_takes_are_stored(tmp_path: Path) -> None:
    store = VectorStore(tmp_path)
    vectors = numpy.random.default_rng(0).normal(size=(6000, 4)).astype(numpy.float32)
    store.upsert([f"{row}" for row in range(6000)], ["d"] * 6000, vectors)
    store.upsert(["0"], ["d"], vectors[:1])
    assert store.count() == 6000
    assert store.nearest(vectors[7], top=1, documents=["d"])[0][0] == "7"
    store.remove("d")
    assert store.count() == 0
