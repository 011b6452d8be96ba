"""Text that a PDF page holds in pictures only -> lines of text in reading order, with their places.

A page without a text layer is read whole; of one that has some text, the large pictures are read
where the text layer says nothing of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import dist, sqrt
from statistics import fmean, median

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw

from ingest.readers.content import LeftOut, Page, Place, Rectangle
from ingest.readers.ocr import ReadLine, read_picture
from ingest.readers.pdf_columns import ordered_by_columns
from ingest.readers.pdf_lines import Box, Line
from ingest.readers.pdf_objects import IMAGES_AND_FORMS, object_boxes, page_objects

DOTS_PER_INCH = 200
MOST_PIXELS = 12_000_000  # of a page's picture; A3 at 200 dpi has 7.7 million
MOST_SOURCE_PIXELS = 400_000_000  # of a picture in the file; A0 at 300 dpi has 140 million
LARGE = 0.25  # of a page's area; a smaller picture is a logo or a figure
WHOLE = 0.6  # of a page's area; a larger picture is the page
LITTLE_TEXT = 30  # letters of the text layer that may stand on a picture which it does not tell
MUCH_TEXT = 1500  # letters of a page; large pictures of text have no room beside so many
MOST_OBJECTS = 5000  # of a page that are looked at


@dataclass(frozen=True)
class OcrLine:
    """One line of text and where it stands on its page."""

    text: str
    rectangle: Rectangle


@dataclass(frozen=True)
class PictureText:
    """What OCR made of a page; ``problem`` says why it could not read what it should."""

    lines: tuple[OcrLine, ...] = ()
    problem: str = ""


NOTHING_READ = PictureText()


def read_pictures(page: pdfium.PdfPage, text: str, boxes: Sequence[Box]) -> PictureText:
    """Read the pictures of a page whose text layer is ``text``, its lines standing at ``boxes``."""
    letters = "".join(text.split())
    if len(letters) > MUCH_TEXT:
        return NOTHING_READ
    sheet = Box(*page.get_bbox())
    wanted = list(_wanted(page, sheet, letters, boxes))
    if not wanted:
        return NOTHING_READ
    problem = _too_large(page)
    if problem:
        return PictureText(problem=problem)
    try:
        lines = _read(page, sheet, wanted)
    except MemoryError:
        raise  # the process must go, and the page with it
    except Exception as error:  # noqa: BLE001  whatever a picture brings out costs its page only
        return PictureText(problem=f"OCR failed ({type(error).__name__})")
    known = _letters(text)
    new = [line for line in lines if _letters(line.text) not in known]
    return PictureText(tuple(new))


def with_lines(page: Page, found: PictureText) -> Page:
    """A page's text followed by what OCR found; ``with_places`` comes when the text is final."""
    if found.problem:
        return replace(page, left_out=(*page.left_out, LeftOut(found.problem, "")))
    if not found.lines:
        return page
    below = "\n".join(line.text for line in found.lines)
    if not page.text.strip():
        return replace(page, text=below, method="OCR")
    return replace(page, text=f"{page.text}\n\n{below}", method="text layer and OCR")


def with_places(page: Page, found: PictureText) -> Page:
    """A page whose text is final, with the place of each line that OCR found."""
    places: list[Place] = []
    end = len(page.text)
    for line in reversed(found.lines):  # from below, for what OCR found stands last
        text = line.text.removesuffix("-")  # the hyphen of a cut word may be gone
        start = page.text.rfind(text, 0, end)
        if start >= 0:
            places.append(Place(start, start + len(text), line.rectangle))
            end = start
    return replace(page, places=tuple(reversed(places)))


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _wanted(page: pdfium.PdfPage, sheet: Box, letters: str, boxes: Sequence[Box]) -> Iterator[Box]:
    """The parts of the page that are to be read: all of it, or large pictures without text."""
    area = max(_area(sheet), 1.0)
    if not letters:
        if pdfium_raw.FPDFPage_CountObjects(page.raw) > 0:
            yield sheet
        return
    for picture in _pictures(page):
        seen = Box(
            max(picture.left, sheet.left), max(picture.bottom, sheet.bottom),
            min(picture.right, sheet.right), min(picture.top, sheet.top),
        )  # fmt: skip
        share = _area(seen) / area
        if share < LARGE:
            continue
        told = sum(_middle_in(box, seen) for box in boxes) / max(len(boxes), 1) * len(letters)
        if told <= LITTLE_TEXT:
            yield sheet if share >= WHOLE else seen


def _area(box: Box) -> float:
    return max(box.right - box.left, 0.0) * max(box.top - box.bottom, 0.0)


def _middle_in(box: Box, outer: Box) -> bool:
    x, y = (box.left + box.right) / 2, (box.bottom + box.top) / 2
    return outer.left <= x <= outer.right and outer.bottom <= y <= outer.top


