"""What is typed into the boxes of a prompt is taken in after a short pause, without leaving them.

Streamlit takes a text in when its box is left, or on Ctrl+Enter; a pause presses these keys. The
preview stays in sight beside the boxes.
"""

from __future__ import annotations

import streamlit as st

SCRIPT = """
const PAUSE = 400  // milliseconds without a key
export default function () {
  let timer
  const take = (event) => {
    const box = event.target
    if (!(box instanceof HTMLTextAreaElement) || event.isComposing) return
    if (!box.closest('[class*="st-key-part-"]')) return
    clearTimeout(timer)
    const keys = {key: "Enter", code: "Enter", ctrlKey: true, metaKey: true, bubbles: true}
    timer = setTimeout(() => box.dispatchEvent(new KeyboardEvent("keydown", keys)), PAUSE)
  }
  document.addEventListener("input", take)
  return () => {
    clearTimeout(timer)
    document.removeEventListener("input", take)
  }
}
"""
STYLE = """
@media (min-width: 641px) {
  [data-testid="stColumn"]:has(.st-key-preview) {
    position: sticky; top: 4.5rem; align-self: flex-start;
    max-height: calc(100vh - 6rem); overflow-y: auto;
  }
}
"""

follow_typing = st.components.v2.component(
    "citebound.live_preview", js=SCRIPT, css=STYLE, isolate_styles=False
)
