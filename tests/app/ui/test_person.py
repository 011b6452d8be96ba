"""A callback is done for whom it is, asked anew with each click."""

import pytest

from app.people.person import Person
from app.ui import person
from app.ui.person import for_admins, for_people


@pytest.mark.parametrize(
    ("visitor", "as_admin", "as_person"),
    [
        (Person("ada", admin=True), True, True),
        (Person("bob", admin=False), False, True),
        (None, False, False),
    ],
)
def test_a_callback_asks_who_is_there(
    visitor: Person | None, as_admin: bool, as_person: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(person, "_person", lambda _: visitor)
    done: list[str] = []
    for_admins(done.append)("by an admin")
    for_people(done.append)("by a person")
    wanted = {"by an admin": as_admin, "by a person": as_person}
    assert done == [said for said, is_done in wanted.items() if is_done]
