"""The catalog holds documents whole or not at all, and its index follows its chunks."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.catalog import Catalog
from ingest.chunk import Chunk
from ingest.errors import LibraryError
from ingest.readers.content import Page
from ingest.records import LedgerLine, NewDocument, SourceFile


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(tmp_path, create=True)
    yield opened
    opened.close()


def source_file(name: str) -> SourceFile:
    return SourceFile(Path("/pdfs") / name, name, size=10, modified=1)


def document(key: str, text: str, *, file: str = "a.pdf") -> NewDocument:
    """A document of one page and one chunk."""
    chunk = Chunk(
        id=f"{key}-0", ordinal=0, first_page=1, last_page=1, page_break=len(text), start=0,
        end=len(text), trail="", text=text, header="T", tokens=3,
    )  # fmt: skip
    return NewDocument(
        id=key, title="T", reader="pdfium", file=source_file(file),
        pages=(Page(1, "i", text),), chunks=(chunk,), ledger=(LedgerLine(1, "text", 5, 1, 3),),
    )  # fmt: skip


def matching(catalog: Catalog, word: str, documents: list[str] | None = None) -> list[str]:
    return [key for key, _ in catalog.match(word, top=10, documents=documents)]


def test_what_is_added_comes_back(catalog: Catalog) -> None:
    catalog.add(document("d", "Steam rises."))
    (record,) = catalog.documents()
    assert (record.id, record.name, record.pages, record.chunks) == ("d", "a.pdf", 1, 1)
    assert record.paths == (Path("/pdfs/a.pdf"),)
    assert catalog.page("d", 1) == Page(1, "i", "Steam rises.")
    assert catalog.page("d", 2) is None
    assert catalog.ledger("d") == [LedgerLine(1, "text", 5, 1, 3)]
    assert catalog.chunks(["d-0", "unknown"])["d-0"].page_label == "i"
    assert catalog.totals() == (1, 1, 1)


@pytest.mark.parametrize("word", ["steam", "STEAM", "rise", "rising", "cafe"])
def test_words_match_without_case_endings_and_accents(catalog: Catalog, word: str) -> None:
    catalog.add(document("d", "Steam rises in the café."))
    assert matching(catalog, word) == ["d-0"]


def test_a_match_can_be_held_to_some_documents(catalog: Catalog) -> None:
    catalog.add(document("d", "Steam.", file="a.pdf"))
    catalog.add(document("e", "Steam.", file="b.pdf"))
    assert matching(catalog, "steam", ["e"]) == ["e-0"]
    assert matching(catalog, "steam", []) == []


def test_a_file_that_holds_another_document_takes_the_old_one_away(catalog: Catalog) -> None:
    catalog.add(document("d", "Steam."))
    assert catalog.add(document("e", "Coal.")) == ["d"]
    assert matching(catalog, "steam") == []
    assert matching(catalog, "coal") == ["e-0"]
    assert catalog.unsettled() == ["d"]


def test_a_document_stays_while_any_file_holds_it(catalog: Catalog) -> None:
    catalog.add(document("d", "Steam."))
    assert catalog.point_files([(source_file("b.pdf"), "d")]) == []
    assert catalog.point_files([], dropped=[Path("/pdfs/a.pdf")]) == []
    assert catalog.holds("d")
    assert catalog.point_files([], dropped=[Path("/pdfs/b.pdf")]) == ["d"]
    assert not catalog.holds("d")


def test_a_document_that_cannot_be_added_whole_leaves_nothing(catalog: Catalog) -> None:
    good = document("d", "Steam.")
    twice = NewDocument(**{**vars(good), "chunks": good.chunks * 2})
    generation = catalog.generation()
    with pytest.raises(Exception, match="UNIQUE"):
        catalog.add(twice)
    assert catalog.totals() == (0, 0, 0)
    assert matching(catalog, "steam") == []
    assert catalog.generation() == generation
    catalog.add(good)
    assert catalog.holds("d")


def test_every_change_moves_the_generation(catalog: Catalog) -> None:
    seen = [catalog.generation()]
    for change in (
        lambda: catalog.add(document("d", "Steam.")),
        lambda: catalog.point_files([(source_file("b.pdf"), "d")]),
        lambda: catalog.point_files([], dropped=[Path("/pdfs/b.pdf")]),
        lambda: catalog.remove("d"),
    ):
        change()
        seen.append(catalog.generation())
    assert seen == sorted(set(seen))


def test_more_chunks_than_one_query_takes_come_back(catalog: Catalog) -> None:
    catalog.add(document("d", "Steam."))
    assert list(catalog.chunks([f"x{number}" for number in range(5000)] + ["d-0"])) == ["d-0"]


def test_threads_may_read_and_write_at_once(catalog: Catalog) -> None:
    errors: list[Exception] = []

    def work(key: str) -> None:
        try:
            for number in range(10):
                catalog.add(
                    document(f"{key}{number}", f"Steam{key}{number}.", file=f"{key}{number}.pdf")
                )
                assert matching(catalog, f"steam{key}{number}") == [f"{key}{number}-0"]
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            errors.append(error)

    threads = [threading.Thread(target=work, args=(key,)) for key in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert catalog.totals() == (40, 40, 40)


def test_a_catalog_is_not_made_unless_asked(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="make one with: ingest FOLDER"):
        Catalog(tmp_path, create=False)
    assert list(tmp_path.iterdir()) == []
