"""What may be uploaded, and that a name is never a path."""

from pathlib import Path

import pytest

from app.people.uploads import MEGABYTE, UploadError, Uploaders, check_upload
from ingest.library import Library
from ingest.pipeline import ingest_upload
from ingest.settings import settings_file


@pytest.mark.parametrize("name", ["notes.txt", "A.PDF", "../../etc/x.md"])
def test_what_can_be_read_may_be_uploaded(name: str) -> None:
    check_upload(name, 200 * MEGABYTE)


@pytest.mark.parametrize("name", ["run.sh", "pdf", ".pdf", "x.pdf.exe", "x.pdf ", ""])
def test_other_kinds_are_refused(name: str) -> None:
    with pytest.raises(UploadError, match="of a kind that cannot be read; upload PDF"):
        check_upload(name, 1)


def test_a_file_over_the_limit_of_settings_is_refused() -> None:
    settings_file().write_text("[page]\nupload_mb = 2\n")
    check_upload("notes.txt", 2 * MEGABYTE)
    with pytest.raises(UploadError, match="it has 2 MB and at most 2 are taken"):
        check_upload("notes.txt", 2 * MEGABYTE + 1)


def test_a_name_that_looks_like_a_path_writes_nothing_outside_the_library(tmp_path: Path) -> None:
    before = set(tmp_path.rglob("*"))
    with Library.open(tmp_path / "library", create=True) as library:
        ingest_upload("../../outside/evil.txt", b"The kiln of Rowan is hot.", library)
        (document,) = library.documents()
    assert document.name == "evil.txt"
    made = {path for path in tmp_path.rglob("*") if path not in before}
    assert all(path.is_relative_to(tmp_path / "library") for path in made)
    assert not list(tmp_path.parent.rglob("evil.txt"))


def test_the_newest_pages_are_remembered() -> None:
    uploaders = Uploaders()
    uploaders.allow("page", True)
    assert "page" in uploaders
    uploaders.allow("page", False)
    assert "page" not in uploaders
