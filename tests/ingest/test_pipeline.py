"""An ingest makes the library equal to the folder, and no file can stop it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.library import Library
from ingest.pipeline import Progress, Summary, ingest_folder
from ingest.prepare import NOTHING_TO_EMBED
from ingest.readers.content import EMPTY
from ingest.readers.pdf import NO_PAGES, NO_TEXT
from ingest.readers.pdf_second_opinion import ENCRYPTED
from ingest.settings import IngestSettings
from ingest.upload import ingest_upload
from tests.pdfs import (
    write_broken,
    write_half_a_character,
    write_page_without_text,
    write_pdf,
    write_without_pages,
)

HERON = [["The grey heron waits in the reeds for a fish."]]
OTTER = [["An otter swims under the ice of the lake all winter long."]]


@pytest.fixture
def pdfs(tmp_path: Path) -> Path:
    """A folder with heron.pdf."""
    write_pdf(tmp_path / "pdfs" / "heron.pdf", HERON)
    return tmp_path / "pdfs"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", create=True) as opened:
        yield opened


@pytest.fixture
def ingested(pdfs: Path, library: Library) -> Library:
    """A library that holds heron.pdf."""
    ingest_folder(pdfs, library)
    return library


def counts(summary: Summary) -> dict[str, int]:
    """What a summary counts, without the zeros."""
    names = ("added", "updated", "unchanged", "duplicate", "moved", "removed", "pages", "chunks")
    found = {name: getattr(summary, name) for name in names}
    return {name: count for name, count in found.items() if count}


def found(library: Library, words: str) -> list[str]:
    """The documents that hold these words."""
    return [passage.document for passage in library.search(words, retriever="lexical")]


def stored(library: Library) -> int:
    """How many vectors there are, which must be as many as there are chunks."""
    vectors = library.current_vectors().count()
    assert vectors == library.catalog.totals()[2]
    assert library.catalog.unsettled() == []
    return vectors


def test_new_files_are_added(pdfs: Path, library: Library) -> None:
    write_pdf(pdfs / "below" / "otter.pdf", OTTER * 2)
    summary = ingest_folder(pdfs, library)
    assert counts(summary) == {"added": 2, "pages": 3, "chunks": 3}
    assert [document.name for document in library.documents()] == ["below/otter.pdf", "heron.pdf"]
    assert stored(library) == 3


def test_a_file_without_anything_to_embed_is_refused(tmp_path: Path, library: Library) -> None:
    (tmp_path / "zero.txt").write_text("\u200b\u200b", encoding="utf-8")
    (failure,) = ingest_folder(tmp_path, library).failures
    assert failure.reason == NOTHING_TO_EMBED
    assert stored(library) == 0


def test_a_second_ingest_does_nothing(pdfs: Path, ingested: Library) -> None:
    generation = ingested.catalog.generation()
    assert counts(ingest_folder(pdfs, ingested)) == {"unchanged": 1}
    assert ingested.catalog.generation() == generation


def test_a_touched_file_is_unchanged(pdfs: Path, ingested: Library) -> None:
    os.utime(pdfs / "heron.pdf", (1, 1))
    assert counts(ingest_folder(pdfs, ingested)) == {"unchanged": 1}


def test_a_changed_file_replaces_what_it_held(pdfs: Path, ingested: Library) -> None:
    write_pdf(pdfs / "heron.pdf", OTTER)
    assert counts(ingest_folder(pdfs, ingested)) == {"updated": 1, "pages": 1, "chunks": 1}
    assert found(ingested, "grey reeds fish") == []
    assert found(ingested, "otter") == ["heron.pdf"]
    assert stored(ingested) == 1


def test_a_changed_file_that_cannot_be_read_keeps_what_it_held(
    pdfs: Path, ingested: Library
) -> None:
    write_broken(pdfs / "heron.pdf")
    assert len(ingest_folder(pdfs, ingested).failures) == 1
    assert found(ingested, "heron") == ["heron.pdf"]


def test_a_moved_file_is_recognised(pdfs: Path, ingested: Library) -> None:
    (pdfs / "below").mkdir()
    (pdfs / "heron.pdf").rename(pdfs / "below" / "bird.pdf")
    assert counts(ingest_folder(pdfs, ingested)) == {"moved": 1}
    assert found(ingested, "heron") == ["below/bird.pdf"]
    assert ingested.documents()[0].paths == (pdfs.resolve() / "below" / "bird.pdf",)
    assert stored(ingested) == 1


def test_a_copy_is_counted_and_kept_once(pdfs: Path, ingested: Library) -> None:
    (pdfs / "copy.pdf").write_bytes((pdfs / "heron.pdf").read_bytes())
    assert counts(ingest_folder(pdfs, ingested)) == {"unchanged": 1, "duplicate": 1}
    assert len(ingested.documents()[0].paths) == 2
    assert stored(ingested) == 1
    (pdfs / "heron.pdf").unlink()
    ingest_folder(pdfs, ingested, prune=True)
    assert found(ingested, "heron") == ["copy.pdf"]


@pytest.mark.parametrize("second", ["a-new-one", "the-other"])
def test_files_may_take_each_others_names(pdfs: Path, library: Library, second: str) -> None:
    heron, other = pdfs / "heron.pdf", pdfs / "other.pdf"
    if second == "the-other":
        write_pdf(other, OTTER)
    ingest_folder(pdfs, library)
    heron.rename(pdfs / "kept")
    if second == "the-other":
        other.rename(heron)
    else:
        write_pdf(heron, OTTER)
    (pdfs / "kept").rename(other)
    ingest_folder(pdfs, library)
    assert found(library, "grey reeds") == ["other.pdf"]
    assert found(library, "otter swims") == ["heron.pdf"]
    assert stored(library) == 2


def test_a_file_that_is_gone_is_kept_until_pruned(pdfs: Path, ingested: Library) -> None:
    (pdfs / "heron.pdf").unlink()
    assert counts(ingest_folder(pdfs, ingested)) == {}
    assert found(ingested, "heron") == ["heron.pdf"]
    assert counts(ingest_folder(pdfs, ingested, prune=True)) == {"removed": 1}
    assert found(ingested, "heron") == []
    assert stored(ingested) == 0


def test_pruning_one_folder_leaves_the_others(ingested: Library, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert counts(ingest_folder(tmp_path / "empty", ingested, prune=True)) == {}
    assert found(ingested, "heron") == ["heron.pdf"]


BAD_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "broken.pdf": (write_broken, "damaged in a way"),
    "empty.pdf": (lambda path: path.write_bytes(b""), EMPTY),
    "locked.pdf": (lambda path: write_pdf(path, OTTER, password="open"), ENCRYPTED),  # noqa: S106
    "no-pages.pdf": (write_without_pages, NO_PAGES),
    "scan.pdf": (write_page_without_text, NO_TEXT),
}


def test_files_that_cannot_be_read_are_named_with_the_reason_and_the_rest_goes_in(
    pdfs: Path, library: Library
) -> None:
    for name, (write, _) in BAD_FILES.items():
        write(pdfs / name)
        (pdfs / f"copy-of-{name}").write_bytes((pdfs / name).read_bytes())
    summary = ingest_folder(pdfs, library)
    assert summary.added == 1
    reasons = {failure.path.name: failure.reason for failure in summary.failures}
    assert len(summary.failures) == len(reasons) == 2 * len(BAD_FILES)
    for name, (_, reason) in BAD_FILES.items():
        assert reason in reasons[name]
        assert reason in reasons[f"copy-of-{name}"]
    assert found(library, "heron") == ["heron.pdf"]
    assert stored(library) == 1


def test_a_title_that_cannot_be_decoded_does_not_stop_the_run(pdfs: Path, library: Library) -> None:
    write_half_a_character(pdfs / "half.pdf", place="title")
    ingest_folder(pdfs, library)
    assert found(library, "grey heron") == ["heron.pdf"]


def test_a_worker_that_dies_costs_its_file_only(pdfs: Path, library: Library) -> None:
    write_pdf(pdfs / "dies.pdf", [["Plan Z\u00a0. Next."]])  # the sentence splitter may panic
    ingest_folder(pdfs, library)
    assert found(library, "grey heron") == ["heron.pdf"]


def test_a_file_name_that_is_no_unicode_costs_its_file_only(pdfs: Path, library: Library) -> None:
    write_pdf(pdfs / "x.pdf", OTTER).rename(os.fsdecode(os.fsencode(pdfs) + b"/caf\xe9.pdf"))
    ingest_folder(pdfs, library)
    assert found(library, "heron") == ["heron.pdf"]


def test_a_long_title_with_a_small_chunk_size_is_taken_in(pdfs: Path, tmp_path: Path) -> None:
    write_pdf(pdfs / "heron.pdf", HERON, title="A treatise on boilers of every kind, " * 5)
    settings = IngestSettings(chunk_tokens=32, seconds_per_page=3)
    with Library.open(tmp_path / "library", settings=settings, create=True) as library:
        assert ingest_folder(pdfs, library).added == 1


def test_progress_ends_with_all_files_and_pages(pdfs: Path, library: Library) -> None:
    write_pdf(pdfs / "otter.pdf", OTTER * 3)
    write_broken(pdfs / "broken.pdf")
    seen: list[Progress] = []
    ingest_folder(pdfs, library, on_progress=seen.append)
    assert (seen[-1].files, seen[-1].total_files) == (3, 3)
    assert seen[-1].pages == pytest.approx(4)
    assert seen[-1].seconds_left == 0.0


# Uploads


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("My report.pdf", "My report.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\a\b.pdf", "b.pdf"),
        ("birds/grey/heron.pdf", "birds/grey/heron.pdf"),
        ("/etc/a.pdf", "a.pdf"),
    ],
)
def test_an_upload_is_kept_under_its_name_and_below_the_library(
    pdfs: Path, library: Library, name: str, shown: str
) -> None:
    summary = ingest_upload(name, (pdfs / "heron.pdf").read_bytes(), library)
    assert counts(summary) == {"added": 1, "pages": 1, "chunks": 1}
    (document,) = library.documents()
    assert document.name == shown
    assert all(path.is_relative_to(library.sources_folder) for path in document.paths)
    with library.writing():
        library.remove(document.id)
    assert list(library.sources_folder.rglob("*.pdf")) == []


def test_a_second_upload_of_the_same_file_changes_nothing(pdfs: Path, ingested: Library) -> None:
    summary = ingest_upload("again.pdf", (pdfs / "heron.pdf").read_bytes(), ingested)
    assert counts(summary) == {"unchanged": 1}


def test_an_upload_that_cannot_be_read_leaves_nothing(library: Library) -> None:
    (failure,) = ingest_upload("a.pdf", b"%PDF-1.4 nothing", library).failures
    assert "damaged" in failure.reason
    assert list(library.sources_folder.rglob("*.pdf")) == []
    assert library.documents() == []


def test_an_upload_without_a_title_is_titled_by_its_name(pdfs: Path, library: Library) -> None:
    ingest_upload("My report.pdf", (pdfs / "heron.pdf").read_bytes(), library)
    assert library.documents()[0].title == "My report"
