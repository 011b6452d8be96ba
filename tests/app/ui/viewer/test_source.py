"""A page's picture and a document's file come from a copy as it was ingested, or say why not."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from app.ui.viewer.page_image import MOST_BYTES, WIDTH, page_image
from app.ui.viewer.sheet import GONE, read_sheet
from app.ui.viewer.source import NoPictureError, NoSourceError, has_pictures, source_bytes
from ingest.library import Library
from ingest.pipeline import ingest_folder
from tests.office_files import write_docx
from tests.pdfs import write_pdf

SECRET = "Kittiwake-7731"  # noqa: S105
QUOTE = "The keeper counts the puffins."


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", create=True) as opened:
        yield opened


def only_document(library: Library) -> str:
    (document,) = library.documents()
    return document.id


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["print", "photograph"])
def test_a_picture_is_as_wide_as_the_page_shows_it_and_small(
    tmp_path: Path, library: Library, kind: str
) -> None:
    if kind == "print":
        write_pdf(tmp_path / "docs" / "a.pdf", [[QUOTE * 4] * 60])
    else:
        write_photograph(tmp_path / "docs" / "a.pdf")
    ingest_folder(tmp_path / "docs", library)
    image = page_image(library, only_document(library), 1)
    picture = Image.open(io.BytesIO(image))
    assert (picture.format, picture.width) == ("WEBP", WIDTH)
    assert len(image) <= MOST_BYTES


def write_photograph(path: Path) -> None:
    """A page full of colours and edges, with a line of text."""
    path.parent.mkdir()
    canvas = Canvas(str(path), invariant=1)
    coarse = Image.effect_noise((100, 140), 90).convert("RGB")
    colours = Image.merge("RGB", [coarse.rotate(turn).getchannel(0) for turn in (0, 90, 180)])
    canvas.drawInlineImage(colours.resize((800, 1120)), 0, 0, 595, 842)
    canvas.drawString(60, 60, QUOTE)
    canvas.save()


def test_another_copy_is_shown_where_the_first_has_changed(
    tmp_path: Path, library: Library
) -> None:
    for name in ("a.pdf", "b.pdf"):
        write_pdf(tmp_path / "docs" / name, [[QUOTE]])
    ingest_folder(tmp_path / "docs", library)
    document = only_document(library)
    original = (tmp_path / "docs" / "b.pdf").read_bytes()
    write_pdf(tmp_path / "docs" / "a.pdf", [["Another text."]])
    assert read_sheet(library, document, 1, [QUOTE]).boxes
    assert source_bytes(library, document) == original
    write_pdf(tmp_path / "docs" / "b.pdf", [["Another text."]])
    with pytest.raises(
        NoPictureError, match=r"^There is no picture: the file .*b\.pdf has changed"
    ):
        page_image(library, document, 1)
    with pytest.raises(NoSourceError, match=r"^The file .*b\.pdf has changed since it was ingest"):
        source_bytes(library, document)


def test_a_page_without_a_picture_says_why_and_shows_its_text(
    tmp_path: Path, library: Library
) -> None:
    path = write_pdf(tmp_path / "docs" / "a.pdf", [[QUOTE]])
    ingest_folder(tmp_path / "docs", library)
    path.unlink()
    sheet = read_sheet(library, only_document(library), 1, [QUOTE])
    assert sheet.note.startswith(f"There is no picture: the file is no longer at {path}.")
    assert [(piece.text, piece.marked) for (piece,) in sheet.paragraphs] == [(QUOTE, True)]


def test_a_page_of_a_document_that_is_gone_says_so(library: Library) -> None:
    assert read_sheet(library, "0" * 64, 1, []).note == GONE
    with pytest.raises(NoSourceError, match="no longer in the library"):
        source_bytes(library, "0" * 64)


def test_an_encrypted_page_needs_its_password_again(
    tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pdf(tmp_path / "docs" / "locked.pdf", [[QUOTE]], password=SECRET)
    ingest_folder(tmp_path / "docs", library, passwords=[SECRET])
    locked = read_sheet(library, only_document(library), 1, [QUOTE])
    assert "is encrypted and its password is not kept" in locked.note
    assert SECRET not in locked.note
    monkeypatch.setenv("CITEBOUND_PASSWORD", SECRET)
    opened = read_sheet(library, only_document(library), 1, [QUOTE])
    assert opened.image
    assert len(opened.boxes) == 1


def test_a_word_file_shows_its_text(tmp_path: Path, library: Library) -> None:
    write_docx(tmp_path / "docs" / "kiln.docx")
    ingest_folder(tmp_path / "docs", library)
    document = only_document(library)
    assert not has_pictures(library, document)
    sheet = read_sheet(library, document, 1, ["Leave the door shut"])
    assert (sheet.image, sheet.note) == (b"", "")
    assert [piece.text for pieces in sheet.paragraphs for piece in pieces if piece.marked] == [
        "Leave the door shut"
    ]
