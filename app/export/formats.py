"""The formats that a conversation is exported in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.export.conversation import ExportedConversation


@dataclass(frozen=True)
class Format:
    """A format: its name, how its files end, their media type, and what makes one."""

    label: str
    ending: str
    media_type: str
    make: Callable[[ExportedConversation], bytes]


def _markdown(conversation: ExportedConversation) -> bytes:
    from app.export.markdown import to_markdown

    return to_markdown(conversation)


def _html(conversation: ExportedConversation) -> bytes:
    from app.export.html import to_html

    return to_html(conversation)


def _pdf(conversation: ExportedConversation) -> bytes:
    from app.export.pdf import to_pdf  # takes a second to import

    return to_pdf(conversation)


FORMATS: dict[str, Format] = {
    one.ending: one
    for one in (
        Format("Markdown", "md", "text/markdown", _markdown),
        Format("HTML", "html", "text/html", _html),
        Format("PDF", "pdf", "application/pdf", _pdf),
    )
}
