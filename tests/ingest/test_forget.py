"""What is forgotten is nowhere in the library's folder, and what is left works as before."""

from collections.abc import Iterator
from pathlib import Path

import numpy
import pytest

from ingest.errors import LibraryError
from ingest.forget import forget
from ingest.library import Library
from ingest.pipeline import ingest_folder
from ingest.records import CitedPassage, ExemplarRecord
from ingest.similar_questions import rank_exemplars
from ingest.upload import ingest_upload
from ingest.vectors import VectorStore
from ingest.verify import verify
from tests.pdfs import write_pdf

SECRET = "The password of the old lighthouse is marzipan."  # noqa: S105
OPENINGS = 10
KEPT = "The grey heron waits in the reeds for a fish."


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library of a secret, that was uploaded, and of a heron; a page of both is the same."""
    secret = write_pdf(tmp_path / "secret.pdf", [[SECRET], ["This page is in both of them."]])
    write_pdf(tmp_path / "pdfs" / "heron.pdf", [[KEPT], ["This page is in both of them."]])
    with Library.open(tmp_path / "library", create=True) as opened:
        ingest_folder(tmp_path / "pdfs", opened)
        ingest_upload("secret.pdf", secret.read_bytes(), opened)
        yield opened


def files_with(folder: Path, *traces: bytes) -> list[str]:
    """The files of a folder that hold any of these bytes."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if any(trace in path.read_bytes() for trace in traces)]


def traces_of(library: Library, key: str) -> list[bytes]:
    """Words that only the secret has, also as stems, and pieces of its first page's vector."""
    vectors = [
        vector
        for part in library.current_vectors().everything()
        for document, vector in zip(part.documents, part.vectors, strict=True)
        if document == key
    ]
    assert len(vectors) == 2
    pieces = [vectors[0][start : start + 2].tobytes() for start in range(0, 300, 2)]
    return [b"lighthouse", b"lighthous", b"marzipan", b"secret.pdf", *pieces]


def test_nothing_of_a_forgotten_document_is_left(library: Library) -> None:
    secret = library.find_document("secret.pdf")
    traces = traces_of(library, secret.id)
    assert set(files_with(library.folder, *traces)) >= {"catalog.sqlite-wal", "chroma.sqlite3"}
    with library.writing():
        done = forget(library, [secret])
        assert files_with(library.folder, *traces) == []
    assert done.places_before > 3
    assert done.places_after == 0
    assert list(library.sources_folder.iterdir()) == []
    assert library.catalog.chunks_with(["lighthous", "marzipan", "heron"]).keys() == {"heron"}
    assert [p.document for p in library.search("password marzipan")] == ["heron.pdf"] * 2
    assert verify(library).problems == ()


def test_a_library_that_another_holds_open_goes_on(library: Library) -> None:
    with Library.open(library.folder) as other:
        assert other.search("marzipan")[0].document == "secret.pdf"
        with library.writing():
            forget(library, [library.find_document("secret.pdf")])
        assert {p.document for p in other.search("marzipan")} == {"heron.pdf"}
        assert other.search("heron", retriever="dense")[0].document == "heron.pdf"


def test_a_forget_that_was_cut_short_is_finished_by_the_next_writer(library: Library) -> None:
    secret = library.find_document("secret.pdf")
    traces = traces_of(library, secret.id)
    library.catalog.begin_forgetting([secret.id])
    assert files_with(library.folder, *traces)
    assert "marzipan" not in " ".join(p.text for p in library.search("marzipan"))
    with library.writing():
        assert files_with(library.folder, *traces) == []
    assert verify(library).problems == ()


def test_a_reader_that_keeps_an_old_state_open_is_named_and_the_next_writer_ends_it(
    library: Library,
) -> None:
    secret = library.find_document("secret.pdf")
    with Library.open(library.folder) as other:
        library.catalog.run("PRAGMA busy_timeout = 100")
        with other.catalog.snapshot():
            other.catalog.totals()
            with pytest.raises(LibraryError, match="keeps reading"), library.writing():
                forget(library, [secret])
        with library.writing():
            assert files_with(library.folder, b"marzipan") == []


