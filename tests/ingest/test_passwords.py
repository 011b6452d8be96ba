"""Encrypted files open with a password that is given, and no password is ever kept or shown."""

import pickle
from pathlib import Path

import pytest

from ingest.errors import SettingsError
from ingest.library import Library
from ingest.lock import current_holder, held_lock
from ingest.passwords import environment_passwords, read_passwords
from ingest.pipeline import ingest_folder
from ingest.prepare import PrepareOrder
from ingest.readers.content import ReadOrder
from ingest.readers.pdf_second_opinion import ENCRYPTED, WRONG_PASSWORD
from ingest.records import SourceFile
from ingest.upload import ingest_upload
from tests.ingest.test_cli import run_ingest
from tests.pdfs import write_pdf

SECRET = "Kittiwake-7731"  # noqa: S105
WRONG = "Fulmar-4410"
TEXT = "The north tower holds the spare lamp."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one encrypted PDF."""
    write_pdf(tmp_path / "docs" / "locked.pdf", [[TEXT]], password=SECRET)
    return tmp_path / "docs"


@pytest.fixture
def passwords_file(tmp_path: Path) -> Path:
    path = tmp_path / "passwords"
    path.write_text(f"{WRONG}\n\n{SECRET}\n")
    return path


def everything_below(folder: Path) -> bytes:
    """All bytes of all files, names included."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return b"".join(str(path).encode() + path.read_bytes() for path in files)


def test_a_password_of_the_command_line_opens_a_file_and_is_not_kept(
    folder: Path, tmp_path: Path
) -> None:
    done = run_ingest(
        folder, "--password", WRONG, "--password", SECRET, "--report", tmp_path / "report.json"
    )
    assert "1 added" in done.stdout
    kept = everything_below(tmp_path / "home") + (tmp_path / "report.json").read_bytes()
    for password in (SECRET, WRONG):
        assert password.encode() not in kept
        assert password not in done.stdout + done.stderr


@pytest.mark.parametrize("option", [["--password", SECRET], [f"--password={SECRET}"]])
def test_a_password_is_not_in_the_note_of_who_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: list[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["bin/ingest", "docs", *option, "--prune"])
    with held_lock(tmp_path):
        assert SECRET.encode() not in everything_below(tmp_path)
        assert (current_holder(tmp_path) or "").endswith(": ingest docs")


@pytest.mark.parametrize("way", ["option", "variable", "file variable"])
def test_passwords_come_from_a_file_or_the_environment(
    folder: Path, passwords_file: Path, way: str
) -> None:
    arguments: list[str | Path] = ["--passwords-file", passwords_file] if way == "option" else []
    environment = {
        "option": {},
        "variable": {"CITEBOUND_PASSWORD": SECRET},
        "file variable": {"CITEBOUND_PASSWORDS_FILE": str(passwords_file)},
    }[way]
    done = run_ingest(folder, *arguments, environment=environment)
    assert "1 added" in done.stdout
    assert done.stderr == ""


def test_without_the_password_the_reason_says_what_to_do(folder: Path, tmp_path: Path) -> None:
    assert f"locked.pdf: {ENCRYPTED}" in run_ingest(folder).stdout
    done = run_ingest(folder, "--password", WRONG)
    assert f"locked.pdf: {WRONG_PASSWORD}" in done.stdout
    assert WRONG not in done.stdout + done.stderr
    assert WRONG.encode() not in everything_below(tmp_path / "home")


def test_a_file_that_only_pypdf_opens_gets_the_password_too(data_folder: Path) -> None:
    from ingest.readers.pdf_second_opinion import read_with_pypdf

    path = data_folder / "robust" / "encrypted" / "pypdf__r4-aes-user-password.pdf"
    order = ReadOrder(path.name, passwords=("no", "asdfzxcv"))
    assert "password" in read_with_pypdf(path, order).pages[0].text


def test_an_upload_opens_with_a_password(folder: Path, tmp_path: Path) -> None:
    data = (folder / "locked.pdf").read_bytes()
    with Library.open(tmp_path / "library", create=True) as library:
        (failure,) = ingest_upload("locked.pdf", data, library).failures
        assert failure.reason == ENCRYPTED
        assert ingest_upload("locked.pdf", data, library, passwords=[SECRET]).added == 1
        assert library.search("spare lamp", top=1)[0].text == TEXT


def test_a_missing_passwords_file_gives_one_line(folder: Path, tmp_path: Path) -> None:
    done = run_ingest(folder, "--passwords-file", tmp_path / "none")
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: The passwords file {tmp_path / 'none'} cannot be read")
    assert done.stderr.count("\n") == 1


def test_a_passwords_file_that_is_no_text_is_not_quoted(tmp_path: Path) -> None:
    (tmp_path / "passwords").write_bytes(SECRET.encode() + b"\xff\xfe")
    with pytest.raises(SettingsError) as caught:
        read_passwords(tmp_path / "passwords")
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


def test_orders_do_not_show_their_passwords(tmp_path: Path) -> None:
    file = SourceFile(tmp_path / "a.pdf", "a.pdf", 1, 1)
    order = PrepareOrder(file, "id", None, 220, passwords=(SECRET,))  # type: ignore[arg-type]
    assert SECRET not in repr(order) + repr(ReadOrder("a.pdf", passwords=(SECRET,)))
    assert pickle.loads(pickle.dumps(order)).passwords == (SECRET,)  # noqa: S301


def test_each_password_is_tried_once(passwords_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEBOUND_PASSWORD", SECRET)
    monkeypatch.setenv("CITEBOUND_PASSWORDS_FILE", str(passwords_file))
    assert environment_passwords() == (SECRET, WRONG)


def test_a_folder_of_mixed_passwords_goes_in_at_once(folder: Path, tmp_path: Path) -> None:
    write_pdf(folder / "other.pdf", [["Another text."]], password=WRONG)
    with Library.open(tmp_path / "library", create=True) as library:
        assert ingest_folder(folder, library, passwords=[SECRET, WRONG]).added == 2
