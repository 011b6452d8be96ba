"""Place the boxes and arrows of a flowchart in layers.

The usual layered method: break cycles, give every node a layer by its longest path, put a bend in
every layer that a long arrow passes (so that it goes between boxes and never through one), order
the layers by the mean place of their neighbours, then pull each cell towards its neighbours as far
as its own layer's order and spacing allow. Lengths are points, *along* the flow and *across* it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from docs.flowchart import Edge, Flowchart

BOX_GAP = 18.0
BEND_GAP = 10.0
GROUP_PADDING = 9.0
SWEEPS = 12


@dataclass
class Cell:
    """A box, or (with no `name`) a bend of a long arrow, and where it stands."""

    name: str
    across: float
    layer: int
    group: str | None
    centre: float = 0.0
    before: list["Cell"] = field(default_factory=list)
    after: list["Cell"] = field(default_factory=list)


@dataclass(frozen=True)
class Route:
    """The cells that an arrow passes, from layer to layer; `backward` if it points up the flow."""

    edge: Edge
    cells: tuple[Cell, ...]
    backward: bool


@dataclass(frozen=True)
class Layout:
    """The layers in order, each with its cells in order, and the routes of the arrows."""

    layers: tuple[tuple[Cell, ...], ...]
    routes: tuple[Route, ...]


def lay_out(chart: Flowchart, across: dict[str, float], *, title_room: float) -> Layout:
    """Place `chart`, whose boxes measure `across` points, by name, across the flow.

    `title_room` is what a subgraph's title takes before its first box, across the flow.
    """
    backward = _backward_edges(chart)
    forward = [_forward(edge, edge in backward) for edge in chart.edges]
    ranks = _ranks([node.name for node in chart.nodes], forward)
    cells = {
        node.name: Cell(node.name, across[node.name], ranks[node.name], node.group)
        for node in chart.nodes
    }
    routes = tuple(_route(edge, cells, backward=edge in backward) for edge in chart.edges)
    layers = _layers(list(cells.values()), routes)
    _order(layers)
    _settle(layers, title_room)
    _part_groups(layers, title_room)
    return Layout(tuple(tuple(layer) for layer in layers), routes)


def _forward(edge: Edge, backward: bool) -> tuple[str, str]:
    return (edge.target, edge.source) if backward else (edge.source, edge.target)


def _backward_edges(chart: Flowchart) -> set[Edge]:
    """The arrows that close a cycle, found depth first in the order they are written."""
    backward: set[Edge] = set()
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        for edge in chart.edges:
            if edge.source != name:
                continue
            if edge.target in (*path, name):
                backward.add(edge)
            elif edge.target not in done:
                visit(edge.target, (*path, name))
        done.add(name)

    for node in chart.nodes:
        if node.name not in done:
            visit(node.name, ())
    return backward


def _ranks(names: list[str], edges: list[tuple[str, str]]) -> dict[str, int]:
    """The layer of each node: as early as its arrows allow, then as near to what it feeds."""
    ranks = dict.fromkeys(names, 0)
    for _ in names:
        for source, target in edges:
            ranks[target] = max(ranks[target], ranks[source] + 1)
    for name in sorted(names, key=lambda name: -ranks[name]):
        below = [ranks[target] for source, target in edges if source == name]
        arriving = sum(target == name for _, target in edges)
        # Moving a node down shortens the arrows that leave it and lengthens those that arrive.
        if below and arriving <= len(below):
            ranks[name] = min(below) - 1
    return ranks


def _route(edge: Edge, cells: dict[str, Cell], *, backward: bool) -> Route:
    first, last = (cells[name] for name in _forward(edge, backward))
    group = first.group if first.group == last.group else None
    bends = [Cell("", 0.0, layer, group) for layer in range(first.layer + 1, last.layer)]
    chain = (first, *bends, last)
    for upper, lower in pairwise(chain):
        upper.after.append(lower)
        lower.before.append(upper)
    return Route(edge, chain, backward)


def _layers(boxes: list[Cell], routes: Sequence[Route]) -> list[list[Cell]]:
    layers: list[list[Cell]] = [[] for _ in range(max(box.layer for box in boxes) + 1)]
    for box in boxes:
        layers[box.layer].append(box)
    for route in routes:
        for bend in route.cells[1:-1]:
            layers[bend.layer].append(bend)
    for layer in layers:
        _number(layer)
    return layers


def _number(layer: list[Cell]) -> None:
    for place, cell in enumerate(layer):
        cell.centre = place - (len(layer) - 1) / 2


def _order(layers: list[list[Cell]]) -> None:
    """Sort each layer by its neighbours' mean place, and keep the order that crosses least."""
    best = [list(layer) for layer in layers]
    for sweep in range(SWEEPS):
        downward = sweep % 2 == 0
        for layer in layers if downward else reversed(layers):
            _sort(layer, lambda cell: cell.before if downward else cell.after)  # noqa: B023
        if _crossings(layers) < _crossings(best):
            best = [list(layer) for layer in layers]
    for layer, order in zip(layers, best, strict=True):
        layer[:] = order
        _number(layer)