def _pictures(page: pdfium.PdfPage) -> Iterator[Box]:
    """Where images stand; a form counts as one, for the places inside it are its own."""
    if pdfium_raw.FPDFPage_CountObjects(page.raw) <= MOST_OBJECTS:
        things = [thing for kind, thing in page_objects(page) if kind in IMAGES_AND_FORMS]
        yield from object_boxes(things)


def _too_large(page: pdfium.PdfPage) -> str:
    """Why a page must not be drawn: decoding a picture of this size would take gigabytes."""
    if pdfium_raw.FPDFPage_CountObjects(page.raw) > MOST_OBJECTS:
        return f"it has over {MOST_OBJECTS:,} drawings, too many for OCR"
    for image in page.get_objects(filter=(pdfium_raw.FPDF_PAGEOBJ_IMAGE,), max_depth=6):
        wide, high = image.get_px_size()
        if wide * high > MOST_SOURCE_PIXELS:
            return f"its picture of {wide:,} x {high:,} pixels is too large for OCR"
    return ""


def _read(page: pdfium.PdfPage, sheet: Box, wanted: Sequence[Box]) -> list[OcrLine]:
    """Draw the page once and read the wanted parts of its picture."""
    wide, high = page.get_size()
    scale = min(DOTS_PER_INCH / 72, sqrt(MOST_PIXELS / max(wide * high, 1.0)))
    bitmap = page.render(scale=scale)
    pixels = bitmap.to_numpy()[:, :, :3]
    positions = bitmap.get_posconv(page)
    lines: list[ReadLine] = []
    for part in [sheet] if sheet in wanted else wanted:
        left, upper, right, lower = _in_pixels(part, positions)
        for line in read_picture(pixels[upper:lower, left:right]):
            moved = tuple((x + left, y + upper) for x, y in line.corners)
            lines.append(ReadLine(line.text, moved))
    return [OcrLine(line.text, _rectangle(line, positions)) for line in _in_reading_order(lines)]


def _in_pixels(part: Box, positions: pdfium.PdfPosConv) -> tuple[int, int, int, int]:
    """Where a part of the page is in its picture, however the page is turned."""
    x1, y1 = positions.to_bitmap(part.left, part.top)
    x2, y2 = positions.to_bitmap(part.right, part.bottom)
    return max(min(x1, x2), 0), max(min(y1, y2), 0), max(x1, x2), max(y1, y2)


def _rectangle(line: ReadLine, positions: pdfium.PdfPosConv) -> Rectangle:
    corners = [positions.to_page(round(x), round(y)) for x, y in line.corners]
    across, upward = zip(*corners, strict=True)
    return Rectangle(min(across), min(upward), max(across), max(upward))


def _in_reading_order(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """From top to bottom, column by column where there are columns of prose."""
    slope = _slope(lines)
    boxes = {index: _upright(line, slope) for index, line in enumerate(lines)}
    rows = sorted(boxes, key=lambda index: -boxes[index].top - boxes[index].bottom)
    rows = _left_to_right(rows, boxes)
    parts: dict[Line, ReadLine] = {}
    start = 0
    for index in rows:
        text = lines[index].text
        parts[Line(start, start + len(text), boxes[index])] = lines[index]
        start += len(text) + 1
    text = "\n".join(line.text for line in parts.values())
    return [parts[part] for part in ordered_by_columns(text, list(parts))]


def _left_to_right(by_height: Sequence[int], boxes: dict[int, Box]) -> list[int]:
    """Lines sorted by height -> those beside each other in one row from left to right."""
    rows: list[list[int]] = []
    for index in by_height:
        middle = (boxes[index].bottom + boxes[index].top) / 2
        if rows and boxes[rows[-1][0]].bottom < middle:
            rows[-1].append(index)
        else:
            rows.append([index])
    return [index for row in rows for index in sorted(row, key=lambda at: boxes[at].left)]


def _slope(lines: Sequence[ReadLine]) -> float:
    """How much the lines of a skewed page sink to the right, by the longer half of them."""
    widths = sorted(line.corners[1][0] - line.corners[0][0] for line in lines)
    longer = [line.corners for line in lines if _is_long(line, widths[len(widths) // 2])]
    return median((b[1] - a[1]) / (b[0] - a[0]) for a, b, *_ in longer) if longer else 0.0


def _is_long(line: ReadLine, width: float) -> bool:
    (left, _), (right, _), *_ = line.corners
    return right - left >= max(width, 1.0)


def _upright(line: ReadLine, slope: float) -> Box:
    """A line's box as if its page lay straight, upwards as in a PDF."""
    upper_left, upper_right, lower_right, lower_left = line.corners
    height = (dist(upper_left, lower_left) + dist(upper_right, lower_right)) / 2
    middle = fmean(slope * x - y for x, y in line.corners)
    left = min(upper_left[0], lower_left[0])
    right = max(upper_right[0], lower_right[0])
    return Box(left, middle - height / 2, right, middle + height / 2)
