"""The commands that look after people, and the password that they ask for on a terminal."""

import json
import os
import pty
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import citebound
from app.people.passwords import is_password
from app.people.roster import read_roster
from app.people.sharing import shared_with
from ingest.errors import CiteboundError
from ingest.library import Library
from ingest.settings import data_folder
from tests.commands import run_command

PASSWORD = "correct horse battery"  # noqa: S105


def people(*arguments: str, said: str = "") -> Result:
    return CliRunner().invoke(citebound, ["people", *arguments], input=said)


def test_people_are_added_listed_changed_and_removed() -> None:
    assert people("list").output.startswith("Nobody signs in with a password")
    added = people("add", "Ada", "--admin", "--password-stdin", said=f"{PASSWORD}\n")
    assert added.output == "ada can sign in and is an admin.\n"
    assert (
        "share a library with them"
        in people("add", "bob", "--password-stdin", said=PASSWORD).output
    )
    assert people("list").output == "ada  (admin)\nbob\n"
    assert json.loads(people("list", "--json").output) == {
        "people": [{"name": "ada", "admin": True}, {"name": "bob", "admin": False}]
    }
    people("password", "bob", "--password-stdin", said="another password\n")
    assert is_password(read_roster()["bob"].password, "another password")
    assert is_password(read_roster()["ada"].password, PASSWORD)
    assert "can no longer sign in" in people("remove", "BOB").output
    assert list(read_roster()) == ["ada"]


@pytest.mark.parametrize(
    ("arguments", "said", "complaint"),
    [
        (("add", "ada", "--password-stdin"), "short\n", "at least 12 characters"),
        (("add", "a/b", "--password-stdin"), PASSWORD, "cannot be a name"),
        (("remove", "eve"), "", "nobody called eve"),
        (("share", "nowhere", "ada"), "", "There is no library at"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: tuple[str, ...], said: str, complaint: str) -> None:
    result = people(*arguments, said=said)
    assert isinstance(result.exception, CiteboundError)
    assert complaint in str(result.exception)
    assert read_roster() == {}


def test_a_name_that_is_taken_or_unknown_is_told_before_a_password_is_asked_for() -> None:
    people("add", "ada", "--password-stdin", said=PASSWORD)
    for arguments, complaint in [
        (("add", "Ada"), "there already"),
        (("password", "eve"), "nobody"),
    ]:
        result = people(*arguments)
        assert (result.exit_code, complaint in result.output) == (2, True)
        assert "Password" not in result.output


def test_a_library_is_shared_and_no_longer_shared() -> None:
    folder = data_folder() / "libraries" / "papers"
    folder.mkdir(parents=True)
    shared = people("share", "papers", "Bob", "eve@example.org")
    assert shared.output == "papers is for bob, eve@example.org, and for admins.\n"
    assert shared_with(folder) == ("bob", "eve@example.org")
    people("unshare", "papers", "eve@example.org")
    assert people("unshare", str(folder), "bob").output.endswith("is for nobody, and for admins.\n")


def test_what_is_kept_in_a_name_is_told_and_can_be_deleted() -> None:
    folder = data_folder() / "libraries" / "papers"
    with Library.open(folder, create=True) as library:
        library.catalog.add_conversation("one", "bob", 1.0)
        library.catalog.add_conversation("two", "eve", 2.0)
    people("share", "papers", "bob")
    told = "Kept for bob in papers: shared with them, 1 conversation."
    for arguments in (("add", "bob", "--password-stdin"), ("remove", "bob")):
        assert told in people(*arguments, said=PASSWORD).stderr
    assert people("forget", "bob", said="n").exit_code == 1
    assert shared_with(folder) == ("bob",)
    assert people("forget", "bob", "--yes").stdout == "Nothing is kept in the name of bob.\n"
    assert shared_with(folder) == ()
    with Library.open(folder) as library:
        assert not library.catalog.conversations("bob")
        assert library.catalog.conversations("eve")
    assert people("add", "bob", "--password-stdin", said=PASSWORD).stderr == ""


def test_on_a_terminal_the_password_is_asked_for_twice_and_not_shown() -> None:
    said = on_terminal(["people", "add", "ada"], ["too short", "too short", PASSWORD, PASSWORD])
    assert "at least 12 characters" in said
    assert "ada can sign in" in said
    assert PASSWORD not in said
    assert "too short" not in said
    assert is_password(read_roster()["ada"].password, PASSWORD)


def test_the_command_ends_with_1_where_the_file_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "people.toml").write_text("people = [")
    (tmp_path / "people.toml").chmod(0o600)
    done = run_command("eval.cli", "people", "list")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert "is not valid TOML" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def on_terminal(arguments: list[str], answers: list[str]) -> str:
    """Run ``citebound`` on a terminal of its own, answering each question; all that it showed."""
    child, terminal = pty.fork()
    if child == 0:
        code = "from eval.cli import main; main()"
        os.execv(sys.executable, [sys.executable, "-c", code, *arguments])  # noqa: S606
    shown = b""
    try:
        for answer in answers:
            asked = shown.count(b": ") + 1
            deadline = time.monotonic() + 30
            while shown.count(b": ") < asked:
                assert time.monotonic() < deadline, shown
                shown += os.read(terminal, 1024)
            time.sleep(0.05)  # until the echo is off
            os.write(terminal, answer.encode() + b"\n")
        while part := os.read(terminal, 1024):
            shown += part
    except OSError:  # the terminal is closed: the command has ended
        pass
    finally:
        os.close(terminal)
        os.waitpid(child, 0)
    return shown.decode()
