"""A PDF export can be read, searched and followed, and loses no letter."""

from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pypdfium2 as pdfium
import pytest
from pypdf import PdfReader

from app.export.pdf import to_pdf
from tests.app.export.told import (
    HOSTILE,
    SCRIPTS,
    Kept,
    about_tea,
    answered,
    export,
    refused,
    saying,
)


def read(*kept: Kept, title: str = "On tea") -> str:
    """The text of an export, without white space, which lines end with."""
    with pdfium.PdfDocument(to_pdf(export(*kept, title=title))) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return letters("".join(pages))


def letters(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.parametrize("text", [HOSTILE, *SCRIPTS.values()], ids=["hostile", *SCRIPTS])
def test_every_letter_is_there(text: str) -> None:
    said = read(saying(text), title=text)
    shown = letters(text.replace("**x** `y`", "x y"))
    assert said.count(letters(text)) + said.count(shown) >= 7
    assert "[U+" not in said


def test_words_in_another_form_stand_apart() -> None:
    with pdfium.PdfDocument(to_pdf(export(about_tea()))) as document:
        said = " ".join(document[0].get_textpage().get_text_bounded().split())
    assert "Tea is hot at first." in said
    assert "(not proved: no passage says so)" in said
    assert "page 3 (printed: iii) Tea is hot when it is poured." in said
    assert "page 1: It is cited, but does not prove the sentence." in said
    assert said.endswith("Page 1") or said.startswith("Page 1")


def test_what_no_font_has_is_told_once_at_the_end() -> None:
    said = read(answered("q", "Done 🎉, हि, ok."), answered("q", "हि"))
    assert "[U+1F389],[U+0939][U+093F],ok." in said
    assert said.count("areinnoneofthisfile'sfonts") == 1
    assert "fonts" not in read(about_tea())


def test_questions_are_bookmarks_and_footnotes_are_links() -> None:
    made = to_pdf(export(about_tea(), refused(), Kept("Größe 🎉?", None, "stopped")))
    with pdfium.PdfDocument(made) as document:
        bookmarks = [mark.get_title() for mark in document.get_toc()]
    assert bookmarks == ["What of tea?", "Who is king?", "Größe 🎉?"]


def test_footnotes_lead_to_their_sources_and_back() -> None:
    page: Any = PdfReader(BytesIO(to_pdf(export(about_tea())))).pages[0]
    links = [link.get_object() for link in page["/Annots"]]
    at = [(float(link["/Rect"][1]), float(link["/Dest"][3])) for link in links]
    notes, backs = at[:3], at[3:]
    assert notes[0][1] == notes[2][1] > notes[1][1]  # two lead to the first source
    assert [place for place, _ in notes] == sorted((place for place, _ in notes), reverse=True)
    assert all(target < place for place, target in notes)
    assert len(backs) == 3
    assert all(target > place for place, target in backs)


def test_a_long_conversation_has_numbered_pages() -> None:
    with pdfium.PdfDocument(
        to_pdf(export(*[about_tea()] * 12, saying("word " * 5000)))
    ) as document:
        assert len(document) > 5
        assert "Page 4" in document[3].get_textpage().get_text_bounded()


def test_several_are_made_at_once() -> None:
    conversations = [export(saying(text)) for text in SCRIPTS.values()]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(to_pdf, conversations))
    for text, file in zip(SCRIPTS.values(), made, strict=True):
        with pdfium.PdfDocument(file) as document:
            assert letters(text) in letters(document[0].get_textpage().get_text_bounded())
