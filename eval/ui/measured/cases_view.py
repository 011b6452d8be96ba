"""Making cases of the documents, and adding a file of them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import streamlit as st

from app.counted import counted
from app.ui.plain import plain
from eval.cases.case import CasesError, read_cases, write_cases
from eval.cases.from_csv import read_csv
from eval.cases.from_opinions import add_cases, cases_from_opinions
from eval.cases.named import case_file, name_from
from eval.runs.plan import check_ids
from eval.ui.measured.at_work import CASES_IN_MAKING, begin, follow
from eval.ui.measured.make_work import MakeWork
from ingest.library import Library

WANTED = "cases_wanted"  # the name of cases to choose once they are there
CALLED_WRONG = "called wrong"  # the name of the cases that thumbs down have made
MOST = 1000  # cases that are made at once


def show_making(folder: Path, library: Library) -> None:
    """What makes cases, and what became of it."""
    with st.expander("Make or add cases", icon=":material/add:"):
        make, add = st.columns(2, gap="large")
        with make:
            _make(folder, library)
        with add:
            _upload(folder)
            _from_opinions(folder, library)
    follow(CASES_IN_MAKING, "making")


def _make(folder: Path, library: Library) -> None:
    st.markdown("**Make cases of my documents**")
    st.caption("By rules, from sentences, tables and headings; no model is asked.")
    with st.form("make_cases", border=False):
        name = st.text_input("Name", "my documents", max_chars=80)
        count = st.number_input("How many", 1, MOST, 50)
        if st.form_submit_button("Make cases", icon=":material/auto_awesome:"):
            _begin_making(folder, str(name), int(count), library)


def _begin_making(folder: Path, name: str, count: int, library: Library) -> None:
    try:
        path = case_file(folder, name)
        if path.exists():
            raise CasesError(f"There are cases of the name {path.stem}; choose another name.")
    except CasesError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    st.session_state[WANTED] = path.stem
    begin(CASES_IN_MAKING, MakeWork(path, count, 0, library))
    st.rerun()


def _upload(folder: Path) -> None:
    st.markdown("**Add a file of cases**")
    st.caption(
        "JSONL with a case a line, or a CSV table with the columns question, answer, document, "
        "page, answerable."
    )
    file = st.file_uploader("File", type=["jsonl", "csv"], key="cases_upload")
    added: dict[str, str] = st.session_state.setdefault("cases_added", {})
    if file is None:
        return
    if file.file_id not in added:
        try:
            added[file.file_id] = take_cases(folder, file.name, file.getvalue())
        except CasesError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        st.session_state[WANTED] = name_from(file.name)
        st.rerun()
    st.success(plain(added[file.file_id]), icon=":material/check:")


def _from_opinions(folder: Path, library: Library) -> None:
    """A button where answers were called wrong in the chat and it was said what is right."""
    cases = cases_from_opinions(library)
    if not cases:
        return
    st.markdown("**Answers that were called wrong**")
    if st.button(f"Add {counted(len(cases), 'case')} of the chat", icon=":material/thumb_down:"):
        try:
            add_cases(case_file(folder, CALLED_WRONG), cases)
        except CasesError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        st.session_state[WANTED] = CALLED_WRONG
        st.rerun()


def take_cases(folder: Path, name: str, data: bytes) -> str:
    """An uploaded file among the user's own; what became of it, in a sentence.

    Raises CasesError where it is none of cases, or another has its name.
    """
    path = case_file(folder, name_from(name))
    with tempfile.TemporaryDirectory() as empty:
        received = Path(empty) / ("cases.csv" if name.lower().endswith(".csv") else "cases.jsonl")
        received.write_bytes(data)
        try:
            cases = (read_csv if received.suffix == ".csv" else read_cases)(received)
        except CasesError as error:
            raise CasesError(str(error).replace(str(received), name)) from error
    check_ids(cases)
    if path.exists():
        raise CasesError(f"There are cases of the name {path.stem}; give the file another name.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CasesError(f"{folder} cannot be made: {error.strerror}.") from error
    write_cases(path, cases)
    return f"{counted(len(cases), 'case')} added as {path.stem}."
