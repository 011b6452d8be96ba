"""A page is shown as a picture with its quotes marked, or as text where there is no picture."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy
import pytest
from PIL import Image

from app.page_name import page_name
from app.ui.chat.passage import highlighted, marked_paragraphs
from app.ui.viewer.page_picture import NoPictureError, has_pictures, page_picture
from ingest.library import Library
from ingest.pipeline import ingest_folder
from tests.office_files import write_docx
from tests.pdfs import write_pdf
from tests.scans import write_scan

SECRET = "Kittiwake-7731"  # noqa: S105
QUOTE = "The keeper counts the puffins."


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", create=True) as opened:
        yield opened


def yellow(png: bytes) -> int:
    """How many pixels of a picture are marked."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    red, green, blue = (numpy.asarray(channel) for channel in picture.split())
    return int(((red > 200) & (green > 200) & (blue < 200)).sum())


def picture(library: Library, name: str, *quotes: str) -> bytes:
    return page_picture(library, library.find_document(name).id, 1, quotes)


def test_a_quote_is_marked_on_a_scanned_page(tmp_path: Path, library: Library) -> None:
    write_scan(tmp_path / "docs" / "scan.pdf", [["A note of the third of May.", QUOTE]])
    ingest_folder(tmp_path / "docs", library)
    assert yellow(picture(library, "scan.pdf")) == 0
    assert yellow(picture(library, "scan.pdf", QUOTE)) > 5000


def test_another_copy_is_shown_where_the_first_has_changed(
    tmp_path: Path, library: Library
) -> None:
    for name in ("a.pdf", "b.pdf"):
        write_pdf(tmp_path / "docs" / name, [[QUOTE]])
    ingest_folder(tmp_path / "docs", library)
    (document,) = library.documents()
    write_pdf(tmp_path / "docs" / "a.pdf", [["Another text."]])
    assert yellow(page_picture(library, document.id, 1, (QUOTE,))) > 1000
    write_pdf(tmp_path / "docs" / "b.pdf", [["Another text."]])
    with pytest.raises(NoPictureError, match=r"a\.pdf has changed"):
        page_picture(library, document.id, 1, (QUOTE,))


def test_an_encrypted_page_needs_its_password_again(
    tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pdf(tmp_path / "docs" / "locked.pdf", [[QUOTE]], password=SECRET)
    ingest_folder(tmp_path / "docs", library, passwords=[SECRET])
    with pytest.raises(NoPictureError, match="is encrypted and its password is not kept") as caught:
        picture(library, "locked.pdf", QUOTE)
    assert SECRET not in str(caught.value)
    monkeypatch.setenv("CITEBOUND_PASSWORD", SECRET)
    assert yellow(picture(library, "locked.pdf", QUOTE)) > 1000


def test_a_word_file_has_no_pictures(tmp_path: Path, library: Library) -> None:
    write_docx(tmp_path / "docs" / "kiln.docx")
    ingest_folder(tmp_path / "docs", library)
    assert not has_pictures(library, library.documents()[0].id)


def test_a_quote_is_marked_in_each_paragraph_that_it_runs_through() -> None:
    text = "Tea is hot. Milk is\n\ncold. Rum is dear.\n\nThe end."
    assert marked_paragraphs(text, ["Milk is cold."]) == [
        r"Tea is hot\. :yellow-background[Milk is]",
        r":yellow-background[cold\.] Rum is dear\.",
        r"The end\.",
    ]


def test_text_of_a_file_does_nothing_on_the_page() -> None:
    assert marked_paragraphs("<b>x</b>\n\n$y$", []) == [r"\<b\>x\<\/b\>", r"\$y\$"]
    assert highlighted("a *b* c", ["*b*"]) == r"a :yellow-background[\*b\*] c"


@pytest.mark.parametrize(
    ("label", "name"),
    [("4", "page 4"), ("iv", "page 4"), ("§ 4", "§ 4"), ("slide 4", "slide 4"),
     ("sheet Wool § 2", "sheet Wool § 2"), ("chapter 2", "chapter 2"), ("slides", "page 4")],
)  # fmt: skip
def test_a_page_is_called_what_it_is(label: str, name: str) -> None:
    assert page_name(4, label) == name
