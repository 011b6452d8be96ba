"""The component that shows a page: it scrolls to the first mark, zooms, and turns by keys."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import streamlit as st

from app.counted import counted
from app.ui.viewer.page_marks import Box
from app.ui.viewer.page_text import Piece
from app.ui.viewer.sheet import Sheet

HERE = Path(__file__).parent

_component = st.components.v2.component(
    "citebound_page_view",
    html=(HERE / "page_view.html").read_text(encoding="utf-8"),
    css=(HERE / "page_view.css").read_text(encoding="utf-8"),
    js=(HERE / "page_view.js").read_text(encoding="utf-8"),
    isolate_styles=True,
)


def page_view(
    sheet: Sheet,
    *,
    key: str,
    height: int | Literal["stretch"] = "stretch",
    on_turn: Callable[[int], None] | None = None,
    on_leave: Callable[[], None] | None = None,
) -> None:
    """Show a page in a scroll area of its own, ``height`` pixels high or as high as there is room.

    ``on_turn`` is told 1 or -1 when the right or left key asks for another page, ``on_leave`` is
    called when Escape is pressed.
    """

    def turn() -> None:
        step = st.session_state[key].turn
        if on_turn is not None and step in (1, -1):
            on_turn(step)

    _component(
        key=key,
        data=_as_data(sheet, turns=on_turn is not None, leaves=on_leave is not None),
        height=height,
        on_turn_change=turn,
        on_leave_change=on_leave or _stay,
    )


def _stay() -> None:
    """What Escape does where there is nothing to leave."""


def _as_data(sheet: Sheet, *, turns: bool, leaves: bool) -> dict[str, object]:
    image = base64.b64encode(sheet.image).decode() if sheet.image else ""
    return {
        "name": sheet.name,
        "marked": _marked(sheet.boxes, sheet.paragraphs),
        "image": f"data:image/webp;base64,{image}" if image else "",
        "boxes": [
            [box.left, box.top, box.width, box.height, box.label, box.tint] for box in sheet.boxes
        ],
        "paragraphs": [[list(piece) for piece in pieces] for pieces in sheet.paragraphs],
        "note": sheet.note,
        "turns": turns,
        "leaves": leaves,
    }


def _marked(boxes: tuple[Box, ...], paragraphs: tuple[tuple[Piece, ...], ...]) -> str:
    """How many places are marked, for those who do not see them."""
    places = len(boxes) or sum(piece.marked for pieces in paragraphs for piece in pieces)
    return f"{counted(places, 'marked place')}." if places else "Nothing is marked."
