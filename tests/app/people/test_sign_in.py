"""Signing in with a password: what is said, how long one waits, and when it ends."""

import pytest

from app.people import sign_in as signing
from app.people.passwords import hash_password
from app.people.person import PeopleError, Person
from app.people.roster import add_person, remove_person, set_password
from app.people.sessions import SECONDS_OF_A_TICKET, Sessions
from app.people.sign_in import WRONG, SignInError, person_with, sign_in, ways_to_sign_in
from app.people.tries import FREE_TRIES, FREE_TRIES_OF_ALL, NAMES_KEPT, Tries
from ingest.settings import settings_file

PASSWORD = "correct horse battery"  # noqa: S105
HERE, THERE = None, "192.0.2.7"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(signing, "SESSIONS", Sessions(clock))
    monkeypatch.setattr(signing, "TRIES", Tries(clock))
    return clock


@pytest.fixture
def ada(clock: Clock) -> str:  # noqa: ARG001
    add_person("ada", hash_password(PASSWORD), admin=True)
    return "ada"


def token_of(name: str) -> str:
    redeemed = signing.SESSIONS.redeem(sign_in(name, PASSWORD))
    assert redeemed is not None
    return redeemed[0]


def test_who_signs_in_is_known_by_the_token(ada: str) -> None:
    token = token_of(" ADA ")
    assert person_with(token) == Person(ada, admin=True)
    assert person_with(token[:-1]) is None
    assert person_with("") is None


def test_a_wrong_password_and_an_unknown_name_are_told_alike(ada: str) -> None:
    for name, password in [(ada, "wrong password"), ("eve", PASSWORD), ("<b>", PASSWORD), ("", "")]:
        with pytest.raises(SignInError) as caught:
            sign_in(name, password)
        assert str(caught.value) == WRONG


def test_a_ticket_is_good_once_and_for_seconds(ada: str, clock: Clock) -> None:
    ticket = sign_in(ada, PASSWORD)
    assert person_with(ticket) is None
    assert signing.SESSIONS.redeem(ticket) is not None
    assert signing.SESSIONS.redeem(ticket) is None
    late = sign_in(ada, PASSWORD)
    clock.now += SECONDS_OF_A_TICKET
    assert signing.SESSIONS.redeem(late) is None


def test_a_sign_in_ends_after_its_hours(ada: str, clock: Clock) -> None:
    settings_file().write_text("[page]\nsession_hours = 2\n")
    token = token_of(ada)
    clock.now += 2 * 3600 - 1
    assert person_with(token) is not None
    clock.now += 1
    assert person_with(token) is None


@pytest.mark.parametrize(
    "change", [remove_person, lambda name: set_password(name, hash_password("a new password"))]
)
def test_a_removal_and_a_new_password_end_what_was_begun(ada: str, change: object) -> None:
    token = token_of(ada)
    add_person("bob", hash_password(PASSWORD), admin=False)
    assert person_with(token) is not None
    assert callable(change)
    change(ada)
    assert person_with(token) is None


def test_signing_out_ends_that_sign_in_alone(ada: str) -> None:
    first, second = token_of(ada), token_of(ada)
    signing.SESSIONS.end(first)
    assert person_with(first) is None
    assert person_with(second) is not None


def test_after_some_tries_one_waits_longer_each_time_and_never_for_ever(clock: Clock) -> None:
    tries = Tries(clock)
    waits = []
    for _ in range(FREE_TRIES + 10):
        waits.append(tries.begin("ada", HERE))
        clock.now += waits[-1]
        if waits[-1]:
            assert tries.begin("ada", HERE) == 0
    assert waits == [0.0] * FREE_TRIES + [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]


def test_while_one_waits_even_the_right_password_is_not_looked_at(ada: str, clock: Clock) -> None:
    for _ in range(FREE_TRIES):
        with pytest.raises(SignInError, match=WRONG):
            sign_in(ada, "wrong password")
    with pytest.raises(SignInError, match="wait 1 second, then try again"):
        sign_in(ada, PASSWORD)
    clock.now += 1
    assert sign_in(ada, PASSWORD)
    with pytest.raises(SignInError, match=WRONG):  # and the count begins anew
        sign_in(ada, "wrong password")


def test_unknown_names_are_made_to_wait_as_known_ones_are() -> None:
    tries = Tries(Clock())
    assert [tries.begin("eve", HERE) for _ in range(FREE_TRIES + 1)] == [0.0] * FREE_TRIES + [1.0]


def test_who_guesses_elsewhere_makes_nobody_here_wait() -> None:
    tries = Tries(Clock())
    for number in range(FREE_TRIES_OF_ALL):
        tries.begin("ada" if number < FREE_TRIES else f"name{number}", THERE)
    assert tries.begin("eve", THERE) > 0
    assert tries.begin("ada", HERE) == 0


def test_addresses_of_one_house_count_as_one() -> None:
    tries = Tries(Clock())
    for number in range(FREE_TRIES):
        assert tries.begin("ada", f"2001:db8:1:2::{number}") == 0
    assert tries.begin("ada", "2001:db8:1:2:ffff::1") > 0
    assert tries.begin("ada", "2001:db8:1:3::1") == 0


def test_guessing_at_many_names_is_slowed_for_an_address_by_a_little(clock: Clock) -> None:
    tries = Tries(clock)
    for number in range(FREE_TRIES_OF_ALL):
        assert tries.begin(f"name{number}", HERE) == 0
    for number in range(20):
        left = tries.begin(f"other{number}", HERE)
        assert 0 < left <= 5
        clock.now += left
        assert tries.begin(f"other{number}", HERE) == 0


def test_wrong_tries_are_forgotten_and_never_fill_the_memory(clock: Clock) -> None:
    tries = Tries(clock)
    for number in range(NAMES_KEPT + 100):
        clock.now += 6
        tries.begin(f"name{number}", HERE)
    assert len(tries._failed) == NAMES_KEPT
    for _ in range(FREE_TRIES):
        clock.now += 6
        tries.begin("ada", HERE)
    assert tries.begin("ada", HERE) > 0
    clock.now += 901
    assert tries.begin("ada", HERE) == 0


def test_without_people_nobody_has_to_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not ways_to_sign_in()
    add_person("ada", hash_password(PASSWORD), admin=True)
    assert ways_to_sign_in().passwords
    remove_person("ada")
    monkeypatch.setenv(signing.NEEDED, "1")  # a server that was started with people stays shut
    with pytest.raises(PeopleError, match="Nobody can sign in any more"):
        ways_to_sign_in()
