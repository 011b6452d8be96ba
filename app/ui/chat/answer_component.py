"""An answer in the browser: footnotes that are clicked, reasons that are hovered, a copy button."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent
HTML = (
    '<div class="answer"><div class="lines" aria-live="polite"></div>'
    '<div class="foot"><span class="summary"></span>'
    '<button class="copy" type="button" hidden>Copy</button></div></div>'
)

_draw = st.components.v2.component(
    "citebound_answer",
    html=HTML,
    css=(HERE / "answer.css").read_text(encoding="utf-8"),
    js=(HERE / "answer.js").read_text(encoding="utf-8"),
)


def draw_answer(
    lines: list[dict[str, Any]],
    *,
    summary: str,
    copied: str,
    running: bool,
    opened: int | None,
    key: str,
) -> int | None:
    """Draw an answer; the number of the footnote that was just clicked, if one was.

    ``lines`` are those of ``answer_lines``, ``copied`` is what the button copies (none: no button),
    ``opened`` the number of the footnote whose page is open.
    """
    data = {
        "lines": lines,
        "summary": summary,
        "copied": copied,
        "running": running,
        "opened": opened,
    }
    result = _draw(data=data, key=key, on_footnote_change=lambda: None)
    clicked = getattr(result, "footnote", None)
    return int(clicked) if clicked else None
