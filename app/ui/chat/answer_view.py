"""An answer on the page: as it comes, then whole, with what a reader should know of it."""

from __future__ import annotations

import time

import streamlit as st

from app.answer_lines import summary
from app.counted import counted
from app.events import Answer
from app.ui.chat.answer_component import draw_answer
from app.ui.chat.answer_parts import answer_lines, copied_text
from app.ui.chat.asked import Asked
from app.ui.chat.conversation import Conversation, OpenPage
from app.ui.chat.receipt_view import show_receipt
from app.ui.plain import plain
from ingest.library import Library

LOOK_SECONDS = 0.25  # between two looks at an answer that is coming


def show_answer(asked: Asked, conversation: Conversation) -> None:
    """The answer as far as it is there; a footnote that is clicked opens its page."""
    answer, open_page = asked.answer, conversation.open_page
    if answer and answer.standalone_question != " ".join(answer.question.split()):
        st.caption(f"Understood as: {plain(answer.standalone_question)}")
    clicked = draw_answer(
        answer_lines(answer.text if answer else asked.text, asked.claims),
        summary=_summary(asked),
        copied=copied_text(answer) if answer else asked.text,
        running=asked.state == "running",
        opened=open_page.number if open_page and open_page.asked == asked.id else None,
        key=f"answer-{asked.id}",
    )
    if clicked:
        same = OpenPage(asked.id, clicked)
        conversation.open_page = None if open_page == same else same
        st.rerun(scope="app")


def _summary(asked: Asked) -> str:
    """The quiet line: how far the answer is, or what came of it."""
    if asked.answer:
        return summary(asked.answer)
    if asked.state != "running":
        return "Stopped." if asked.error is None else ""
    exchange = asked.running
    found = exchange.found if exchange else None
    if found is None:
        said = "Looking through the documents"
    else:
        documents = len({passage.document_id for passage in found.passages})
        passages = counted(len(found.passages), "passage")
        said = f"Read {passages} in {counted(documents, 'document')}"
    if exchange and exchange.step and not exchange.text:
        said = f"{said} · {exchange.step}"
    return f"{said} · {time.time() - asked.asked:.0f} s"


def show_beneath(asked: Asked, library: Library) -> None:
    """What a reader should know of an answer that is over, and how it came about."""
    if asked.error is not None:
        st.error(plain(asked.error), icon=":material/error:")
    answer = asked.answer
    if answer is None:
        return
    for warning in answer.receipt.warnings:
        st.warning(plain(warning))
    if changed := changed_since(answer, library):
        st.warning(plain(changed), icon=":material/history:")
    with st.expander(
        "How this answer came about", icon=":material/account_tree:", key=f"receipt-{asked.id}",
        on_change="rerun",
    ) as opened:  # fmt: skip
        if opened.open:
            show_receipt(answer)


def changed_since(answer: Answer, library: Library) -> str:
    """What has changed or gone of the documents that an answer cites; empty where nothing has."""
    cited = {c.document_id: c.document for claim in answer.claims for c in claim.citations}
    left = {id: name for id, name in cited.items() if not library.catalog.holds(id)}
    if not left:
        return ""
    names = {document.name for document in library.documents()}
    said = [
        f"{name} has changed since this answer was given" if name in names
        else f"{name} is no longer in the library"
        for name in sorted(left.values())
    ]  # fmt: skip
    return f"{'; '.join(said)}. Ask again to have an answer from the documents as they are."
