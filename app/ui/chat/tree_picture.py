"""The tree of a tree of thought as a picture: each step, its score, and what became of it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

LINE = re.compile(r"(?P<indent> *)(?P<thought>.*) \[(?P<score>\d\.\d), (?P<fate>[^\]]*)\]")
INDENT = 2  # spaces for each step down
LINE_CHARACTERS = 28
MOST_CHARACTERS = 150  # of a thought on the picture; the text below it has all of it
# Light fills with dark text can be read on a light page and on a dark one.
FILLS = {
    "100% proved": "#cdebd6",
    "answered": "#f5e6bf",
    "followed": "#d6e4f5",
    "went back": "#f3d9d5",
}
NOT_LOOKED_AT = "#e6e6e3"
HEAD = (
    "digraph {",
    'bgcolor="transparent" rankdir="TB" nodesep="0.2" ranksep="0.35"',
    'node [shape="box" style="rounded,filled" penwidth="0" fontname="sans-serif" fontsize="12" '
    'fontcolor="#1a1a1a"]',
    'edge [color="#8a8a8a"]',
)


def tree_picture(text: str) -> str:
    """The lines of the step ``tree`` in Graphviz's language; empty where they are none."""
    nodes, edges, above = [], [], dict[int, int]()
    for number, line in enumerate(text.splitlines()):
        found = LINE.fullmatch(line)
        if found is None:
            return ""
        depth = len(found["indent"]) // INDENT
        nodes.append(_node(number, found["thought"], f"{found['score']} · {found['fate']}"))
        if depth:
            edges.append(f"n{above[depth - 1]} -> n{number}")
        above[depth] = number
    return "\n".join([*HEAD, *nodes, *edges, "}"]) if nodes else ""


def _node(number: int, thought: str, fate: str) -> str:
    fill = next((FILLS[word] for word in FILLS if word in fate), NOT_LOOKED_AT)
    shown = textwrap.shorten(thought, MOST_CHARACTERS, placeholder="…")
    lines = [*textwrap.wrap(shown, LINE_CHARACTERS), fate]
    label = "\\n".join(_escaped(lines))
    return f'n{number} [label="{label}" fillcolor="{fill}"]'


def _escaped(lines: list[str]) -> Iterator[str]:
    """Text that stays text between Graphviz's quotes, whatever a model wrote."""
    for line in lines:
        yield line.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
