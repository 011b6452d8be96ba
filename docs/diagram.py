"""Draw a flowchart as a vector picture in a PDF: a reportlab flowable of boxes and arrows."""

from dataclasses import replace

from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject
from reportlab.platypus.flowables import Flowable

from docs.flowchart import Flowchart, FlowchartError
from docs.layout import GROUP_PADDING, Cell, Layout, Route, lay_out
from docs.paint import (
    ARROW,
    BOX_FACE,
    LABEL_FACE,
    STORE_LID,
    Frame,
    measure,
    paint_box,
    paint_group,
    paint_label,
)

BOX_PADDING_X, BOX_PADDING_Y = 8.0, 6.5
GROUP_TITLE = 12.0
LAYER_GAP = {"TD": 24.0, "LR": 26.0}
TEXT_WIDTHS = (116.0, 100.0, 86.0, 74.0, 64.0)
LABEL_WIDTH = {"TD": 100.0, "LR": 62.0}
SMALLEST_SCALE = 0.85
TALLEST = 600.0
HEAD = 6.5
LABEL_ROOM = 25.0


class Diagram(Flowable):
    """A flowchart, centred in the text column and shrunk a little when it is too wide.

    Raises FlowchartError, at `line`, when it cannot be drawn legibly within `width` points.
    """

    def __init__(self, chart: Flowchart, *, width: float, line: int) -> None:
        super().__init__()
        self.picture = _fit(chart, width)
        self.column = width
        self.scale = min(1.0, width / self.picture.width)
        if self.scale < SMALLEST_SCALE or self.picture.height * self.scale > TALLEST:
            raise FlowchartError(line, "the diagram is too large to read on one page")
        clash = self.picture.stranger()
        if clash:
            raise FlowchartError(line, f"the frame of a subgraph covers {clash!r}")

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """The size that the picture takes: the whole column, as high as it is drawn."""
        return self.column, self.picture.height * self.scale

    def draw(self) -> None:
        """Paint the picture; reportlab has moved the origin to the lower left corner."""
        canvas: Canvas = self.canv
        canvas.saveState()
        canvas.translate((self.column - self.picture.width * self.scale) / 2, 0)
        canvas.scale(self.scale, self.scale)
        self.picture.paint(canvas)
        canvas.restoreState()


def _fit(chart: Flowchart, width: float) -> "Picture":
    """The picture with the widest boxes that still fit the column, or the narrowest one."""
    for text_width in TEXT_WIDTHS:
        picture = Picture(chart, text_width)
        if picture.width <= width:
            break
    return picture


