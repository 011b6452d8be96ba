"""Which library the pages show: one of those that a visitor may use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from app.people.person import PeopleError
from app.people.sharing import may_see
from app.ui.person import Person, current_person
from ingest.catalog.catalog import FILE_NAME
from ingest.errors import CiteboundError, LibraryError
from ingest.library import Library
from ingest.settings import IngestSettings, data_folder, library_folder, load_settings

PARAMETER = "library"  # of the page's address
CHOSEN, BOX = "chosen_library", "library_box"
LONGEST_NAME = 60
NAME = re.compile(rf"[^\W_][\w -]{{0,{LONGEST_NAME - 1}}}")


@dataclass(frozen=True)
class LibraryChoice:
    """A library that can be chosen; ``folder`` is where it lies."""

    name: str
    folder: Path


def libraries_for(person: Person) -> list[LibraryChoice]:
    """The libraries that a visitor may use, that of settings first. Raises SettingsError."""
    own = library_folder(load_settings(IngestSettings).library)
    first = LibraryChoice(own.name, own)
    others = [
        LibraryChoice(path.parent.name, path.parent)
        for path in sorted((data_folder() / "libraries").glob(f"*/{FILE_NAME}"))
        if path.parent.resolve() != own.resolve()
    ]
    found = [first, *(one for one in others if one.name != first.name)]
    return [one for one in found if may_see(person, one.folder)]


def chosen_library() -> LibraryChoice:
    """The library that this visitor has chosen, by the address or before; that of settings else.

    The choice goes into the address, so that loading the page anew keeps it. Raises SettingsError,
    and PeopleError where there is none that the visitor may use.
    """
    known = {one.name: one for one in libraries_for(current_person())}
    if not known:
        raise PeopleError("No library is shared with you yet; ask an admin to share one.")
    first = next(iter(known.values()))
    asked = (st.query_params.get(PARAMETER), st.session_state.get(CHOSEN))
    choice = next((known[name] for name in asked if name in known), first)
    _remember(choice.name if choice != first else None)
    return choice


def require_library(folder: Path) -> None:
    """For what draws itself anew: where the visitor may use the library no more, so does all."""
    if not may_see(current_person(), folder):
        st.rerun()


def choose_library(name: str) -> None:
    """Show this library from now on."""
    st.query_params.clear()  # a document of the other library may be in it
    _remember(name)


def show_library_choice() -> None:
    """The box in the sidebar, where there is more than one library to choose from."""
    try:
        names = [one.name for one in libraries_for(current_person())]
        current = chosen_library().name
    except CiteboundError:
        return  # the page says what is wrong
    if len(names) > 1:
        st.session_state[BOX] = current
        st.sidebar.selectbox("Library", names, key=BOX, on_change=_choose_from_box)


def make_library(name: str) -> LibraryChoice:
    """A new, empty library of this name. Raises LibraryError where the name is none or taken."""
    name = " ".join(name.split())
    if not NAME.fullmatch(name):
        raise LibraryError(
            "A library's name is made of letters, digits, spaces, - and _, begins with a letter or "
            f"a digit and has {LONGEST_NAME} characters at most."
        )
    settings = load_settings(IngestSettings)
    choice = LibraryChoice(name, data_folder() / "libraries" / name)
    taken = {one.name.casefold() for one in libraries_for(current_person())}
    if name.casefold() in taken or choice.folder.exists():
        raise LibraryError(f"There is a library {name} already; choose another name.")
    Library.open(choice.folder, settings=settings, create=True).close()
    return choice


def _choose_from_box() -> None:
    choose_library(st.session_state[BOX])


def _remember(name: str | None) -> None:
    if name is None:
        st.session_state.pop(CHOSEN, None)
        st.query_params.pop(PARAMETER, None)
    else:
        st.session_state[CHOSEN] = name
        if st.query_params.get(PARAMETER) != name:
            st.query_params[PARAMETER] = name
