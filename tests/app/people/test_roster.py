"""People who sign in with a password: what is kept, and what is refused."""

import os
import stat
import time
from pathlib import Path

import argon2
import pytest

from app.people import passwords, private_file
from app.people.passwords import hash_password, is_password
from app.people.person import PeopleError, clean_name
from app.people.roster import add_person, read_roster, remove_person, set_password
from app.people.settings import people_file

PASSWORD = "correct horse battery"  # noqa: S105
HASH = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def write_people(text: str, mode: int = 0o600) -> None:
    people_file().write_text(text)
    people_file().chmod(mode)


def test_a_person_is_kept_with_a_hash_that_only_the_owner_can_read() -> None:
    add_person("ada", hash_password(PASSWORD), admin=True)
    add_person("bob", hash_password(PASSWORD), admin=False)
    assert [(name, entry.admin) for name, entry in read_roster().items()] == [
        ("ada", True),
        ("bob", False),
    ]
    text = people_file().read_text()
    assert text.count("$argon2id$") == 2
    assert PASSWORD not in text
    assert stat.S_IMODE(people_file().stat().st_mode) == 0o600


def test_two_hashes_of_one_password_differ() -> None:
    assert hash_password(PASSWORD) != hash_password(PASSWORD)


def test_the_hash_that_is_made_is_as_dear_as_the_standard_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(passwords, "_hasher", argon2.PasswordHasher())
    parameters = argon2.extract_parameters(hash_password(PASSWORD))
    assert parameters.memory_cost >= 64 * 1024
    assert parameters.time_cost >= 3


def test_only_the_right_password_fits() -> None:
    assert is_password(HASH, PASSWORD)
    assert not is_password(HASH, PASSWORD + " ")
    assert not is_password(None, PASSWORD)
    assert not is_password(None, "nobody has this password")


def test_an_unknown_name_takes_as_long_as_a_wrong_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dear = argon2.PasswordHasher(time_cost=2, memory_cost=16 * 1024, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", dear)
    known = dear.hash(PASSWORD)
    is_password(None, "first")  # the hash of nobody is made once

    def seconds(stored: str | None) -> float:
        started = time.perf_counter()
        is_password(stored, "wrong password")
        return time.perf_counter() - started

    assert min(seconds(None) for _ in range(5)) > 0.5 * min(seconds(known) for _ in range(5))


def test_a_short_or_a_huge_password_is_refused() -> None:
    with pytest.raises(PeopleError, match="at least 12 characters"):
        hash_password("eleven char")
    with pytest.raises(PeopleError, match="at most 1,024 characters"):
        hash_password("x" * 1025)


def test_a_new_password_and_a_removal_change_one_person_alone() -> None:
    for name in ("ada", "bob"):
        add_person(name, HASH, admin=False)
    other = hash_password("another good password")
    set_password("bob", other)
    assert {name: entry.password for name, entry in read_roster().items()} == {
        "ada": HASH,
        "bob": other,
    }
    remove_person("ada")
    assert list(read_roster()) == ["bob"]


def test_a_name_is_taken_once_and_a_stranger_cannot_be_changed() -> None:
    add_person("ada", HASH, admin=False)
    with pytest.raises(PeopleError, match="ada is there already"):
        add_person("ada", HASH, admin=True)
    for change in (remove_person, lambda name: set_password(name, HASH)):
        with pytest.raises(PeopleError, match="nobody called eve"):
            change("eve")


def test_a_name_is_one_however_it_is_written() -> None:
    assert clean_name("  Ada.Lovelace@Example.ORG ") == "ada.lovelace@example.org"
    assert clean_name("Ａｄａ") == "ada"
    assert clean_name("default:Ab12") == "default:Ab12"


@pytest.mark.parametrize(
    "name", ["", " ", "../ada", "a/b", "a b", "a\nb", "[ada]", ".ada", "a" * 300, "<b>", ":x", "a:"]
)
def test_what_cannot_be_a_name_is_refused(name: str) -> None:
    with pytest.raises(PeopleError, match="cannot be a name"):
        clean_name(name)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("people = [", "is not valid TOML"),
        ("people = 3", r"is not valid at 'people'"),
        ("[persons.ada]\n", r"is not valid at 'persons'"),
        ("[people.ada]\nadmin = true", r"is not valid at 'people\.ada\.password'"),
        (f'[people.ada]\npassword = "{HASH}"\nadmin = "yes"', r"at 'people\.ada\.admin'"),
        (f'[people.ada]\npassword = "{HASH}"\nage = 3', r"at 'people\.ada\.age'"),
        ('[people.ada]\npassword = "correct horse battery"', "password of ada .* no argon2 hash"),
        (f'[people.ada]\npassword = "{HASH.replace("2id", "2i")}"', "no hash of argon2id"),
        (f'[people.Ada]\npassword = "{HASH}"', "'Ada' has to be written 'ada'"),
    ],
)
def test_a_damaged_file_is_refused_in_one_sentence(text: str, complaint: str) -> None:
    write_people(text)
    with pytest.raises(PeopleError, match=complaint) as caught:
        read_roster()
    assert str(people_file()) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert PASSWORD not in str(caught.value)


def test_bytes_that_are_no_text_are_refused() -> None:
    people_file().write_bytes(b"\xff\xfe")
    people_file().chmod(0o600)
    with pytest.raises(PeopleError, match="is not valid TOML"):
        read_roster()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_can_open_is_refused(mode: int) -> None:
    write_people("", mode)
    with pytest.raises(PeopleError, match=r"open to others.*chmod 600"):
        read_roster()


def test_a_change_that_is_cut_short_leaves_the_file_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add_person("ada", HASH, admin=True)
    before = people_file().read_bytes()

    def full_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(PeopleError, match=r"cannot be written .No space left on device"):
        add_person("bob", HASH, admin=False)
    assert people_file().read_bytes() == before
    beside = [path.name for path in people_file().parent.glob(".people.toml.*")]
    assert [name for name in beside if not name.endswith(".lock")] == []


def test_a_change_waits_for_another_and_then_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private_file, "SECONDS_TO_WAIT", 0.05)
    with (
        private_file.changing(people_file()),
        pytest.raises(PeopleError, match="is being changed by another command"),
    ):
        add_person("ada", HASH, admin=False)
    add_person("ada", HASH, admin=False)


def test_without_a_file_there_is_nobody(tmp_path: Path) -> None:
    assert not (tmp_path / "people.toml").exists()
    assert read_roster() == {}
