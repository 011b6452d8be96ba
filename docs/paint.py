"""Paint the parts of a diagram on a canvas: frames, labels and boxes, and the text in them."""

from dataclasses import dataclass

from reportlab.lib.colors import HexColor
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from docs.flowchart import Node, Shape

STORE_LID = 4.0
INK, ARROW, PAPER = HexColor("#1f2933"), HexColor("#66727f"), HexColor("#ffffff")
GROUP_FILL, GROUP_LINE = HexColor("#f7f8f9"), HexColor("#c3cad1")
FILL = {"box": HexColor("#e9f0f6"), "round": HexColor("#f8f1e3"), "store": HexColor("#e8f2ea")}
LINE = {"box": HexColor("#5b7c99"), "round": HexColor("#b3945d"), "store": HexColor("#679374")}


@dataclass(frozen=True)
class Face:
    """A font with its size and the distance from line to line, in points."""

    font: str
    size: float
    leading: float

    def width(self, text: str) -> float:
        """How wide one line of text is, in points."""
        return stringWidth(text, self.font, self.size)


BOX_FACE = Face("Helvetica", 9.0, 11.0)
LABEL_FACE = Face("Helvetica-Oblique", 8.0, 9.5)


@dataclass(frozen=True)
class Text:
    """A label broken into lines, and its size in points."""

    lines: tuple[str, ...]
    width: float
    height: float


@dataclass(frozen=True)
class Frame:
    """A rectangle: its least and greatest x and y, with y counted downward."""

    left: float
    top: float
    right: float
    bottom: float


def measure(label: str, face: Face, width: float) -> Text:
    """Break a label into even lines that are no wider than `width`, or than its longest word."""
    # A long word widens its box: breaking it would tear the word apart for whoever searches.
    longest = max(face.width(word) for word in label.split()) + 0.01
    limit = max(width, longest)
    lines = simpleSplit(label, face.font, face.size, limit)
    # Even lines look better than a full line and a single word.
    while limit > longest:
        limit = max(longest, limit - 2)
        narrower = simpleSplit(label, face.font, face.size, limit)
        if len(narrower) > len(lines):
            break
        lines = narrower
    widest = max(face.width(line) for line in lines)
    return Text(tuple(lines), widest, len(lines) * face.leading)


def paint_group(canvas: Canvas, frame: Frame) -> None:
    """Draw the frame of a subgraph."""
    canvas.setFillColor(GROUP_FILL)
    canvas.setStrokeColor(GROUP_LINE)
    canvas.setLineWidth(0.7)
    width, height = frame.right - frame.left, frame.bottom - frame.top
    canvas.roundRect(frame.left, -frame.bottom, width, height, 5, stroke=1, fill=1)


def paint_label(canvas: Canvas, label: Text, x: float, y: float) -> None:
    """Write the label of an arrow on a patch of paper, centred on (x, y)."""
    canvas.setFillColor(PAPER)
    width, height = label.width + 4, label.height + 2
    canvas.rect(x - width / 2, y - height / 2, width, height, stroke=0, fill=1)
    _paint_lines(canvas, label, x, y, LABEL_FACE)


def paint_box(canvas: Canvas, frame: Frame, node: Node, text: Text) -> None:
    """Draw a box of the shape that its node asks for, with its text."""
    canvas.setFillColor(FILL[node.shape])
    canvas.setStrokeColor(LINE[node.shape])
    canvas.setLineWidth(0.9)
    _paint_outline(canvas, frame, node.shape)
    lid = STORE_LID * (node.shape == "store")
    x, y = (frame.left + frame.right) / 2, -(frame.top + frame.bottom + lid) / 2
    _paint_lines(canvas, text, x, y, BOX_FACE)


def _paint_outline(canvas: Canvas, frame: Frame, shape: Shape) -> None:
    width, height = frame.right - frame.left, frame.bottom - frame.top
    if shape != "store":
        radius = 3.0 if shape == "box" else 11.0
        canvas.roundRect(frame.left, -frame.bottom, width, height, radius, stroke=1, fill=1)
        return
    # A cylinder: a body with a round bottom edge, and the lid laid over it.
    lid, low, high = STORE_LID, -frame.bottom, -frame.top
    body = canvas.beginPath()
    body.moveTo(frame.left, high - lid)
    body.lineTo(frame.left, low + lid)
    body.curveTo(frame.left, low - lid / 3, frame.right, low - lid / 3, frame.right, low + lid)
    body.lineTo(frame.right, high - lid)
    canvas.drawPath(body, stroke=1, fill=1)
    canvas.ellipse(frame.left, high - 2 * lid, frame.right, high, stroke=1, fill=1)


def _paint_lines(canvas: Canvas, text: Text, x: float, y: float, face: Face) -> None:
    """Write the lines centred on (x, y)."""
    canvas.setFillColor(INK)
    canvas.setFont(face.font, face.size)
    baseline = y + text.height / 2 - (face.leading + face.size) / 2 + face.size * 0.28
    for line in text.lines:
        canvas.drawCentredString(x, baseline, line)
        baseline -= face.leading
