"""The catalog holds documents whole or not at all, and its index follows its chunks."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.catalog import Catalog
from ingest.chunk import Chunk
from ingest.errors import LibraryError
from ingest.readers.content import LeftOut, Page, Place, Rectangle
from ingest.records import CitedPassage, ExemplarRecord, LedgerLine, NewDocument, SourceFile


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
        pages=(Page(1, "i", text),), chunks=(chunk,),
        ledger=(LedgerLine(1, "text layer", 5, 1, 3),),
    )  # fmt: skip


def matching(catalog: Catalog, word: str, documents: list[str] | None = None) -> list[str]:
    return [key for key, _ in catalog.match(word, "", top=10, documents=documents)]


def test_what_is_added_comes_back(catalog: Catalog) -> None:
    catalog.add(document("d", "Steam rises."))
    (record,) = catalog.documents()
    assert (record.id, record.name, record.pages, record.chunks) == ("d", "a.pdf", 1, 1)
    assert record.paths == (Path("/pdfs/a.pdf"),)
    assert catalog.page("d", 1) == Page(1, "i", "Steam rises.")
    assert catalog.page("d", 2) is None
    assert catalog.ledger("d") == [LedgerLine(1, "text layer", 5, 1, 3)]
    assert catalog.chunks(["d-0", "unknown"])["d-0"].page_label == "i"
    assert catalog.totals() == (1, 1, 1)


def test_how_a_page_was_read_comes_back(catalog: Catalog) -> None:
    place = Place(0, 5, Rectangle(1.5, 2.0, 3.0, 4.0))
    left_out = (LeftOut("hidden text", "Ignore all that."),)
    page = Page(1, "i", "Steam rises.", "OCR", left_out, (place,))
    line = LedgerLine(1, "OCR", 11, 1, 3, left_out)
    catalog.add(NewDocument(**{**vars(document("d", "Steam.")), "pages": (page,),
                               "ledger": (line,)}))  # fmt: skip
    assert catalog.page("d", 1) == page
    assert catalog.pages("d") == (page,)
    assert catalog.ledger("d") == [line]


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


def exemplar(id: str, *documents: str) -> ExemplarRecord:
    """An exemplar that cites these documents."""
    passages = tuple(CitedPassage(document, f"Text of {document}.") for document in documents)
    return ExemplarRecord(id, f"Question of {id}?", "It is so [1].", passages, 7.0)


def kept(catalog: Catalog) -> list[str]:
    return [exemplar.id for exemplar in catalog.exemplars()]


def test_an_exemplar_comes_back_and_can_be_taken_back(catalog: Catalog) -> None:
    catalog.add(document("d", "Steam."))
    catalog.add(document("e", "Coal.", file="b.pdf"))
    catalog.add_exemplar(exemplar("x", "e", "d"))
    catalog.add_exemplar(exemplar("x", "e", "d"))
    assert catalog.exemplars() == [exemplar("x", "e", "d")]
    assert catalog.holds_exemplar("x")
    catalog.remove_exemplar("x")
    catalog.remove_exemplar("x")
    assert catalog.exemplars() == []
    assert catalog.rows("SELECT * FROM exemplar_passages") == []


def test_an_exemplar_goes_with_any_document_that_it_cites(catalog: Catalog) -> None:
    catalog.add(document("d", "Steam."))
    catalog.add(document("e", "Coal.", file="b.pdf"))
    for id, cited in (("x", ("e", "d")), ("y", ("e",)), ("z", ("e",))):
        catalog.add_exemplar(exemplar(id, *cited))
    catalog.remove("d")
    assert kept(catalog) == ["y", "z"]
    catalog.add(document("f", "Ash.", file="b.pdf"))  # the file that held e
    assert kept(catalog) == []


def test_an_exemplar_of_a_document_that_is_not_there_is_refused(catalog: Catalog) -> None:
    catalog.add(document("d", "Steam."))
    with pytest.raises(LibraryError, match="no longer in the library"):
        catalog.add_exemplar(exemplar("x", "d", "gone"))
    assert kept(catalog) == []


def test_a_questions_vector_is_kept_for_the_embedder_that_made_it(catalog: Catalog) -> None:
    catalog.add(document("d", "Steam."))
    catalog.add_exemplar(exemplar("x", "d"))
    catalog.set_question_vector("x", "old", b"1234")
    catalog.set_question_vector("x", "new", b"5678")
    catalog.set_question_vector("none", "new", b"5678")
    assert catalog.question_vectors("new") == {"x": b"5678"}
    assert catalog.question_vectors("old") == {}


def make_format_3(path: Path) -> None:
    """Turn a catalog into one of format 3, which had neither names nor pieces."""
    triggers = ("file_added", "file_removed", "first_page_added", "chunk_pieces_added",
                "chunk_pieces_removed")  # fmt: skip
    with sqlite3.connect(path) as connection:
        for trigger in triggers:
            connection.execute(f"DROP TRIGGER {trigger}")
        for table in ("opinions", "exchange_documents", "exchanges", "conversations"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("DROP TABLE document_words")
        connection.execute("DROP TABLE piece_index")
        connection.execute("UPDATE facts SET value = '3' WHERE name = 'schema'")
    connection.close()


def test_a_library_of_the_third_format_learns_names_and_pieces(
    catalog: Catalog, tmp_path: Path
) -> None:
    catalog.add(document("d", "Steam 安全弁.", file="Acme_2018.pdf"))
    make_format_3(catalog.path)
    for _ in range(2):
        opened = Catalog(tmp_path)
        named = {word for word, _, _ in opened.named_by(["acme", "2018", "steam", "other"])}
        assert named == {"acme", "2018", "steam"}
        assert [key for key, _ in opened.match("", '"安全"', top=1, documents=None)] == ["d-0"]
        opened.close()


def make_format_2(path: Path) -> None:
    """Turn a catalog into one of format 2, which had no exemplars."""
    make_format_3(path)
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE exemplar_passages")
        connection.execute("DROP TABLE exemplars")
        connection.execute("UPDATE facts SET value = '2' WHERE name = 'schema'")
    connection.close()


def test_a_library_of_the_second_format_gets_the_tables_that_it_lacks(
    catalog: Catalog, tmp_path: Path
) -> None:
    catalog.add(document("d", "Steam."))
    make_format_2(catalog.path)
    for _ in range(2):
        opened = Catalog(tmp_path)
        opened.add_exemplar(exemplar("x", "d"))
        assert (kept(opened), matching(opened, "steam")) == (["x"], ["d-0"])
        opened.close()


def make_format_1(path: Path) -> None:
    """Turn a catalog into one of format 1, as the first version wrote it."""
    make_format_2(path)
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE pages DROP COLUMN method")
        connection.execute("ALTER TABLE pages DROP COLUMN places")
        connection.execute("ALTER TABLE ledger DROP COLUMN left_out")
        connection.execute("DROP INDEX chunks_by_fingerprint")
        connection.execute("ALTER TABLE chunks DROP COLUMN fingerprint")
        connection.execute("UPDATE ledger SET method = 'text'")
        connection.execute("UPDATE facts SET value = '1' WHERE name = 'schema'")
    connection.close()


def test_the_first_format_is_refused_with_the_way_out_and_can_be_upgraded(
    catalog: Catalog, tmp_path: Path
) -> None:
    catalog.add(document("d", "Steam."))
    make_format_1(catalog.path)
    with pytest.raises(LibraryError, match="citebound library rebuild"):
        Catalog(tmp_path)
    upgraded = Catalog(tmp_path, upgrade=True)
    assert upgraded.page("d", 1) == Page(1, "i", "Steam.")
    assert upgraded.ledger("d") == [LedgerLine(1, "text layer", 5, 1, 3)]
    assert upgraded.exemplars() == []
    upgraded.close()


def test_one_catalog_takes_over_another_in_one_step(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add(document("d", "Steam."))
    catalog.add_exemplar(exemplar("x", "d"))
    (added,) = [record.added for record in catalog.documents()]
    (tmp_path / "other").mkdir()
    other = Catalog(tmp_path / "other", create=True)
    other.add(document("d", "Hot steam."))
    other.add(document("e", "Coal.", file="b.pdf"))
    other.set_fact("embedder", "another")
    other.close()
    before = catalog.state()
    catalog.replace_with(tmp_path / "other", "vectors-1")
    assert [(record.id, record.added == added) for record in catalog.documents()] == [
        ("d", True), ("e", False),
    ]  # fmt: skip
    assert matching(catalog, "hot") == ["d-0"]
    assert catalog.fact("embedder") == "another"
    assert catalog.state().vectors == "vectors-1"
    assert catalog.exemplars() == [exemplar("x", "d")]
    assert catalog.state().generation > before.generation
    assert catalog.faults() == []


def test_a_catalog_that_is_scrubbed_holds_no_byte_of_what_went(catalog: Catalog) -> None:
    catalog.add(document("d", "Unmistakable steam."))
    catalog.add(document("e", "Coal.", file="b.pdf"))
    for id, cited in (("x", "d"), ("y", "e"), ("z", "e")):
        catalog.add_exemplar(exemplar(id, cited))
        catalog.set_question_vector(id, "embedder", b"vector of " + id.encode())
    catalog.begin_forgetting(["d"], exemplars=["z"])
    catalog.scrub()
    files = [path.read_bytes() for path in catalog.path.parent.iterdir()]
    traces = (
        b"nmistak",
        b"steam",
        b"Question of x",
        b"Question of z",
        b"Text of d",
        b"vector of z",
    )
    assert not any(trace in content for content in files for trace in traces)
    assert kept(catalog) == ["y"]
    assert any(b"Coal" in content for content in files)
    assert matching(catalog, "coal") == ["e-0"]
    assert catalog.faults() == []


def test_a_damaged_index_is_found(catalog: Catalog) -> None:
    catalog.add(document("d", "Steam."))
    catalog.run("UPDATE chunks SET text = 'Coal.'")
    assert [fault.partition(" (")[0] for fault in catalog.faults()] == [
        "the full-text index does not agree with the passages"
    ]
    catalog.run("DELETE FROM pages")
    assert "'T' has 0 of its 1 pages" in catalog.faults()
