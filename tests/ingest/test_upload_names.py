"""What an upload's name and size may be; a name is never a path."""

from pathlib import Path

import pytest

from ingest.library import Library
from ingest.upload import fault_of, ingest_upload


@pytest.mark.parametrize("name", ["notes.txt", "A.PDF", "../../etc/x.md"])
def test_what_can_be_read_may_be_uploaded(name: str) -> None:
    assert fault_of(name, 200 * 2**20, largest_mb=200) is None


@pytest.mark.parametrize("name", ["run.sh", "pdf", ".pdf", "x.pdf.exe", "x.pdf ", ""])
def test_other_kinds_are_refused(name: str) -> None:
    assert "of a kind that cannot be read" in (fault_of(name, 1, largest_mb=200) or "")


def test_a_file_over_the_limit_is_refused() -> None:
    assert "it has over 2 MB" in (fault_of("notes.txt", 2 * 2**20 + 1, largest_mb=2) or "")


def test_a_name_that_looks_like_a_path_writes_nothing_outside_the_library(tmp_path: Path) -> None:
    before = set(tmp_path.rglob("*"))
    with Library.open(tmp_path / "library", create=True) as library:
        ingest_upload("../../outside/evil.txt", b"The kiln of Rowan is hot.", library)
        (document,) = library.documents()
    assert document.name == "evil.txt"
    made = {path for path in tmp_path.rglob("*") if path not in before}
    assert all(path.is_relative_to(tmp_path / "library") for path in made)
    assert not list(tmp_path.parent.rglob("evil.txt"))