@pytest.mark.parametrize("stays", [5, 0])
def test_what_memory_has_held_is_not_written_down(tmp_path: Path, stays: int) -> None:
    draw = numpy.random.default_rng(1)
    secret = (draw.choice([-1.0, 1.0], 256) / 16).astype(numpy.float32)  # exactly one long
    vectors = numpy.tile(secret, (300, 1))
    vectors[:5] = draw.normal(size=(5, 256))
    ids = [str(row) for row in range(300)]
    store = VectorStore(tmp_path / "vectors")
    store.upsert(ids, ids, vectors)
    for _ in range(OPENINGS):  # each leaves an index behind in memory that is used again
        store.reopen()
        store.nearest(secret, top=1, documents=None)
    copy = tmp_path / "vectors-1"
    store.copy_to(copy, {key: key for key in ids[:stays]})
    VectorStore(copy).upsert(ids[stays:5], ids[stays:5], vectors[stays:5])
    traces = [secret[start : start + 16].tobytes() for start in range(0, 256, 16)]
    for _ in range(OPENINGS):
        assert files_with(copy, *traces) == []
        store = VectorStore(copy)
        assert store.nearest(vectors[3], top=1, documents=None)[0][0] == "3"
    assert store.count() == 5


def test_what_other_documents_hold_too_is_no_trace(library: Library) -> None:
    both = numpy.concatenate([p.vectors for p in library.current_vectors().everything()])
    assert len(both) == 4
    with library.writing():
        assert forget(library, [library.find_document("heron.pdf")]).places_after == 0
    assert files_with(library.folder, b"This page is in both of them.") == ["catalog.sqlite"]
    assert library.search("marzipan")[0].document == "secret.pdf"


def exemplar(library: Library, name: str, question: str, answer: str) -> ExemplarRecord:
    """An answer that was kept, with the first passage of a document."""
    passage = library.read_document(library.find_document(name).id)[0]
    cited = (CitedPassage(passage.document_id, passage.text),)
    made = ExemplarRecord(f"id-of-{question}", question, answer, cited, 1.0)
    library.catalog.add_exemplar(made)
    return made


def test_answers_that_tell_of_a_forgotten_document_go_with_it(library: Library) -> None:
    exemplar(library, "secret.pdf", "What opens the tower?", "Almond paste opens the tower [1].")
    exemplar(library, "heron.pdf", "What is odd?", f"{SECRET.removesuffix('.')} [1]. It is odd.")
    exemplar(library, "heron.pdf", f"{SECRET} Who then waits?", "A fish of the reeds waits [1].")
    stays = exemplar(library, "heron.pdf", "Who waits?", f"{KEPT.removesuffix('.')} [1].")
    assert len(rank_exemplars("Who?", library)) == 4
    vectors = library.catalog.rows("SELECT vector FROM exemplars WHERE id <> ?", stays.id)
    traces = [b"Almond paste", b"opens the tower", b"It is odd", b"A fish", b"password of"]
    traces += [vector[start : start + 8] for (vector,) in vectors for start in range(0, 1500, 8)]
    assert "catalog.sqlite-wal" in files_with(library.folder, *traces)
    with library.writing():
        forget(library, [library.find_document("secret.pdf")])
    assert not [name for name in files_with(library.folder, *traces) if "catalog" in name]
    assert library.catalog.exemplars() == [stays]


def test_what_an_answer_cites_from_another_document_is_no_reason_to_forget_it(
    library: Library,
) -> None:
    both = "This page is in both of them."
    page = library.read_document(library.find_document("heron.pdf").id)[1]
    cited = (CitedPassage(page.document_id, page.text),)
    stays = ExemplarRecord("x", "Where is it?", f"{both} [1]", cited, 1.0)
    library.catalog.add_exemplar(stays)
    with library.writing():
        forget(library, [library.find_document("secret.pdf")])
    assert library.catalog.exemplars() == [stays]


def test_answers_that_cite_a_removed_document_go_with_it(library: Library) -> None:
    exemplar(library, "secret.pdf", "What opens the tower?", "Almond paste opens the tower [1].")
    stays = exemplar(library, "heron.pdf", "Who waits?", f"{KEPT.removesuffix('.')} [1].")
    with library.writing():
        library.remove(library.find_document("secret.pdf").id)
    assert library.catalog.exemplars() == [stays]
