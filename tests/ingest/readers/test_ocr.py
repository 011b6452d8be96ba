"""Text in pictures is read by the real engine, with its places, in reading order."""

import zlib
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject

from ingest.errors import UnreadableDocument
from ingest.readers import pdf
from ingest.readers.content import Page, ReadOrder
from ingest.readers.pdf import NO_TEXT_IN_PICTURES, OCR_IS_OFF
from ingest.readers.places import read_places
from tests.ingest.readers.reading import read
from tests.ingest.socket_guard import SocketGuard
from tests.pdfs import write_page_without_text, write_pdf
from tests.scans import HEIGHT, WIDTH, write_scan

LETTER = ("Dear Mister Halloran,", "the lighthouse needs forty litres of oil.", "Yours, the keeper")


def the_page(path: Path) -> Page:
    (page,) = read(path).pages
    return page


def test_a_scanned_page_is_read_line_by_line(tmp_path: Path, socket_guard: SocketGuard) -> None:
    page = the_page(write_scan(tmp_path / "a.pdf", [LETTER]))
    assert page.text.splitlines() == list(LETTER)
    assert page.method == "OCR"
    assert socket_guard.refused == []


def test_each_line_knows_its_place_on_the_page(tmp_path: Path) -> None:
    page = the_page(write_scan(tmp_path / "a.pdf", [LETTER]))
    assert [page.text[place.start : place.end] for place in page.places] == list(LETTER)
    tops = [place.rectangle.top for place in page.places]
    assert tops == sorted(tops, reverse=True)
    (place,) = read_places(page, "forty litres of oil")
    assert 0 < place.left < place.right < WIDTH
    assert 0.75 * HEIGHT < place.bottom < place.top < HEIGHT
    assert read_places(page, "Halloran, the lighthouse needs") == [
        line.rectangle for line in page.places[:2]
    ]
    assert read_places(page, "not on the page") == []


def test_a_page_that_is_turned_has_its_places_in_its_own_points(tmp_path: Path) -> None:
    page = the_page(write_scan(tmp_path / "a.pdf", [LETTER], rotation=90))
    assert page.text.splitlines() == list(LETTER)
    for place in page.places:
        assert place.rectangle.top - place.rectangle.bottom > 3 * (
            place.rectangle.right - place.rectangle.left
        )


def test_a_page_that_lies_askew_is_read_in_order(tmp_path: Path) -> None:
    lines = [
        f"Rule {word} of the house is to be kept by all." for word in ("one", "two", "six", "ten")
    ]
    lines.insert(2, "Amen.")
    page = the_page(write_scan(tmp_path / "a.pdf", [lines], skew=3))
    assert page.text.splitlines() == lines


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    left = [
        "The river rose in the",
        "night and the lower",
        "meadows were lost to",
        "the flood by morning.",
    ]
    right = [
        "Nobody was hurt and",
        "the cattle were on the",
        "hill, where grass was",
        "still dry and sweet.",
    ]
    page = the_page(write_scan(tmp_path / "a.pdf", [left, right]))
    assert page.text.splitlines() == [*left, *right]


def test_a_large_picture_beside_text_is_read_too(tmp_path: Path) -> None:
    text = ["The letter below was found in the keeper's desk in March."]
    path = write_scan(tmp_path / "a.pdf", [LETTER], box=(0, 0, WIDTH, HEIGHT / 2), text=text)
    page = the_page(path)
    assert page.text.split() == " ".join([*text, *LETTER]).split()
    assert page.method == "text layer and OCR"
    assert len(page.places) == len(LETTER)


def test_what_the_text_layer_tells_already_is_not_read_twice(tmp_path: Path) -> None:
    page = the_page(write_scan(tmp_path / "a.pdf", [[]], text=LETTER))
    assert page.text.splitlines() == list(LETTER)
    assert page.method == "text layer"


def test_a_drawing_without_words_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match=NO_TEXT_IN_PICTURES):
        read(write_page_without_text(tmp_path / "a.pdf"))


def test_without_ocr_a_scan_says_what_to_do(tmp_path: Path) -> None:
    path = write_scan(tmp_path / "a.pdf", [LETTER])
    with pytest.raises(UnreadableDocument) as caught:
        pdf.read_pdf(path, ReadOrder("a.pdf", ocr=False))
    assert str(caught.value) == OCR_IS_OFF


def test_a_page_of_enormous_size_is_drawn_small(tmp_path: Path) -> None:
    path = write_scan(tmp_path / "a.pdf", [LETTER])
    writer = pypdf.PdfWriter(clone_from=path)
    writer.pages[0].scale_by(400)
    writer.write(path)
    assert the_page(path).text.splitlines() == list(LETTER)


def test_a_picture_of_too_many_pixels_is_not_opened(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [[]])
    writer = pypdf.PdfWriter(clone_from=path)
    picture = DecodedStreamObject()
    picture.set_data(zlib.compress(bytes(1 << 20)))
    picture.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(50_000),
            NameObject("/Height"): NumberObject(50_000),
            NameObject("/ColorSpace"): NameObject("/DeviceRGB"),
            NameObject("/BitsPerComponent"): NumberObject(8),
            NameObject("/Filter"): NameObject("/FlateDecode"),
        }
    )
    page = writer.pages[0]
    pictures = DictionaryObject({NameObject("/Bomb"): writer._add_object(picture)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): pictures})
    content = DecodedStreamObject()
    content.set_data(b"q 400 0 0 400 0 0 cm /Bomb Do Q")
    page[NameObject("/Contents")] = writer._add_object(content)
    writer.write(path)
    with pytest.raises(UnreadableDocument, match="50,000 x 50,000 pixels is too large for OCR"):
        read(path)


def test_scans_of_others_are_read(data_folder: Path) -> None:
    page = the_page(data_folder / "robust" / "misc" / "OCRmyPDF__francais.pdf")
    assert "Portez ce vieux whisky" in page.text
    assert "blond qui fume sur son île" in page.text
