"""One case: the question, what is right, the answer and why it counts as what it does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

import streamlit as st

from app.page_name import page_name
from app.ui.plain import plain
from app.ui.viewer.page_text import marked_pieces
from eval.metrics.score import Score
from eval.reports.listing import CaseRow
from eval.reports.outcome import verdict_of
from eval.runs.folder import RunError, RunFolder
from eval.runs.record import CaseRecord
from eval.ui.measured.words import figure, metric_title

BADGES = {
    "right": "green", "unscored": "gray", "unproved": "orange", "wrong": "red", "refused": "blue",
    "invented": "violet", "obeyed": "violet", "error": "red",
}  # fmt: skip
NEW_LINE = "\n"
PASSAGE_SHOWN = 4000  # characters; neighbours can make a passage longer


def show_case(folder: RunFolder, row: CaseRow, *, several: bool, key: str) -> None:
    """One case, closed; it is read when it is opened."""
    way = f" :gray-badge[{plain(row.setting)}]" if several else ""
    heading = f"{outcome_badge(row.outcome)} {plain(row.question) or 'no question'}{way}"
    with st.expander(heading, key=f"case-{key}", on_change="rerun") as opened:
        if opened.open:
            try:
                _show_record(folder.record_at(row.place))
            except RunError as error:
                st.error(plain(str(error)), icon=":material/error:")


def outcome_badge(outcome: str) -> str:
    """An outcome as Markdown; its word says it, the colour only helps."""
    return f":{BADGES[outcome]}-badge[{outcome}]"


def _show_record(record: CaseRecord) -> None:
    asked, found = st.columns([3, 2], gap="large")
    with asked:
        show_right(record)
        st.markdown("**Answer**")
        show_answer(record)
        verdict = verdict_of(record)
        if verdict.why and record.answer is not None:
            st.markdown(f"**Why it counts as {verdict.outcome}**")
            st.markdown(plain(f"{verdict.why[:1].upper()}{verdict.why[1:]}"))
        _show_passages(record)
    with found:
        st.markdown("**Scores**")
        _show_scores(record)
        st.caption(plain(_about(record)))


def show_right(record: CaseRecord) -> None:
    """The whole question, and what is right."""
    case = record.case
    st.markdown("**Question**")
    st.markdown(plain(case.question))
    st.markdown("**Right answers**" if case.answers[1:] else "**Right answer**")
    if not case.answerable:
        st.markdown("None: the documents do not hold it, and it is to be refused.")
    for answer in case.answers:
        st.markdown(plain(answer))
    if case.answerable and not case.answers:
        st.markdown("The case names none.")
    for place in case.evidence:
        st.caption(plain(f"{place.document}, page {place.page}"))


def show_answer(record: CaseRecord) -> None:
    """The answer with what is not proved marked, and why it is not; or why there is none."""
    if record.answer is None:
        st.error(plain(record.error), icon=":material/error:")
        return
    claims = record.answer["claims"]
    if record.answer["refused"] or not claims:
        st.markdown(plain(record.answer["answer"]))
        return
    st.markdown(" ".join(map(_claim, claims)))
    for claim in claims:
        if claim["verdict"] == "unsupported":
            st.caption(f"Not proved: {plain(claim['text'])} ({plain(claim['reason'])})")


def _claim(claim: dict[str, Any]) -> str:
    numbers = sorted({int(citation["number"]) for citation in claim["citations"]})
    marks = "".join(f" :blue-badge[{number}]" for number in numbers)
    text = plain(claim["text"])
    return f"{f':orange-background[{text}]' if claim['verdict'] == 'unsupported' else text}{marks}"


def _show_scores(record: CaseRecord) -> None:
    known = [(name, one) for name, one in record.scores.items() if one.value is not None]
    missing = [(name, one) for name, one in record.scores.items() if one.is_unscored]
    st.table(
        [
            {"Score": _told(name, score), "": f"**{figure(name, score.value)}**"}
            for name, score in [*known, *missing]
        ],
        hide_index=True, border="horizontal",
    )  # fmt: skip


def _told(name: str, score: Score) -> str:
    why = score.explanation or score.reason
    return f"{plain(metric_title(name))}{f'  {NEW_LINE}:small[{plain(why)}]' if why else ''}"


def _show_passages(record: CaseRecord) -> None:
    passages = [] if record.answer is None else record.answer["passages"]
    quotes = _quotes(record)
    gold = {(_file(one.document), one.page) for one in record.case.evidence}
    if passages:
        st.markdown("**Passages that were found**")
    for number, passage in enumerate(passages, 1):
        place = f"{passage['document']}, {page_name(passage['page'], passage['page_label'])}"
        tags = " :blue-badge[cited]" if number in quotes else ""
        if (_file(passage["document"]), passage["page"]) in gold:
            tags += " :green-badge[right page]"
        with st.expander(f"{number}. {plain(place)}{tags}"):
            text = str(passage["text"])
            st.markdown(_highlighted(text[:PASSAGE_SHOWN], quotes.get(number, [])))


def _quotes(record: CaseRecord) -> dict[int, list[str]]:
    quotes: dict[int, list[str]] = {}
    for claim in record.answer["claims"] if record.answer else ():
        for citation in claim["citations"]:
            quotes.setdefault(int(citation["number"]), []).append(str(citation["quote"]))
    return quotes


def _file(document: str) -> str:
    return PurePosixPath(document).name


def _about(record: CaseRecord) -> str:
    case = record.case
    parts: Sequence[str] = [
        f"Case {case.id}", *case.tags,
        *(f"{name}: {said}" for name, said in case.provenance.items()),
    ]  # fmt: skip
    return " · ".join(parts)


def _highlighted(text: str, quotes: Sequence[str]) -> str:
    """A passage as Markdown with its quotes marked."""
    return " ".join(
        f":yellow-background[{plain(piece.text)}]" if piece.marked else plain(piece.text)
        for piece in marked_pieces(text, quotes)
        if piece.text.strip()
    )
