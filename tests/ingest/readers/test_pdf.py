"""A PDF file gives its pages' text, labels, title and outline, or a reason why it gives none."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from ingest.errors import UnreadableDocument
from ingest.readers import pdf
from ingest.readers.content import EMPTY, Heading, ReadOrder, SourceContent
from ingest.readers.pdf import NO_PAGES, NO_TEXT
from ingest.readers.pdf_picture import find_rectangles, render_page
from ingest.readers.pdf_second_opinion import ENCRYPTED
from tests.pdfs import (
    CONTENTS,
    LabelRange,
    OutlineEntry,
    write_broken,
    write_contents,
    write_half_a_character,
    write_page_without_text,
    write_pdf,
    write_without_pages,
)


def read_pdf(path: Path) -> SourceContent:
    """Read a file under its own name."""
    return pdf.read_pdf(path, ReadOrder(path.name))


def test_pages_come_in_order_with_their_lines(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [["First line.", "Second line."], ["Next page."]])
    content = read_pdf(path)
    assert [page.text for page in content.pages] == ["First line.\nSecond line.", "Next page."]
    assert [page.number for page in content.pages] == [1, 2]
    assert content.reader == "pdfium"


def test_a_page_without_text_keeps_its_place(tmp_path: Path) -> None:
    content = read_pdf(write_pdf(tmp_path / "a.pdf", [["One."], [], ["Three."]]))
    assert [page.text for page in content.pages] == ["One.", "", "Three."]


def test_labels_are_those_that_are_printed(tmp_path: Path) -> None:
    labels = [LabelRange(1, "ROMAN_LOWER"), LabelRange(3, "ARABIC", 7, "A-")]
    path = write_pdf(tmp_path / "a.pdf", [["x"]] * 4, labels=labels)
    assert [page.label for page in read_pdf(path).pages] == ["i", "ii", "A-7", "A-8"]


def test_labels_are_the_page_numbers_where_a_file_has_none(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [["x"]] * 2)
    assert [page.label for page in read_pdf(path).pages] == ["1", "2"]


def test_the_outline_keeps_levels_and_pages(tmp_path: Path) -> None:
    outline = [OutlineEntry(0, "Engines", 1), OutlineEntry(1, "Boiler", 1), OutlineEntry(0, "B", 2)]
    path = write_pdf(tmp_path / "a.pdf", [["x"], ["y"]], outline=outline)
    assert read_pdf(path).outline == (
        Heading(0, "Engines", 1),
        Heading(1, "Boiler", 1),
        Heading(0, "B", 2),
    )


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Boiler handbook", "Boiler handbook"),
        ("  Boiler \n handbook ", "Boiler handbook"),
        ("鍋炉手冊", "鍋炉手冊"),
        ("word " * 80, ("word " * 80)[:200]),
        (None, "the-file"),
        ("", "the-file"),
        ("untitled", "the-file"),
        ("Untitled document", "the-file"),
        ("Microsoft Word - draft 3", "the-file"),
        ("PowerPoint Presentation", "the-file"),
        ("report_final.docx", "the-file"),
        (r"C:\temp\report", "the-file"),
        ("0000320193-22-000070", "the-file"),
    ],
)
def test_a_title_that_reads_like_none_gives_way_to_the_file_name(
    tmp_path: Path, title: str | None, shown: str
) -> None:
    assert read_pdf(write_pdf(tmp_path / "the-file.pdf", [["x"]], title=title)).title == shown


def test_a_word_that_a_line_end_cut_is_whole_again(tmp_path: Path) -> None:
    lines = [
        "The safety valve is an exam-",
        "ple of a part from 2019-",
        "2020 that is well-",
        "Known.",
    ]
    text = read_pdf(write_pdf(tmp_path / "a.pdf", [lines])).pages[0].text
    assert "an example of a part" in text
    assert "2019-\n2020" in text
    assert "well-Known" in text


def test_a_dot_leader_is_shortened_and_its_page_number_kept(tmp_path: Path) -> None:
    text = read_pdf(write_contents(tmp_path / "a.pdf")).pages[0].text
    assert text.splitlines() == [f"{name} ... {3 + row}" for row, name in enumerate(CONTENTS)]


@pytest.mark.parametrize(
    ("write", "reason"),
    [
        (lambda path: path.write_bytes(b""), EMPTY),
        (lambda path: write_pdf(path, [["Secret."]], password="open"), ENCRYPTED),  # noqa: S106
        (write_without_pages, NO_PAGES),
        (write_page_without_text, NO_TEXT),
        (lambda path: path.write_text("Plain text with a wrong name."), "damaged in a way"),
        (write_broken, "damaged in a way"),
        (lambda path: path.write_bytes(b"\0" * 5000), "damaged in a way"),
    ],
)
def test_a_file_without_text_gives_the_reason(
    tmp_path: Path, write: Callable[[Path], object], reason: str
) -> None:
    write(tmp_path / "a.pdf")
    with pytest.raises(UnreadableDocument, match=reason.replace("(", r"\(").replace(")", r"\)")):
        read_pdf(tmp_path / "a.pdf")


def test_a_good_file_is_read_right_after_a_bad_one(tmp_path: Path) -> None:
    good = write_pdf(tmp_path / "good.pdf", [["Good."]])
    for bad in (
        write_broken(tmp_path / "broken.pdf"),
        write_pdf(tmp_path / "locked.pdf", [["x"]], password="open"),  # noqa: S106
    ):
        with pytest.raises(UnreadableDocument):
            read_pdf(bad)
        assert read_pdf(good).pages[0].text == "Good."


def test_a_file_that_only_locks_printing_is_read(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [["Free to read."]], owner_password="owner")  # noqa: S106
    assert read_pdf(path).pages[0].text == "Free to read."


def test_what_pdfium_refuses_pypdf_reads(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [["Behind two kilobytes of mail headers."]], title="Mail")
    path.write_bytes(b"X-Header: yes\n" * 150 + path.read_bytes())
    content = read_pdf(path)
    assert content.reader == "pypdf"
    assert content.title == "Mail"
    assert content.pages[0].text.strip() == "Behind two kilobytes of mail headers."


@pytest.mark.parametrize("place", ["title", "outline"])
def test_half_a_character_in_a_title_does_no_harm(
    tmp_path: Path, place: Literal["title", "outline"]
) -> None:
    path = write_half_a_character(tmp_path / "a.pdf", place=place)
    assert read_pdf(path).pages[0].text == "Text."


def test_text_is_found_again_on_its_page(tmp_path: Path) -> None:
    lines = [f"Line {number} of the page." for number in range(20)]
    path = write_pdf(tmp_path / "a.pdf", [["Elsewhere."], lines])
    (upper,) = find_rectangles(path, 2, "Line 3 of the page.")
    (lower,) = find_rectangles(path, 2, "Line 4 of the page.")
    assert upper.left < upper.right
    assert lower.bottom < lower.top <= upper.bottom < upper.top
    assert len(find_rectangles(path, 2, "Line 5 of the page. Line 6 of")) == 2


@pytest.mark.parametrize("text", ["Not on this page.", "", "Elsewhere."])
def test_text_that_is_not_on_the_page_has_no_place(tmp_path: Path, text: str) -> None:
    path = write_pdf(tmp_path / "a.pdf", [["Elsewhere."], ["Here."]])
    assert find_rectangles(path, 2, text) == []


def test_a_page_is_drawn_as_wide_as_asked(tmp_path: Path) -> None:
    picture = render_page(write_pdf(tmp_path / "a.pdf", [["x"]]), 1, width=300)
    assert abs(picture.width - 300) <= 1
    assert picture.height > picture.width


@pytest.mark.parametrize("folder", ["encrypted", "zero_pages", "empty_file", "malformed"])
def test_hostile_files_give_text_or_a_reason(data_folder: Path, folder: str) -> None:
    paths = sorted((data_folder / "robust" / folder).glob("*.pdf"))
    assert paths
    read = 0
    for path in paths:
        try:
            content = read_pdf(path)
        except UnreadableDocument as error:
            assert str(error), path.name
        else:
            assert any(page.text.strip() for page in content.pages), path.name
            read += 1
    assert (read > 0) == (folder in ("encrypted", "malformed"))


def test_an_outline_that_goes_round_in_circles_is_no_news(
    data_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = data_folder / "robust" / "cycles" / "qpdf__outlines-with-loop.pdf"
    assert read_pdf(path).outline
    assert caplog.records == []