class Picture:
    """A laid-out flowchart in points, with y counted downward from its top."""

    def __init__(self, chart: Flowchart, text_width: float) -> None:
        self.chart = chart
        self.down = chart.direction == "TD"
        self.nodes = {node.name: node for node in chart.nodes}
        self.texts = {node.name: measure(node.label, BOX_FACE, text_width) for node in chart.nodes}
        self.labels = [
            measure(edge.label, LABEL_FACE, LABEL_WIDTH[chart.direction]) if edge.label else None
            for edge in chart.edges
        ]
        across = {name: self._box_size(name)[0 if self.down else 1] for name in self.nodes}
        self.layout: Layout = lay_out(chart, across, title_room=0.0 if self.down else GROUP_TITLE)
        self.spans = self._layer_spans()
        self.frames = self._group_frames()
        self._move_to_origin()

    def _box_size(self, name: str) -> tuple[float, float]:
        text, lid = self.texts[name], STORE_LID * (self.nodes[name].shape == "store")
        return text.width + 2 * BOX_PADDING_X, text.height + 2 * BOX_PADDING_Y + lid

    def _layer_spans(self) -> list[tuple[float, float]]:
        """Where each layer starts and ends along the flow; all its boxes are that deep."""
        spans: list[tuple[float, float]] = []
        start = 0.0
        for number, layer in enumerate(self.layout.layers):
            if number:
                start = spans[-1][1] + self._gap(number)
            sizes = [self._box_size(cell.name) for cell in layer if cell.name]
            depth = max((size[1 if self.down else 0] for size in sizes), default=0.0)
            spans.append((start, start + depth))
        return spans

    def _gap(self, number: int) -> float:
        """The room between layer `number` and the one before it."""
        axis = 1 if self.down else 0
        labels = [
            (label.width, label.height)[axis]
            for label, route in zip(self.labels, self.layout.routes, strict=True)
            if label is not None and route.cells[1].layer == number
        ]
        least = max(LAYER_GAP[self.chart.direction], max(labels, default=0.0) + LABEL_ROOM)
        return least + sum(self._frame_room(number))

    def _frame_room(self, number: int) -> tuple[float, float]:
        """What frames that open at layer `number`, and that close before it, take of the gap."""
        opening = [
            GROUP_PADDING + (GROUP_TITLE if self.down and not self._is_band(name) else 0.0)
            for name in self.chart.groups
            if self._group_layers(name)[0] == number
        ]
        closes = any(self._group_layers(name)[1] == number - 1 for name in self.chart.groups)
        return max(opening, default=0.0), GROUP_PADDING * closes

    def _group_layers(self, group: str) -> tuple[int, int]:
        layers = [cell.layer for cell in self._members(group)]
        return min(layers, default=0), max(layers, default=0)

    def _is_band(self, group: str) -> bool:
        """Whether a subgraph is one layer of a diagram that runs down: its title goes beside it."""
        first, last = self._group_layers(group)
        return self.down and first == last

    def _members(self, group: str) -> list[Cell]:
        return [cell for layer in self.layout.layers for cell in layer if cell.group == group]

    def _group_frames(self) -> dict[str, Frame]:
        frames = {name: self._group_frame(name) for name in self.chart.groups}
        if len(frames) > 1 and all(self._is_band(name) for name in frames):
            # Bands that lie one above the other are equally wide.
            left = min(frame.left for frame in frames.values())
            right = max(frame.right for frame in frames.values())
            frames = {
                name: replace(frame, left=left, right=right) for name, frame in frames.items()
            }
        return frames

    def _group_frame(self, group: str) -> Frame:
        members = [self._cell_frame(cell) for cell in self._members(group)]
        left = min(frame.left for frame in members) - GROUP_PADDING
        right = max(frame.right for frame in members) + GROUP_PADDING
        top = min(frame.top for frame in members) - GROUP_PADDING
        title = LABEL_FACE.width(self.chart.groups[group]) + 14
        if self._is_band(group):
            left -= title
        else:
            top -= GROUP_TITLE
            right = max(right, left + title)
        return Frame(left, top, right, max(frame.bottom for frame in members) + GROUP_PADDING)

    def _paint_title(self, canvas: Canvas, group: str) -> None:
        frame, title = self.frames[group], self.chart.groups[group]
        width = LABEL_FACE.width(title)
        x, y = frame.left + 7, -frame.top - 11.5
        if self._is_band(group):
            y = -(frame.top + frame.bottom) / 2 - LABEL_FACE.size / 3
        elif any(x - 4 < entry < x + width + 4 for entry in self._entries(group)):
            x = frame.right - 7 - width
        canvas.setFillColor(ARROW)
        canvas.setFont(LABEL_FACE.font, LABEL_FACE.size)
        canvas.drawString(x, y, title)

    def _entries(self, group: str) -> list[float]:
        """Where, across the flow, arrows come into a subgraph from the layers above it."""
        return [
            self._places(route)[-1]
            for route in self.layout.routes
            if route.cells[-1].group == group and route.cells[0].group != group and self.down
        ]

    def _cell_frame(self, cell: Cell) -> Frame:
        start, end = self.spans[cell.layer]
        low, high = cell.centre - cell.across / 2, cell.centre + cell.across / 2
        return Frame(low, start, high, end) if self.down else Frame(start, low, end, high)

    def _move_to_origin(self) -> None:
        cells = [cell for layer in self.layout.layers for cell in layer]
        frames = [self._cell_frame(cell) for cell in cells] + list(self.frames.values())
        self.left = min(frame.left for frame in frames) - 1
        self.top = min(frame.top for frame in frames) - 1
        self.width = max(frame.right for frame in frames) + 1 - self.left
        self.height = max(frame.bottom for frame in frames) + 1 - self.top

    def stranger(self) -> str | None:
        """The label of a box that stands in the frame of a subgraph that it is no member of."""
        for group, frame in self.frames.items():
            for name, node in self.nodes.items():
                if node.group != group and _overlap(frame, self._cell_frame(self._cell(name))):
                    return node.label
        return None

    def _cell(self, name: str) -> Cell:
        return next(c for layer in self.layout.layers for c in layer if c.name == name)

    def paint(self, canvas: Canvas) -> None:
        """Draw frames, then arrows, then labels and boxes, so that text is never covered."""
        # The layout counts y downward, the canvas upward.
        canvas.translate(-self.left, self.height + self.top)
        for frame in self.frames.values():
            paint_group(canvas, frame)
        places = [self._paint_route(canvas, route) for route in self.layout.routes]
        for group in self.frames:
            self._paint_title(canvas, group)
        for label, place in zip(self.labels, places, strict=True):
            if label is not None:
                paint_label(canvas, label, *place)
        for cell in (cell for layer in self.layout.layers for cell in layer if cell.name):
            node, text = self.nodes[cell.name], self.texts[cell.name]
            paint_box(canvas, self._cell_frame(cell), node, text)

    def _paint_route(self, canvas: Canvas, route: Route) -> tuple[float, float]:
        """Draw one arrow and return the middle of its first leg, where its label goes."""
        places = self._places(route)
        canvas.setStrokeColor(ARROW)
        canvas.setLineWidth(0.9)
        canvas.setDash([3, 2] if route.edge.dashed else [])
        canvas.drawPath(self._curve(canvas, route, places))
        canvas.setDash([])
        first, last = self.spans[route.cells[0].layer], self.spans[route.cells[-1].layer]
        if route.backward:
            self._paint_head(canvas, first[1], places[0], HEAD)
        else:
            self._paint_head(canvas, last[0], places[-1], -HEAD)
        return self._point(self._label_place(route), (places[0] + places[1]) / 2)

    def _curve(self, canvas: Canvas, route: Route, places: list[float]) -> PDFPathObject:
        """From box to box: a curve through each gap, and straight through each layer between."""
        spans = [self.spans[cell.layer] for cell in route.cells]
        # The line ends inside the arrowhead, so that its blunt end does not show at the tip.
        short = HEAD - 1
        path = canvas.beginPath()
        path.moveTo(*self._point(spans[0][1] + short * route.backward, places[0]))
        last = len(spans) - 1
        for leg in range(1, last + 1):
            end = spans[leg][0] - short * (leg == last and not route.backward)
            middle = (spans[leg - 1][1] + end) / 2
            # Both handles lie along the flow: the curve leaves and enters its boxes squarely.
            path.curveTo(
                *self._point(middle, places[leg - 1]),
                *self._point(middle, places[leg]),
                *self._point(end, places[leg]),
            )
            if leg < last:
                path.lineTo(*self._point(spans[leg][1], places[leg]))
        return path

    def _label_place(self, route: Route) -> float:
        """The middle of the room before the second cell that no frame of a subgraph takes."""
        number = route.cells[1].layer
        start, end = self.spans[number - 1][1], self.spans[number][0]
        opening, closing = self._frame_room(number)
        return (start + closing + end - opening) / 2

    def _places(self, route: Route) -> list[float]:
        """Where, across the flow, an arrow leaves, bends and arrives."""
        places = [cell.centre for cell in route.cells]
        for end, inner in ((0, 1), (-1, -2)):
            places[end] = self._port(route, end)
            # An arrow that has its side to itself goes straight rather than by a small wriggle.
            alone = sum(other.cells[end] is route.cells[end] for other in self.layout.routes) == 1
            if alone and abs(places[end] - places[inner]) < route.cells[end].across / 4:
                places[end] = places[inner]
        return places

    def _port(self, route: Route, end: int) -> float:
        """Where an arrow touches its box: the arrows of one side are spread, in their order."""
        cell = route.cells[end]
        inner = 1 if end == 0 else -2
        sharing = [other for other in self.layout.routes if other.cells[end] is cell]
        sharing.sort(key=lambda other: other.cells[inner].centre)
        step = min(14.0, 0.6 * cell.across / max(1, len(sharing) - 1))
        place = next(n for n, other in enumerate(sharing) if other is route)
        return cell.centre + (place - (len(sharing) - 1) / 2) * step

    def _point(self, along: float, across: float) -> tuple[float, float]:
        return (across, -along) if self.down else (along, -across)

    def _paint_head(self, canvas: Canvas, tip: float, across: float, length: float) -> None:
        path = canvas.beginPath()
        path.moveTo(*self._point(tip, across))
        path.lineTo(*self._point(tip + length, across - HEAD / 2))
        path.lineTo(*self._point(tip + length, across + HEAD / 2))
        path.close()
        canvas.setFillColor(ARROW)
        canvas.drawPath(path, stroke=0, fill=1)


def _overlap(one: Frame, other: Frame) -> bool:
    return (
        one.left < other.right
        and other.left < one.right
        and one.top < other.bottom
        and other.top < one.bottom
    )
