"""Who visits, and what they may do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import NoReturn, ParamSpec

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.people.cookie import cookie_name
from app.people.person import OWNER as OWNER
from app.people.person import Person as Person
from app.people.providers import person_of
from app.people.settings import PageSettings
from app.people.sign_in import SESSIONS, Ways, person_with, ways_to_sign_in
from app.people.uploads import UPLOADERS
from app.ui.plain import plain
from app.ui.sign_in_form import end_in_browser, load_anew, show_sign_in
from ingest.errors import CiteboundError
from ingest.settings import load_settings

Arguments = ParamSpec("Arguments")

SEEN_BY = "seen_by"  # the name of whom the state of this tab belongs to
LEAVING = "leaving"  # where: one of
HERE, AT_PROVIDER = "here", "at the provider"


def current_person() -> Person:
    """The visitor of this page; where a sign-in has ended meanwhile, the page begins anew."""
    person = _person(_ways())
    if person is None:
        st.rerun()
        st.stop()
    return person


def require_sign_in() -> None:
    """Go on for who is signed in, their name and the way out in the sidebar; else ask for it."""
    ways = _ways()
    person = _person(ways)
    _note_uploads(person)
    if person is None:
        _show_nobody(ways)
        st.stop()
    _keep_apart(person)
    if ways:
        _show_person(person)


def _show_nobody(ways: Ways) -> None:
    """The form; a page that was somebody's is loaded anew first, so that nothing of it stays."""
    leaving = st.session_state.get(LEAVING)
    if leaving == AT_PROVIDER:
        return  # the browser is on its way there
    if leaving:
        end_in_browser()
    elif SEEN_BY in st.session_state:
        load_anew()
    else:
        show_sign_in(ways)


def require_admin() -> None:
    """Go on for an admin; for others one sentence, and no more of the page."""
    if not current_person().admin:
        st.info("Only an admin can do this; ask one of yours.", icon=":material/lock:")
        st.stop()


def for_people(action: Callable[Arguments, object]) -> Callable[Arguments, None]:
    """A callback that does nothing where the sign-in has ended.

    Streamlit calls callbacks before any code of the page; what is drawn next asks to sign in.
    """

    @wraps(action)
    def checked(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        if _person(_ways()) is not None:
            action(*args, **kwargs)

    return checked


def for_admins(action: Callable[Arguments, object]) -> Callable[Arguments, None]:
    """A callback that does nothing for who is no admin, or not any more; see ``for_people``."""

    @wraps(action)
    def checked(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        person = _person(_ways())
        if person is not None and person.admin:
            action(*args, **kwargs)

    return checked


def _ways() -> Ways:
    try:
        return ways_to_sign_in()
    except CiteboundError as error:
        _stop(error)


def _person(ways: Ways) -> Person | None:
    """Who is signed in, as the browser's cookies say; the owner where nobody has to."""
    if not ways:
        return OWNER
    try:
        person = person_with(_token()) if ways.passwords else None
        if person is None and ways.providers:
            person = person_of(st.user.to_dict(), load_settings(PageSettings))
    except CiteboundError as error:
        _stop(error)
    return person


def _token() -> str:
    return st.context.cookies.get(cookie_name(), "")


def _note_uploads(person: Person | None) -> None:
    context = get_script_run_ctx()
    if context is not None:
        UPLOADERS.allow(context.session_id, person is not None and person.admin)


def _keep_apart(person: Person) -> None:
    """What one person left in a tab is gone when another goes on in it."""
    if st.session_state.get(SEEN_BY, person.name) != person.name:
        st.session_state.clear()
    st.session_state[SEEN_BY] = person.name


def _show_person(person: Person) -> None:
    with st.sidebar, st.container(horizontal=True, vertical_alignment="center", key="person"):
        st.markdown(f":material/person: {plain(person.name)}", width="stretch")
        st.button("Sign out", type="tertiary", icon=":material/logout:", on_click=_sign_out)


def _sign_out() -> None:
    SESSIONS.end(_token())
    st.session_state[LEAVING] = AT_PROVIDER if st.user.get("is_logged_in") else HERE
    if st.session_state[LEAVING] == AT_PROVIDER:
        st.logout()


def _stop(error: CiteboundError) -> NoReturn:
    st.error(plain(str(error)), icon=":material/error:")
    st.stop()
