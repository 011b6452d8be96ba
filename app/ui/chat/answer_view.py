"""An answer on the page: sentences, footnotes, what is not proved, and why."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.events import Answer, Claim
from app.ui.chat.exchange import Exchange
from app.ui.chat.keep_button import show_keep_button
from app.ui.chat.passage import show_citation
from app.ui.chat.receipt_view import show_receipt
from app.ui.counted import counted
from app.ui.plain import plain
from ingest.library import Library


def show_progress(place: DeltaGenerator, exchange: Exchange) -> None:
    """One quiet line while an answer is coming."""
    if exchange.found is None:
        said = "Looking through the documents"
    else:
        passages = exchange.found.passages
        documents = len({passage.document_id for passage in passages})
        said = f"Read {counted(len(passages), 'passage')} in {counted(documents, 'document')}"
    if exchange.step and not exchange.text:
        said = f"{said} · {plain(exchange.step)}"
    place.caption(f":shimmer[{said}] · {exchange.seconds:.0f} s")


def show_exchange(exchange: Exchange, library: Library, key: str) -> None:
    """An answer that is over, whichever way it ended."""
    if exchange.answer is not None:
        _show_answer(exchange.answer, library, key)
        return
    if exchange.text:
        st.markdown(plain(exchange.text))
    if exchange.error is not None:
        st.error(plain(exchange.error), icon=":material/error:")
    else:
        st.caption("Stopped.")


def _show_answer(answer: Answer, library: Library, key: str) -> None:
    if answer.standalone_question != " ".join(answer.question.split()):
        st.caption(f"Understood as: {plain(answer.standalone_question)}")
    for paragraph in paragraphs(answer):
        st.markdown(" ".join(sentence(claim) for claim in paragraph))
    st.caption(summary(answer))
    show_keep_button(answer, library, key)
    for warning in answer.receipt.warnings:
        st.warning(warning)
    for number, quotes in cited(answer).items():
        show_citation(library, answer.passages[number - 1], number, quotes, f"{key}-{number}")
    if answer.receipt.calls:
        with st.expander("How this answer came about", icon=":material/account_tree:"):
            show_receipt(answer)


def sentence(claim: Claim) -> str:
    """One sentence as Markdown, with its footnotes and a visible mark where it is not proved."""
    text = plain(claim.text)
    notes = " ".join(f":blue-badge[{citation.number}]" for citation in claim.citations)
    if claim.verdict == "unsupported":
        text = f":orange-background[{text}]"
        notes += f" :small[:orange[not proved: {plain(claim.reason)}]]"
    if claim.rebound:
        notes += f" :small[:gray[cited anew: {plain(claim.rebound)}]]"
    return f"{text} {notes}".strip()


def summary(answer: Answer) -> str:
    """The quiet line under an answer."""
    seconds = f"{answer.receipt.seconds:.1f} s"
    if answer.refused:
        return f"None of {counted(len(answer.passages), 'passage')} answers it · {seconds}"
    documents = {c.document_id for claim in answer.claims for c in claim.citations}
    coverage = [str(answer.coverage)] if answer.coverage else []
    parts = [
        f"{answer.proved} of {counted(answer.checked, 'sentence')} proved",
        counted(len(documents), "document"),
        *coverage,
        seconds,
    ]
    return " · ".join(parts)


def cited(answer: Answer) -> dict[int, tuple[str, ...]]:
    """The footnote numbers of an answer, in order, with the quotes that prove something."""
    found: dict[int, list[str]] = {}
    for claim in answer.claims:
        for citation in claim.citations:
            quotes = found.setdefault(citation.number, [])
            if claim.verdict == "supported" and citation.quote not in quotes:
                quotes.append(citation.quote)
    return {number: tuple(quotes) for number, quotes in sorted(found.items())}


def paragraphs(answer: Answer) -> list[list[Claim]]:
    """The claims of an answer by the lines that they were written in."""
    found: list[list[Claim]] = []
    position = 0
    for claim in answer.claims:
        first = claim.text.split(maxsplit=1)[0] if claim.text else ""
        start = max(answer.text.find(first, position), position)
        if not found or "\n" in answer.text[position:start]:
            found.append([])
        found[-1].append(claim)
        position = start + len(first)
    return found
