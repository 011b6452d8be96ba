"""A library made anew holds the same documents, with the embedder and the settings of now."""

import threading
from pathlib import Path

import pytest

from ingest.errors import LibraryError
from ingest.library import Library
from ingest.pipeline import ingest_folder
from ingest.rebuild import rebuild
from ingest.records import CitedPassage, ExemplarRecord
from ingest.settings import IngestSettings, load_settings
from ingest.similar_questions import rank_exemplars
from ingest.upload import ingest_upload
from ingest.verify import verify
from tests.conftest import write_small_pdfs
from tests.ingest.test_catalog import make_format_1
from tests.ingest.tiny_models import make_static_model
from tests.pdfs import write_pdf

pytestmark = pytest.mark.slow

VALVE = "At how many bar does the safety valve open?"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a closed library of the small PDFs and one upload."""
    write_small_pdfs(tmp_path / "pdfs")
    upload = write_pdf(tmp_path / "upload.pdf", [["Uploaded: the ferry leaves at noon."]])
    with Library.open(tmp_path / "library", create=True) as library:
        ingest_folder(tmp_path / "pdfs", library)
        ingest_upload("upload.pdf", upload.read_bytes(), library)
    return tmp_path / "library"


def contents(folder: Path) -> list[tuple[object, ...]]:
    """All that a rebuild keeps of a library."""
    with Library.open(folder) as library:
        return [
            (d.id, d.name, d.title, d.added, d.paths, library.catalog.pages(d.id),
             library.catalog.trails(d.id), library.catalog.ledger(d.id))
            for d in library.documents()
        ]  # fmt: skip


def settings() -> IngestSettings:
    return load_settings(IngestSettings)


def test_a_library_made_anew_is_the_same(folder: Path) -> None:
    before = contents(folder)
    done = rebuild(folder, settings())
    assert (done.from_files, done.from_stored_text) == (5, 0)
    assert contents(folder) == before
    with Library.open(folder) as library:
        assert verify(library).problems == ()
        assert library.search(VALVE)[0].document == "boiler.pdf"
    assert sorted(path.name.partition("-")[0] for path in folder.iterdir()) == [
        "catalog.sqlite", "sources", "vectors", "writer.lock",
    ]  # fmt: skip


def test_documents_whose_files_are_gone_or_changed_come_from_the_stored_text(
    folder: Path, tmp_path: Path
) -> None:
    before = contents(folder)
    (tmp_path / "pdfs" / "boiler.pdf").unlink()
    write_pdf(tmp_path / "pdfs" / "tides.pdf", [["Another text."]])
    done = rebuild(folder, settings())
    assert (done.from_files, done.from_stored_text) == (3, 2)
    assert contents(folder) == before
    with Library.open(folder) as library:
        assert verify(library).problems == ()
        assert library.search(VALVE)[0].trail == "The firebox > Valves"
        assert ingest_folder(tmp_path / "pdfs", library).updated == 1


def test_a_library_of_the_first_format_is_made_anew(folder: Path) -> None:
    make_format_1(folder / "catalog.sqlite")
    with pytest.raises(LibraryError, match="citebound library rebuild"):
        Library.open(folder)
    rebuild(folder, settings())
    with Library.open(folder) as library:
        assert verify(library).problems == ()


def test_damaged_vectors_are_made_anew(folder: Path) -> None:
    (folder / "vectors" / "chroma.sqlite3").write_bytes(b"no database " * 500)
    rebuild(folder, settings())
    with Library.open(folder) as library:
        assert verify(library).problems == ()
        assert library.search(VALVE, retriever="dense")[0].document == "boiler.pdf"


def test_another_embedder_is_refused_until_the_library_is_made_anew(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library.open(folder) as held_open:
        assert held_open.search(VALVE)
        monkeypatch.setenv("CITEBOUND_EMBEDDER", str(make_static_model(tmp_path / "static")))
        with pytest.raises(LibraryError, match=r"another embedder.*citebound library rebuild"):
            Library.open(folder)
        rebuild(folder, settings())
        with Library.open(folder) as library:
            assert verify(library).problems == ()
            assert library.embedder.identity.dimension == 16
        with pytest.raises(LibraryError, match="another embedder"):
            held_open.search(VALVE)


def test_answers_that_were_kept_stay_and_are_found_with_another_embedder(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library.open(folder) as library:
        passage = library.search(VALVE)[0]
        cited = (CitedPassage(passage.document_id, passage.text),)
        for id, question in (("v", VALVE), ("b", "How long does bread rest?"), ("t", "Tides?")):
            library.catalog.add_exemplar(ExemplarRecord(id, question, "So [1].", cited, 1.0))
        before = library.catalog.exemplars()
        assert rank_exemplars("When does the valve open?", library)[0].id == "v"
    monkeypatch.setenv("CITEBOUND_EMBEDDER", str(make_static_model(tmp_path / "static")))
    rebuild(folder, settings())
    with Library.open(folder) as library:
        assert library.catalog.exemplars() == before
        assert rank_exemplars(VALVE, library)[0].id == "v"
        (sizes,) = zip(*library.catalog.rows("SELECT length(vector) FROM exemplars"), strict=True)
        assert set(sizes) == {16 * 4}


def test_a_rebuild_finishes_a_forget_that_was_cut_short(folder: Path) -> None:
    with Library.open(folder) as library:
        library.catalog.begin_forgetting([library.find_document("tides").id])
    rebuild(folder, settings())
    with Library.open(folder) as library:
        assert verify(library).problems == ()
        assert library.search(VALVE, retriever="dense")[0].document == "boiler.pdf"
        assert len(library.documents()) == 4
    assert not any(b"Saint-Malo" in p.read_bytes() for p in folder.rglob("*") if p.is_file())


def test_a_rebuild_that_fails_leaves_the_library_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(folder)
    monkeypatch.setenv("CITEBOUND_EMBEDDER", str(folder / "no-such-model"))
    with pytest.raises(Exception, match="no-such-model"):
        rebuild(folder, settings())
    monkeypatch.delenv("CITEBOUND_EMBEDDER")
    assert contents(folder) == before
    (folder / "vectors-77").mkdir()
    (folder / "rebuild").mkdir(exist_ok=True)
    with Library.open(folder) as library, library.writing():
        assert not (folder / "vectors-77").exists()
        assert not (folder / "rebuild").exists()


def test_searches_go_on_while_a_library_is_made_anew(folder: Path) -> None:
    found: list[str] = []
    stop = threading.Event()
    with Library.open(folder) as library:
        searching = threading.Thread(target=lambda: _search(library, found, stop))
        searching.start()
        for _ in range(2):
            rebuild(folder, settings())
        stop.set()
        searching.join()
    assert len(found) > 2
    assert set(found) == {"boiler.pdf"}


def _search(library: Library, found: list[str], stop: threading.Event) -> None:
    while not stop.is_set():
        for retriever in ("dense", "lexical"):
            found.append(library.search(VALVE, top=1, retriever=retriever)[0].document)


def test_there_must_be_a_library(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="There is no library"):
        rebuild(tmp_path / "nowhere", settings())
    assert list(tmp_path.iterdir()) == []