def _sort(layer: list[Cell], neighbours: Callable[[Cell], list[Cell]]) -> None:
    wanted = {id(cell): _mean(neighbours(cell), cell.centre) for cell in layer}
    groups: dict[str | None, list[float]] = {}
    for cell in layer:
        groups.setdefault(cell.group, []).append(wanted[id(cell)])

    def key(cell: Cell) -> tuple[float, str, float]:
        # Members of one subgraph stay side by side: its frame must not enclose a stranger.
        own = wanted[id(cell)]
        return (
            (own, "", own) if cell.group is None else (_middle(groups[cell.group]), cell.group, own)
        )

    layer.sort(key=key)
    _number(layer)


def _mean(cells: list[Cell], default: float) -> float:
    return sum(cell.centre for cell in cells) / len(cells) if cells else default


def _middle(values: list[float]) -> float:
    return sum(values) / len(values)


def _crossings(layers: list[list[Cell]]) -> int:
    total = 0
    for layer, following in pairwise(layers):
        place = {id(cell): number for number, cell in enumerate(following)}
        ends = [[place[id(lower)] for lower in cell.after] for cell in layer]
        for number, left in enumerate(ends):
            right = [end for other in ends[number + 1 :] for end in other]
            total += sum(a > b for a in left for b in right)
    return total


def _settle(layers: list[list[Cell]], title_room: float) -> None:
    """Turn places into points: each cell as near its neighbours as the spacing allows."""
    for layer in layers:
        _pull(layer, [0.0] * len(layer), title_room)
    for sweep in range(2 * SWEEPS):
        both = sweep >= SWEEPS
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            wanted = []
            for cell in layer:
                near = cell.before + cell.after if both or sweep % 2 else cell.before
                wanted.append(_mean(near, cell.centre))
            _pull(layer, wanted, title_room)


def _pull(layer: list[Cell], wanted: list[float], title_room: float) -> None:
    """Least squares under an order with gaps: shift the gaps out, then pool adjacent violators."""
    offsets = [0.0]
    for left, right in pairwise(layer):
        offsets.append(offsets[-1] + _spacing(left, right, title_room))
    blocks: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        value, size = want - offset, 1
        while blocks and blocks[-1][0] > value:
            before, count = blocks.pop()
            value, size = (before * count + value * size) / (count + size), count + size
        blocks.append((value, size))
    flat = [value for value, size in blocks for _ in range(size)]
    for cell, value, offset in zip(layer, flat, offsets, strict=True):
        cell.centre = value + offset


def _spacing(left: Cell, right: Cell, title_room: float) -> float:
    gap = BOX_GAP if left.name and right.name else BEND_GAP
    if left.group != right.group:
        gap += GROUP_PADDING * ((left.group is not None) + (right.group is not None))
        gap += title_room if right.group is not None else 0.0
    return (left.across + right.across) / 2 + gap


def _part_groups(layers: list[list[Cell]], title_room: float) -> None:
    """Push to the side what stands in the frame of a subgraph without being a member of it."""
    groups: dict[str, list[Cell]] = {}
    for cell in (cell for layer in layers for cell in layer):
        if cell.group is not None:
            groups.setdefault(cell.group, []).append(cell)
    # Each push can cause the next one; more of them than this means that none will do.
    for _ in range(4 * len(layers)):
        for members in groups.values():
            _push_strangers(layers, members, groups, title_room)


def _push_strangers(
    layers: list[list[Cell]],
    members: list[Cell],
    groups: dict[str, list[Cell]],
    title_room: float,
) -> None:
    depths = [cell.layer for cell in members]
    for layer in layers[min(depths) : max(depths) + 1]:
        for cell in [cell for cell in layer if cell.group != members[0].group]:
            mates = groups[cell.group] if cell.group is not None else [cell]
            left, right = sorted((members, mates), key=lambda cells: _mean(cells, 0.0))
            least = _spacing(left[0], right[0], title_room)
            least -= (left[0].across + right[0].across) / 2
            overlap = _right_edge(left) + least - _left_edge(right)
            moving = _with_followers(layers, right, groups)
            if overlap > 0.01 and not any(cell is other for cell in left for other in moving):
                for follower in moving:
                    follower.centre += overlap


def _left_edge(cells: list[Cell]) -> float:
    return min(cell.centre - cell.across / 2 for cell in cells)


def _right_edge(cells: list[Cell]) -> float:
    return max(cell.centre + cell.across / 2 for cell in cells)


def _with_followers(
    layers: list[list[Cell]], cells: list[Cell], groups: dict[str, list[Cell]]
) -> list[Cell]:
    """`cells` and all that stands after them in their layers, with whole subgraphs."""
    found = list(cells)
    for cell in found:  # The list grows while it is read, until nothing new follows.
        layer = layers[cell.layer]
        place = next(number for number, other in enumerate(layer) if other is cell)
        mates = groups[cell.group] if cell.group is not None else []
        for other in (*layer[place + 1 :], *mates):
            if not any(other is known for known in found):
                found.append(other)
    return found
