"""The icon in the browser's tab: drawn here, for a named one is fetched from the internet."""

from __future__ import annotations

from PIL import Image, ImageDraw

SIZE = 64
PAPER, INK, MARKER = "#ffffff", "#3c4043", "#ffd600"


def page_icon() -> Image.Image:
    """A page with one line marked."""
    icon = Image.new("RGBA", (SIZE, SIZE), (0, 0, 0, 0))
    pencil = ImageDraw.Draw(icon)
    pencil.rounded_rectangle((10, 4, 53, 59), radius=6, fill=PAPER, outline=INK, width=4)
    pencil.rectangle((17, 25, 46, 37), fill=MARKER)
    for top, right in ((16, 40), (29, 44), (42, 34)):
        pencil.rectangle((19, top, right, top + 4), fill=INK)
    return icon
