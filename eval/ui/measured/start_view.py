"""What to ask, whom, and how: then a run starts and goes on by itself."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.counted import counted
from app.settings import AnswerSettings
from app.strategies import STRATEGIES
from app.ui.models.model_box import model_names, served_names
from app.ui.opened import open_answer_settings, open_library
from app.ui.plain import plain
from eval.cases.case import Case, CasesError, read_cases
from eval.cases.named import case_files
from eval.judges.embedded import EMBEDDED
from eval.ui.measured.at_work import RUNS_AT_WORK, begin, follow
from eval.ui.measured.cases_view import WANTED, show_making
from eval.ui.measured.chosen_ways import chosen_ways
from eval.ui.measured.run_work import RunWork, new_order
from ingest.errors import CiteboundError
from ingest.library import Library

CHOSEN = "cases_file"
CASES_SHOWN = 200
COVERAGE = 0.9  # the share of the cases that are to be scored, as for the command


def show_start(folder: Path) -> None:
    """The view."""
    library, settings = open_library(), open_answer_settings()
    follow(RUNS_AT_WORK, "start")
    st.subheader("1. Cases", anchor=False)
    st.caption(
        "A case is a question with its right answer and the page that holds it, or one that your "
        "documents do not answer."
    )
    chosen = _choose_cases(folder)
    show_making(folder, library)
    st.subheader("2. Who answers, and how", anchor=False)
    models, strategies, judge = _choose_ways(settings)
    if chosen is None:
        st.button("Start", type="primary", disabled=True, icon=":material/play_arrow:")
        st.caption("Make or add cases first.")
        return
    _show_button(chosen, models, strategies, judge, library=library, settings=settings)


def _choose_cases(folder: Path) -> tuple[Path, list[Case]] | None:
    try:
        known = {path.stem: path for path in case_files(folder)}
    except CasesError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return None
    if not known:
        st.info("There are no cases yet: make some of your documents.", icon=":material/quiz:")
        return None
    if st.session_state.get(WANTED) in known:
        st.session_state[CHOSEN] = st.session_state.pop(WANTED)
    name = st.selectbox("File of cases", list(known), key=CHOSEN, persist_state="session")
    path = known[str(name)]
    try:
        cases = read_cases(path)
    except CasesError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return None
    _show_cases(cases)
    return path, cases


def _show_cases(cases: list[Case]) -> None:
    not_held = sum(not case.answerable for case in cases)
    with st.expander(f"{counted(len(cases), 'case')}, {not_held:,} of them not answerable"):
        st.dataframe(
            [
                {"Question": case.question,
                 "Right answer": "; ".join(case.answers) if case.answerable else "none",
                 "Page": "; ".join(f"{one.document}, {one.page}" for one in case.evidence)}
                for case in cases[:CASES_SHOWN]
            ],
            hide_index=True,
        )  # fmt: skip
        if cases[CASES_SHOWN:]:
            st.caption(f"The first {CASES_SHOWN:,}.")


def _choose_ways(settings: AnswerSettings) -> tuple[list[str], list[str], str]:
    left, right = st.columns(2)
    models = left.multiselect(
        "Models", model_names(settings), default=[settings.model], key="eval_models",
        accept_new_options=True, persist_state="session",
        help="Several are compared. extractive quotes your documents without a language model.",
    )  # fmt: skip
    strategies = right.multiselect(
        "Ways to answer", list(STRATEGIES), default=[settings.strategy], key="eval_strategies",
        persist_state="session",
        help="Each model is asked in each way; extractive has one of its own.",
    )  # fmt: skip
    judge = st.selectbox(
        "Judge", [EMBEDDED, *(f"model:{name}" for name in served_names(settings))],
        key="eval_judge", persist_state="session",
        help="Who says whether an answer is right. embedded needs no model and looks for the "
        "right answer in the text.",
    )  # fmt: skip
    return models, strategies, str(judge)


def _show_button(
    chosen: tuple[Path, list[Case]], models: list[str], strategies: list[str], judge: str,
    *, library: Library, settings: AnswerSettings,
) -> None:  # fmt: skip
    path, cases = chosen
    ways = chosen_ways(settings, models, strategies)
    busy = any(not work.is_over for work in RUNS_AT_WORK)
    if st.button("Start", type="primary", icon=":material/play_arrow:", disabled=busy or not ways):
        try:
            order = new_order(path, ways, judge, settings, COVERAGE)
        except CiteboundError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        begin(RUNS_AT_WORK, RunWork(order, library, settings))
        st.rerun()
    if busy:
        st.caption("A run is at work; the next can start when it is over.")
    elif not ways:
        st.caption("Choose a model and a way to answer.")
    else:
        questions = len(cases) * len(ways)
        st.caption(
            f"{counted(len(cases), 'case')} in {counted(len(ways), 'way')}: "
            f"{counted(questions, 'question')}. What was asked before goes on where it was."
        )
