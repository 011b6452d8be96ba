"""Scanned pages, made on the spot: pictures of text in PDF files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A5
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A5
DOTS = 200 / 72  # pixels a point
LETTERS = 30  # pixels

Box = tuple[float, float, float, float]  # left, lower edge, width and height in points
WHOLE_PAGE: Box = (0.0, 0.0, WIDTH, HEIGHT)


def write_scan(
    path: Path,
    columns: Sequence[Sequence[str]],
    *,
    box: Box = WHOLE_PAGE,
    text: Sequence[str] = (),
    rotation: int = 0,
    skew: float = 0.0,
) -> Path:
    """A page with a picture of columns of lines at ``box``; ``text`` is its text layer, at the top.

    ``rotation`` is how far the page is turned when it is shown, ``skew`` how many degrees the
    picture is askew.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    canvas = Canvas(str(path), pagesize=A5, invariant=1)
    if rotation:
        canvas.setPageRotation(rotation)
    left, lower, width, height = box
    picture = draw_columns(columns, (round(width * DOTS), round(height * DOTS)))
    picture = picture.rotate(skew + rotation, expand=bool(rotation), fillcolor="white")
    canvas.drawImage(ImageReader(picture), left, lower, width, height)
    for row, line in enumerate(text):
        canvas.drawString(40, HEIGHT - 40 - row * 14, line)
    canvas.showPage()
    canvas.save()
    return path


def draw_columns(columns: Sequence[Sequence[str]], size: tuple[int, int]) -> Image.Image:
    """A picture of columns of lines, black on white."""
    picture = Image.new("RGB", size, "white")
    pencil, font = ImageDraw.Draw(picture), ImageFont.load_default(LETTERS)
    for column, lines in enumerate(columns):
        for row, line in enumerate(lines):
            left = 60 + column * size[0] // len(columns)
            pencil.text((left, 120 + row * LETTERS * 1.7), line, "black", font)
    return picture
