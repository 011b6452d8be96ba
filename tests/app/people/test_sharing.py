"""A library is for whom it is shared with, and for admins."""

import stat
from pathlib import Path

import pytest

from app.people.person import OWNER, PeopleError, Person
from app.people.sharing import SHARED_FILE, may_see, share, shared_with, unshare

ADA, BOB = Person("ada", admin=True), Person("bob", admin=False)


def test_a_library_is_seen_by_admins_and_whom_it_is_shared_with(tmp_path: Path) -> None:
    assert may_see(OWNER, tmp_path)
    assert may_see(ADA, tmp_path)
    assert not may_see(BOB, tmp_path)
    share(tmp_path, ["eve", "bob", "bob"])
    assert may_see(BOB, tmp_path)
    assert shared_with(tmp_path) == ("bob", "eve")
    assert stat.S_IMODE((tmp_path / SHARED_FILE).stat().st_mode) == 0o600
    unshare(tmp_path, ["bob", "nobody"])
    assert not may_see(BOB, tmp_path)
    assert shared_with(tmp_path) == ("eve",)


def test_sharing_one_library_shares_no_other(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    share(tmp_path / "one", ["bob"])
    assert not may_see(BOB, tmp_path / "two")


@pytest.mark.parametrize("text", ["people = 3", "people = [1]", "persons = []", "people = ["])
def test_where_it_cannot_be_told_nobody_but_an_admin_sees_it(
    tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / SHARED_FILE).write_text(text)
    (tmp_path / SHARED_FILE).chmod(0o600)
    with pytest.raises(PeopleError, match="is not valid"):
        share(tmp_path, ["bob"])
    assert not may_see(BOB, tmp_path)
    assert f"{tmp_path / SHARED_FILE} is not valid" in caplog.text
    assert may_see(ADA, tmp_path)


def test_a_library_that_is_not_there_cannot_be_shared(tmp_path: Path) -> None:
    with pytest.raises(PeopleError, match="There is no library at"):
        share(tmp_path / "none", ["bob"])
    assert not (tmp_path / "none").exists()
    assert not may_see(BOB, tmp_path / "none")
