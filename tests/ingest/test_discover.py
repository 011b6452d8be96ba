"""A look at a folder tells which files are new, changed, copied, moved, gone or as they were."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from ingest.discover import Discovery, discover, find_files
from ingest.errors import CiteboundError
from ingest.records import KnownFile

Known = dict[Path, KnownFile]


def put(path: Path, content: str) -> str:
    """Write a file; returns the hash of its content. Finding files looks at no PDF's inside."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return sha256(content.encode()).hexdigest()


def knowledge_of(found: Discovery) -> Known:
    """What a catalog knows once everything that was found is in it."""
    files = [*found.to_read, *found.copies, *found.touched]
    return {file.path: KnownFile(digest, file.size, file.modified) for file, digest in files}


@pytest.fixture
def known(tmp_path: Path) -> Known:
    """A folder ``pdfs`` with a.pdf and below/b.pdf, and the knowledge of both."""
    put(tmp_path / "pdfs" / "a.pdf", "content of a")
    put(tmp_path / "pdfs" / "below" / "b.pdf", "content of b")
    return knowledge_of(discover(tmp_path / "pdfs", {}))


@pytest.fixture
def pdfs(tmp_path: Path, known: Known) -> Path:  # noqa: ARG001
    return (tmp_path / "pdfs").resolve()


def test_new_files_are_to_be_read_under_the_hash_of_their_content(tmp_path: Path) -> None:
    digest = put(tmp_path / "below" / "A.PDF", "x")
    ((file, found),) = discover(tmp_path, {}).to_read
    assert (file.name, found) == ("below/A.PDF", digest)


def test_an_unchanged_folder_has_nothing_to_read(pdfs: Path, known: Known) -> None:
    found = discover(pdfs, known)
    assert [file.name for file in found.unchanged] == ["a.pdf", "below/b.pdf"]
    assert (found.to_read, found.gone, found.touched, found.moved, found.copies) == ([],) * 5


def test_a_file_with_a_new_time_and_the_same_content_is_touched(pdfs: Path, known: Known) -> None:
    os.utime(pdfs / "a.pdf", (1, 1))
    assert [file.name for file, _ in discover(pdfs, known).touched] == ["a.pdf"]


def test_a_changed_file_is_to_be_read(pdfs: Path, known: Known) -> None:
    digest = put(pdfs / "a.pdf", "other content")
    assert [(file.name, key) for file, key in discover(pdfs, known).to_read] == [("a.pdf", digest)]


def test_a_file_that_went_elsewhere_has_moved(pdfs: Path, known: Known) -> None:
    (pdfs / "a.pdf").rename(pdfs / "below" / "c.pdf")
    found = discover(pdfs, known)
    assert [(file.name, before.name) for file, before, _ in found.moved] == [
        ("below/c.pdf", "a.pdf")
    ]
    assert found.gone == []


def test_a_second_file_of_known_content_is_a_copy(pdfs: Path, known: Known) -> None:
    put(pdfs / "copy.pdf", "content of a")
    assert [file.name for file, _ in discover(pdfs, known).copies] == ["copy.pdf"]


def test_of_two_new_files_with_one_content_one_is_read(tmp_path: Path) -> None:
    put(tmp_path / "a.pdf", "same")
    put(tmp_path / "b.pdf", "same")
    found = discover(tmp_path, {})
    assert [file.name for file, _ in found.to_read] == ["a.pdf"]
    assert [file.name for file, _ in found.copies_to_come] == ["b.pdf"]


def test_a_file_that_is_not_there_any_more_is_gone(pdfs: Path, known: Known) -> None:
    (pdfs / "a.pdf").unlink()
    assert discover(pdfs, known).gone == [pdfs / "a.pdf"]


def test_files_of_other_folders_are_not_gone(pdfs: Path, known: Known) -> None:
    assert discover(pdfs / "below", known).gone == []


def test_hidden_files_other_endings_and_linked_folders_are_left_out(tmp_path: Path) -> None:
    for name in ("good.pdf", ".hidden.pdf", ".git/x.pdf", "notes.rst", "pdf", "folder.pdf/in.pdf"):
        put(tmp_path / name, "x")
    (tmp_path / "link").symlink_to(tmp_path, target_is_directory=True)
    names = [path.relative_to(tmp_path).as_posix() for path in find_files(tmp_path)]
    assert names == ["good.pdf", "folder.pdf/in.pdf"]


def test_a_link_to_nowhere_is_a_failure_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").symlink_to(tmp_path / "nowhere")
    assert discover(tmp_path, {}).failures == [
        (tmp_path.resolve() / "a.pdf", "it cannot be read (No such file or directory)")
    ]


@pytest.mark.parametrize(("name", "complaint"), [("a.pdf", "is a file"), ("b", "does not exist")])
def test_what_is_no_folder_is_refused(tmp_path: Path, name: str, complaint: str) -> None:
    put(tmp_path / "a.pdf", "x")
    with pytest.raises(CiteboundError, match=complaint):
        discover(tmp_path / name, {})
