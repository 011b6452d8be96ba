"""Read the small subset of Mermaid flowcharts that the handbook draws.

A block opens with `flowchart LR` or `flowchart TD`. Each further line is a comment (`%% ...`),
`subgraph name [Title]`, `end`, or a chain of nodes: `a[Box] --> b(Rounded) -->|label| c[(Store)]`.
`-.->` is a dashed arrow. Anything else is an error, so that a diagram never loses a part unseen.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Direction = Literal["LR", "TD"]
Shape = Literal["box", "round", "store"]

_LABEL = r'(?:"([^"]+)"|([^\[\](){}"|]+))'
_SHAPES: dict[Shape, re.Pattern[str]] = {
    "store": re.compile(rf"\[\({_LABEL}\)\]"),
    "box": re.compile(rf"\[{_LABEL}\]"),
    "round": re.compile(rf"\({_LABEL}\)"),
}
_NAME = re.compile(r"\w+")
_ARROW = re.compile(r"\s*(-->|-\.->)(?:\|([^|]+)\|)?\s*")
_SUBGRAPH = re.compile(rf"subgraph\s+(\w+)\s*\[{_LABEL}\]")


class FlowchartError(ValueError):
    """A line of a flowchart that is outside the subset; `line` is its number in the file."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Node:
    """One box of the diagram; `group` names the subgraph that holds it."""

    name: str
    label: str
    shape: Shape
    group: str | None


@dataclass(frozen=True)
class Edge:
    """One arrow between two nodes, by their names."""

    source: str
    target: str
    label: str
    dashed: bool


@dataclass(frozen=True)
class Flowchart:
    """A parsed flowchart; `groups` maps a subgraph's name to its title."""

    direction: Direction
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    groups: dict[str, str]


@dataclass
class _Reader:
    """What has been read so far, and where."""

    line: int
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    groups: dict[str, str] = field(default_factory=dict)
    group: str | None = None

    def statement(self, text: str) -> None:
        """Read one line that is not empty."""
        if text == "end":
            self._close_group()
        elif text.startswith("subgraph"):
            self._open_group(text)
        else:
            self._chain(text)

    def _open_group(self, text: str) -> None:
        match = _SUBGRAPH.fullmatch(text)
        if match is None or self.group is not None:
            raise FlowchartError(self.line, f"cannot read subgraph (none may be nested): {text!r}")
        self.group = match[1]
        self.groups[self.group] = (match[2] or match[3]).strip()

    def _close_group(self) -> None:
        if self.group is None:
            raise FlowchartError(self.line, "'end' without a subgraph")
        self.group = None

    def _chain(self, text: str) -> None:
        source, position = self._node(text, 0)
        while position < len(text):
            arrow = _ARROW.match(text, position)
            if arrow is None:
                raise FlowchartError(self.line, f"unknown flowchart syntax: {text!r}")
            target, position = self._node(text, arrow.end())
            label = (arrow[2] or "").strip()
            self.edges.append(Edge(source, target, label, dashed=arrow[1] == "-.->"))
            source = target

    def _node(self, text: str, position: int) -> tuple[str, int]:
        name = _NAME.match(text, position)
        if name is None:
            raise FlowchartError(self.line, f"unknown flowchart syntax: {text!r}")
        for shape, pattern in _SHAPES.items():
            label = pattern.match(text, name.end())
            if label is not None:
                self._define(name[0], (label[1] or label[2]).strip(), shape)
                return name[0], label.end()
        return name[0], name.end()

    def _define(self, name: str, label: str, shape: Shape) -> None:
        if name in self.nodes:
            raise FlowchartError(self.line, f"node {name!r} has its label twice")
        self.nodes[name] = Node(name, label, shape, self.group)


def parse_flowchart(text: str, *, first_line: int) -> Flowchart:
    """Parse the inside of a mermaid block whose first line is number `first_line` of its file.

    Raises FlowchartError at the first line that is outside the subset.
    """
    lines = list(_statements(text, first_line))
    if not lines or lines[0][1] not in ("flowchart LR", "flowchart TD"):
        raise FlowchartError(first_line, "a diagram opens with 'flowchart LR' or 'flowchart TD'")
    reader = _Reader(line=first_line)
    for number, statement in lines[1:]:
        reader.line = number
        reader.statement(statement)
    _check_complete(reader)
    direction: Direction = "LR" if lines[0][1].endswith("LR") else "TD"
    return Flowchart(direction, tuple(reader.nodes.values()), tuple(reader.edges), reader.groups)


def _statements(text: str, first_line: int) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), first_line):
        statement = line.strip()
        if statement and not statement.startswith("%%"):
            yield number, statement


def _check_complete(reader: _Reader) -> None:
    if reader.group is not None:
        raise FlowchartError(reader.line, f"subgraph {reader.group!r} has no 'end'")
    for edge in reader.edges:
        for name in (edge.source, edge.target):
            if name not in reader.nodes:
                raise FlowchartError(reader.line, f"node {name!r} has no label")
        if edge.source == edge.target:
            raise FlowchartError(reader.line, f"node {edge.source!r} points to itself")
    for group in reader.groups.keys() - {node.group for node in reader.nodes.values()}:
        raise FlowchartError(reader.line, f"subgraph {group!r} is empty")
    if not reader.nodes:
        raise FlowchartError(reader.line, "the diagram has no nodes")
