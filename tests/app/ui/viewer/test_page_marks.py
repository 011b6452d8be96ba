"""Marks cover the words of the quote and no others, on pages of every kind."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pypdf
import pypdfium2 as pdfium
import pytest
from PIL import Image
from pypdf.generic import RectangleObject

from app.ui.viewer.page_image import page_image
from app.ui.viewer.page_marks import Box, one_box_a_line, page_marks
from ingest.library import Library
from ingest.pipeline import ingest_folder
from ingest.readers.clean_text import essence
from tests.pdfs import Piece, write_pdf, write_pieces
from tests.scans import write_scan

LINES = (
    "The keeper of the lamp counts the puffins.", "Every night the lamp burns forty litres.",
    "Nobody has seen the fog horn since spring.", "The boat brings coal on the first Monday.",
)  # fmt: skip
QUOTE = "lamp burns forty litres. Nobody has seen"
IN_LINES = ["lamp burns forty litres.", "Nobody has seen"]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", create=True) as opened:
        yield opened


def changed(path: Path, change: Callable[[pypdf.PageObject], object]) -> None:
    """Write a file anew with its pages changed."""
    writer = pypdf.PdfWriter(clone_from=path)
    for page in writer.pages:
        change(page)
    writer.write(path)
    writer.close()


def lie_on_its_side(page: pypdf.PageObject, degrees: int) -> None:
    """Draw a page turned, and have it shown turned back: it looks as before."""
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    across, down = {90: (height, 0.0), 180: (width, height), 270: (0.0, width)}[degrees]
    page.add_transformation(pypdf.Transformation().rotate(degrees).translate(across, down))
    swapped = (height, width) if degrees in (90, 270) else (width, height)
    page.mediabox = page.cropbox = RectangleObject((0, 0, *swapped))
    page.rotate(degrees)


def plain_page(path: Path) -> None:
    write_pdf(path, [LINES])


def rotated_page(degrees: int) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        write_pdf(path, [LINES])
        changed(path, lambda page: lie_on_its_side(page, degrees))

    return write


def cropped_page(path: Path) -> None:
    write_pdf(path, [LINES])
    changed(path, lambda page: setattr(page, "cropbox", RectangleObject((40, 500, 340, 830))))


def cropped_page_on_its_side(path: Path) -> None:
    cropped_page(path)
    changed(path, lambda page: page.rotate(270))


def marks_of(library: Library, quotes: Sequence[str]) -> tuple[Path, tuple[Box, ...]]:
    (document,) = library.documents()
    return document.paths[0], page_marks(library, document.id, 1, tuple(quotes))


def corner(sheet: pdfium.PdfPage, across: float, down: float) -> tuple[float, float]:
    """A place of the page's picture in the page's own points, by its boxes and its rotation."""
    left, bottom, right, top = sheet.get_bbox()
    width, height = right - left, top - bottom
    x, y = {
        0: (across, 1 - down), 90: (down, across), 180: (1 - across, down),
        270: (1 - down, 1 - across),
    }[sheet.get_rotation()]  # fmt: skip
    return left + x * width, bottom + y * height


def text_in(path: Path, box: Box) -> str:
    """What PDFium reads within a box of the picture."""
    with pdfium.PdfDocument(path) as document:
        sheet = document[0]
        x1, y1 = corner(sheet, box.left, box.top)
        x2, y2 = corner(sheet, box.right, box.bottom)
        read: str = sheet.get_textpage().get_text_bounded(
            min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
        )
    return " ".join(read.split())


@pytest.mark.parametrize(
    "write",
    [plain_page, rotated_page(90), rotated_page(180), rotated_page(270), cropped_page,
     cropped_page_on_its_side],
)  # fmt: skip
def test_marks_hold_the_words_of_the_quote(
    tmp_path: Path, library: Library, write: Callable[[Path], None]
) -> None:
    write(tmp_path / "docs" / "a.pdf")
    ingest_folder(tmp_path / "docs", library)
    path, boxes = marks_of(library, [QUOTE])
    assert [text_in(path, box) for box in boxes] == IN_LINES


@pytest.mark.slow
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_marks_of_a_scan_cover_the_ink_of_its_lines(
    tmp_path: Path, library: Library, rotation: int
) -> None:
    path = write_scan(tmp_path / "docs" / "scan.pdf", [LINES])
    if rotation:
        changed(path, lambda page: lie_on_its_side(page, rotation))
    ingest_folder(tmp_path / "docs", library)
    _, boxes = marks_of(library, [LINES[1]])
    (document,) = library.documents()
    picture = Image.open(io.BytesIO(page_image(library, document.id, 1))).convert("L")
    (box,) = boxes
    assert ink_rows(picture, whole_width=box) == 1
    assert ink_rows(picture, whole_width=Box(0, 0, 1, 1)) == len(LINES)
    above = picture.crop((0, 0, picture.width, round(box.top * picture.height)))
    assert ink_rows(above, whole_width=Box(0, 0, 1, 1)) == 1  # the one line before it


def ink_rows(picture: Image.Image, *, whole_width: Box) -> int:
    """How many lines of print stand in a part of a picture."""
    box, (width, height) = whole_width, picture.size
    part = picture.crop(
        (round(box.left * width), round(box.top * height), round(box.right * width),
         round(box.bottom * height))
    )  # fmt: skip
    dark = [row.getextrema()[0] < 128 for row in rows(part)]  # type: ignore[operator]
    return sum(now and not before for before, now in zip([False, *dark], dark, strict=False))


def rows(picture: Image.Image) -> Iterator[Image.Image]:
    for top in range(0, picture.height, 4):
        yield picture.crop((0, top, picture.width, min(top + 4, picture.height)))


def test_a_line_in_several_letters_is_one_box(tmp_path: Path, library: Library) -> None:
    line = [
        Piece(60, 700, "The valve opens"), Piece(134, 700, "at nine bar", font="Helvetica-Bold"),
        Piece(192, 700, "and whistles."),
    ]  # fmt: skip
    (tmp_path / "docs").mkdir()
    write_pieces(tmp_path / "docs" / "a.pdf", [line])
    ingest_folder(tmp_path / "docs", library)
    path, boxes = marks_of(library, ["opens at nine bar and"])
    assert [essence(text_in(path, box)) for box in boxes] == ["opensatninebarand"]


def test_cells_of_a_row_far_apart_stay_apart() -> None:
    cells = [Box(0.1, 0.5, 0.1, 0.01), Box(0.6, 0.5, 0.1, 0.01)]
    assert one_box_a_line(cells, 0.7) == cells


def test_the_first_mark_is_of_the_first_quote(tmp_path: Path, library: Library) -> None:
    write_pdf(tmp_path / "docs" / "a.pdf", [LINES])
    ingest_folder(tmp_path / "docs", library)
    path, boxes = marks_of(library, ["The boat brings", "Not on this page", "The keeper"])
    assert [text_in(path, box) for box in boxes] == ["The boat brings", "The keeper"]


@pytest.mark.slow
def test_marks_of_real_pages_hold_their_sentences(
    tmp_path: Path, library: Library, data_folder: Path
) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    for source in sorted(data_folder.glob("pdf_qa/*/docs/*.pdf"))[::20]:
        (docs / source.name).write_bytes(source.read_bytes())
    ingest_folder(docs, library)
    held = 0
    for document in library.documents():
        page = library.page(document.id, 1)
        assert page is not None
        for line in [line for line in page.text.split("\n") if len(line) > 60][:4]:
            boxes = page_marks(library, document.id, 1, (line,))
            read = "".join(text_in(document.paths[0], box) for box in boxes)
            assert essence(line) in essence(read), (document.name, line)
            held += 1
    assert held >= 6
