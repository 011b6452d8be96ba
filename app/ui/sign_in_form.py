"""The form in which people sign in, and what has their browser keep that they have."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.people.cookie import ADDRESS, HEADER
from app.people.providers import DEFAULT
from app.people.sign_in import Ways, sign_in
from app.ui.plain import plain
from ingest.errors import CiteboundError

NAME, PASSWORD, ERROR, TICKET = (f"sign_in_{part}" for part in "name password error ticket".split())
WIDTH = 380
NOT_KEPT = (
    "Your browser could not keep that you are signed in: load the page again and try once more."
)

_ask_server = st.components.v2.component(
    "citebound.session",
    js="""
    let asked = null
    export default function ({ data, setTriggerValue }) {
      if (asked === data.ticket) return
      asked = data.ticket
      const anew = () => window.location.reload()
      const failed = data.method === "POST" ? () => setTriggerValue("failed", true) : anew
      if (data.method === "") return anew()
      fetch(data.address, { method: data.method, headers: { [data.header]: data.ticket } })
        .then((answer) => answer.ok ? anew() : failed(), failed)
    }
    """,
)


def show_sign_in(ways: Ways) -> None:
    """The page of who is not signed in."""
    with (
        st.container(horizontal_alignment="center", key="sign_in"),
        st.container(width=WIDTH),
    ):
        st.header("Sign in", anchor=False)
        st.caption("Citebound answers from documents that are not for everybody.")
        if ways.passwords:
            _show_form()
        if ways.passwords and ways.providers:
            st.caption("or")
        for provider in ways.providers:
            _show_provider(provider)


def end_in_browser() -> None:
    """Have the browser give up the cookie of a sign-in, and load the page anew."""
    _ask("DELETE", "end")


def load_anew() -> None:
    """Have the browser load the page anew."""
    _ask("", "anew")


def _show_form() -> None:
    with st.form("sign_in_form", border=True):
        st.text_input("Name", key=NAME, autocomplete="username")
        st.text_input("Password", type="password", key=PASSWORD, autocomplete="current-password")
        st.form_submit_button("Sign in", type="primary", width="stretch", on_click=_try)
    if error := st.session_state.get(ERROR):
        st.error(plain(error), icon=":material/error:")
    if ticket := st.session_state.get(TICKET):
        _ask("POST", ticket, on_failed=_not_kept)


def _ask(method: str, ticket: str, *, on_failed: Callable[[], None] = lambda: None) -> None:
    _ask_server(
        data={"address": ADDRESS, "method": method, "header": HEADER, "ticket": ticket},
        key=f"session_{method}",
        on_failed_change=on_failed,
    )


def _try() -> None:
    name, password = st.session_state[NAME], st.session_state[PASSWORD]
    st.session_state[PASSWORD] = ""
    st.session_state[ERROR] = None
    try:
        st.session_state[TICKET] = sign_in(name, password, st.context.ip_address)
    except CiteboundError as error:
        st.session_state[ERROR] = str(error)


def _not_kept() -> None:
    st.session_state[TICKET] = None
    st.session_state[ERROR] = NOT_KEPT


def _show_provider(provider: str) -> None:
    named = "your organisation" if provider == DEFAULT else provider.title()
    arguments = () if provider == DEFAULT else (provider,)
    st.button(
        plain(f"Sign in with {named}"), key=f"provider_{provider}", icon=":material/login:",
        width="stretch", on_click=st.login, args=arguments,
    )  # fmt: skip
