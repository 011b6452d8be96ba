"""Narrow rows of buttons, as a list of links: the conversations, the contents of the handbook."""

from __future__ import annotations

from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

LOOK = """<style>
.st-key-{key} button {{ min-height: 1.75rem; padding-block: 0; }}
.st-key-{key} button * {{ justify-content: flex-start; text-align: left; }}
</style>"""


def rows(key: str, height: int | Literal["content"] = "content") -> DeltaGenerator:
    """A container for buttons, which stand at its left; higher than ``height`` it scrolls."""
    st.html(LOOK.format(key=key))
    return st.container(height=height, border=False, gap="xxsmall", key=key)
