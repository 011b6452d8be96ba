"""Real PDFs, written on the spot for tests.

write_pdf(folder / "a.pdf", [["First line of page one.", "Second line."], ["Page two."]])
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pypdf
from PIL import Image
from pypdf.generic import ByteStringObject, DictionaryObject, NameObject, PdfObject
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

LEFT, TOP, LEADING, FONT_SIZE = 60.0, 780.0, 13.0, 10.0

RUNNING_SENTENCE = "The stoker opens the lower damper and waits until the flame turns yellow."
CONTENTS = ("Introduction", "The firebox", "Care of the valves")

Lines = Sequence[str]


@dataclass(frozen=True)
class OutlineEntry:
    """One bookmark: ``level`` 0 is the top, ``page`` counts from 1."""

    level: int
    title: str
    page: int


@dataclass(frozen=True)
class LabelRange:
    """Labels from the 1-based ``page`` on; ``style`` is ARABIC or a ROMAN or LETTERS kind."""

    page: int
    style: str
    start: int = 1
    prefix: str = ""


def write_pdf(
    path: Path,
    pages: Iterable[Lines],
    *,
    title: str | None = None,
    outline: Sequence[OutlineEntry] = (),
    labels: Sequence[LabelRange] = (),
    password: str | None = None,
    owner_password: str | None = None,
) -> Path:
    """Write pages of lines; the same arguments give the same bytes unless it is encrypted.

    A page without lines gets a drawing only. With ``password`` the file opens with it alone, with
    ``owner_password`` it opens freely and only printing is locked.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    canvas = Canvas(
        str(path), pagesize=A4, invariant=1, encrypt=_encryption(password, owner_password)
    )
    if title is not None:
        canvas.setTitle(title)
    for label in labels:
        canvas.addPageLabel(label.page - 1, label.style, label.start, label.prefix)
    for number, lines in enumerate(pages, 1):
        for key, entry in enumerate(outline):
            if entry.page == number:
                canvas.bookmarkPage(f"entry{key}")
        _draw(canvas, lines)
        canvas.showPage()
    for key, entry in enumerate(outline):
        canvas.addOutlineEntry(entry.title, f"entry{key}", entry.level)
    canvas.save()
    return path


def write_running_sentence(path: Path) -> Path:
    """Two pages; RUNNING_SENTENCE begins on the first and ends on the second."""
    words = RUNNING_SENTENCE.split()
    before = ["Coal lies in the bunker on the left side of the engine and is kept dry there."]
    after = ["Only then is the door of the firebox closed and bolted by hand, twice."]
    return write_pdf(
        path, [[*before, " ".join(words[:6])], [" ".join(words[6:]), *after]], title="Firing"
    )


def write_contents(path: Path) -> Path:
    """A table of contents with dot leaders, one line for each of CONTENTS."""
    return write_pdf(path, [[f"{name} {'.' * 60} {3 + row}" for row, name in enumerate(CONTENTS)]])


def write_page_without_text(path: Path) -> Path:
    """One page with a drawing and no text, as a scan has."""
    return write_pdf(path, [[]])


def write_without_pages(path: Path) -> Path:
    """A PDF that has no page."""
    with pypdf.PdfWriter() as writer:
        writer.write(path)
    return path


def write_broken(path: Path) -> Path:
    """A file that calls itself a PDF and is none."""
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 8)
    return path


@dataclass(frozen=True)
class Piece:
    """A text at a place; ``mode`` 3 paints nothing, ``colour`` is grey from 0 (black) to 1."""

    x: float
    y: float
    text: str
    size: float = FONT_SIZE
    font: str = "Helvetica"
    colour: float = 0.0
    mode: Literal[0, 3] = 0


@dataclass(frozen=True)
class Ground:
    """A filled rectangle in grey, or with ``colour`` None a picture, under the text."""

    x: float
    y: float
    width: float
    height: float
    colour: float | None


def write_pieces(
    path: Path, pages: Iterable[Sequence[Piece]], *, grounds: Sequence[Ground] = ()
) -> Path:
    """Write pages of texts at places, in this order; each page has the same ``grounds``."""
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    for pieces in pages:
        for ground in grounds:
            _paint(canvas, ground)
        for piece in pieces:
            canvas.saveState()
            text = canvas.beginText(piece.x, piece.y)
            text.setFont(piece.font, piece.size)
            text.setTextRenderMode(piece.mode)
            text.setFillGray(piece.colour)
            text.textOut(piece.text)
            canvas.drawText(text)
            canvas.restoreState()
        canvas.showPage()
    canvas.save()
    return path


def _paint(canvas: Canvas, ground: Ground) -> None:
    if ground.colour is None:
        picture = Image.new("L", (40, 40), 200)
        canvas.drawInlineImage(picture, ground.x, ground.y, ground.width, ground.height)
    else:
        canvas.setFillGray(ground.colour)
        canvas.rect(ground.x, ground.y, ground.width, ground.height, stroke=0, fill=1)


def columns_side_by_side(columns: Sequence[Lines], *, top: float = TOP) -> list[Piece]:
    """The lines of columns, line by line across all columns, as some programs write them."""
    width = (A4[0] - 2 * LEFT) / len(columns)
    return [
        Piece(LEFT + column * width, top - row * LEADING, line)
        for row, lines in enumerate(zip(*columns, strict=True))
        for column, line in enumerate(lines)
    ]


def write_half_a_character(path: Path, *, place: Literal["title", "outline"]) -> Path:
    """A page whose title, or whose one heading, holds half of a UTF-16 pair."""
    half = ByteStringObject(b"\xfe\xff\xd8\x00\x00A\x00B\x00C")
    source = write_pdf(path, [["Text."]], title="T", outline=[OutlineEntry(0, "H", 1)])
    writer = pypdf.PdfWriter(clone_from=source)
    entry = writer._info if place == "title" else writer.get_outline_root()["/First"]
    assert isinstance(entry, PdfObject)
    dictionary = entry.get_object()
    assert isinstance(dictionary, DictionaryObject)
    dictionary[NameObject("/Title")] = half
    writer.write(path)
    writer.close()
    return path


def _encryption(password: str | None, owner_password: str | None) -> StandardEncryption | None:
    if password is None and owner_password is None:
        return None
    return StandardEncryption(password or "", owner_password or password, strength=128)


def _draw(canvas: Canvas, lines: Lines) -> None:
    canvas.rect(LEFT, 20, 100, 10, stroke=1, fill=0)
    canvas.setFont("Helvetica", FONT_SIZE)
    for row, line in enumerate(lines):
        canvas.drawString(LEFT, TOP - row * LEADING, line)
