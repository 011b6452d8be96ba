"""What the model would get, and how much of its window that takes."""

from __future__ import annotations

import streamlit as st

from app.counted import counted
from app.models.choose import AnswerModel
from app.models.extractive import ExtractiveModel
from app.preview import EXEMPLARS, FRAME, PASSAGES, Preview, preview_prompt
from app.settings import AnswerSettings
from app.ui.plain import plain
from ingest.errors import CiteboundError
from ingest.library import Library
from ingest.search import Passage
from prompts.template import Prompt

FOUND = "wording_found"  # the passages of the question that was asked last, and what for
ROLES = {
    "system": "Instructions",
    "user": "What is asked",
    "assistant": "The answer of an example",
    "text": "The text that it goes on with",
}
SHARES = {
    "context": "context, with the question",
    EXEMPLARS: "examples",
    PASSAGES: "passages",
    FRAME: "what stands around them",
}


def show_preview(
    question: str,
    *,
    prompt: Prompt,
    library: Library,
    model: AnswerModel,
    settings: AnswerSettings,
) -> None:
    """The messages, the tokens, and what takes them."""
    writer = None if isinstance(model, ExtractiveModel) else model
    try:
        preview = preview_prompt(
            question,
            _passages(question, library, settings),
            prompt=prompt,
            library=library,
            model=writer,
            settings=settings,
        )
    except CiteboundError as error:
        st.warning(plain(str(error)), icon=":material/warning:")
        return
    _show_size(preview, has_model=writer is not None)
    for message in preview.composed.messages:
        st.markdown(f"**{ROLES[message.role]}**")
        st.code(message.text, language=None, wrap_lines=True)


def _passages(question: str, library: Library, settings: AnswerSettings) -> tuple[Passage, ...]:
    """What is found for a question; looked for once, however often the prompt changes."""
    asked_for = (question, str(library.folder), settings.passages, library.catalog.totals())
    kept = st.session_state.get(FOUND)
    if kept is None or kept[0] != asked_for:
        kept = (asked_for, tuple(library.search(question, top=settings.passages)))
        st.session_state[FOUND] = kept
    passages: tuple[Passage, ...] = kept[1]
    return passages


def _show_size(preview: Preview, *, has_model: bool) -> None:
    share = preview.tokens / preview.window
    st.progress(
        min(1.0, share),
        text=f"About {preview.tokens:,} of {preview.window:,} tokens, {share:.0%} of the window",
    )
    shown, left_out = len(preview.composed.passages), preview.composed.left_out
    fitted = counted(shown, "passage") + (f", {left_out} more do not fit" if left_out else "")
    kept = f"{preview.kept:,} tokens are kept free for the answer"
    whose = "" if has_model else " · no model is chosen that writes, so tokens are estimated"
    st.caption(f"{fitted} · {kept}{whose}")
    with st.expander("What takes how much", icon=":material/data_usage:"):
        st.markdown(_table(preview))
        st.caption("Each part is counted by itself.")


def _table(preview: Preview) -> str:
    """The parts with their tokens, as a table in Markdown; all words in it are ours."""
    rows = ["| part | tokens | of the window |", "|---|--:|--:|"]
    for name, tokens in preview.shares.items():
        rows.append(f"| {SHARES.get(name, name)} | {tokens:,} | {tokens / preview.window:.1%} |")
    return "\n".join(rows)
