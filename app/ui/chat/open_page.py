"""The page that a footnote has opened, beside the answers."""

from __future__ import annotations

from app.ui.chat.answer_parts import quotes_of
from app.ui.chat.conversation import Conversation
from app.ui.viewer.panel import show_page
from ingest.library import Library


def show_open_page(conversation: Conversation, library: Library) -> None:
    """Draw the page with the words that prove something marked."""
    opened = conversation.open_page
    asked = conversation.find(opened.asked) if opened else None
    answer = asked.so_far if asked else None
    if opened is None or answer is None or opened.number > len(answer.passages):
        return
    passage = answer.passages[opened.number - 1]
    quotes = quotes_of(answer, opened.number)
    page, _ = passage.page_of(quotes[0] if quotes else "")

    def close() -> None:
        conversation.open_page = None

    show_page(
        library,
        passage.document_id,
        page,
        quotes,
        key=f"page-{opened.asked}-{opened.number}",
        on_close=close,
    )
