"""An exported conversation tells all that the page does, in any script, and nothing in it acts."""

from __future__ import annotations

import re

import pypdfium2 as pdfium
import pytest
from lxml import html
from markdown_it import MarkdownIt

from app.events import Citation, Claim
from app.ui.chat.answer_parts import answer_lines
from app.ui.chat.export.content import Exchanged, Exported, Source
from app.ui.chat.export.html import to_html
from app.ui.chat.export.markdown import to_markdown
from app.ui.chat.export.pdf import to_pdf

HOSTILE = "<script>alert(1)</script> ![x](http://evil.example/a.png) [b](http://evil.example) & | #"
SCRIPTS = "Übergröße · zażółć · Ωμέγα · Привет · 你好世界 · こんにちは · 안녕하세요"
CITATION = Citation(2, "d", "a.pdf", 3, "iii", "Tea is hot.")


def conversation(text: str) -> Exported:
    claims = [
        Claim("Tea is hot.", (CITATION,), 1.0, "supported"),
        Claim(text, (), 0.0, "unsupported", f"it lacks {text}"),
    ]
    lines = tuple(answer_lines(f"Tea is hot [2].\n- {text}", claims))
    sources = (Source(2, f"{text}, page 3 (printed iii)", (text,)),)
    exchange = Exchanged(text, "extractive", lines, sources, "1 of 2 sentences proved · 1.0 s")
    stopped = Exchanged("And now?", "m · direct", (), (), trouble="The answer was stopped.")
    return Exported(text, "papers", "26 November 2026, 10:00", (exchange, stopped))


def words(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("text", [HOSTILE, SCRIPTS], ids=["hostile", "scripts"])
def test_markdown_shows_every_character_and_none_acts(text: str) -> None:
    written = to_markdown(conversation(text))
    drawn = html.fromstring(MarkdownIt("gfm-like").disable("linkify").render(written))
    assert not drawn.xpath("//script | //img | //a[not(starts-with(@href, '#'))] | //table")
    assert drawn.text_content().count(text) == 6
    assert "[^1-2]" in written
    assert "Tea is hot." in written
    assert "The answer was stopped." in written


@pytest.mark.parametrize("text", [HOSTILE, SCRIPTS], ids=["hostile", "scripts"])
def test_html_shows_every_character_and_none_acts(text: str) -> None:
    page = html.document_fromstring(to_html(conversation(text)).encode())
    assert not page.xpath("//script | //img | //link | //*[@src]")
    assert page.xpath("//a/@href") == ["#s1-2"]
    assert page.xpath("//dt[@id='s1-2']")
    assert "default-src 'none'" in page.xpath("//meta[@http-equiv]/@content")[0]
    assert page.xpath("//body")[0].text_content().count(text) == 6
    assert page.xpath("//mark")[0].text_content() == text


@pytest.mark.parametrize("text", [HOSTILE, SCRIPTS], ids=["hostile", "scripts"])
def test_pdf_shows_every_character(text: str) -> None:
    with pdfium.PdfDocument(to_pdf(conversation(text))) as document:
        said = "".join(page.get_textpage().get_text_bounded() for page in document)
        bookmarks = [mark.get_title() for mark in document.get_toc()]
    assert words(said).count(words(text)) >= 4
    assert bookmarks == [text, "And now?"]
    assert "Thisanswer" not in words(said)
    assert "Theanswerwasstopped." in words(said)


def test_a_character_that_no_font_has_is_written_as_its_number() -> None:
    with pdfium.PdfDocument(to_pdf(conversation("A tree: 🌲"))) as document:
        assert "[U+1F332]" in document[0].get_textpage().get_text_bounded()


@pytest.mark.parametrize(
    ("title", "name"),
    [("../../etc/passwd", "etc passwd"), ("Wer war's?", "Wer war s"), ("???", "conversation")],
)
def test_a_file_is_named_after_its_title_and_never_a_path(title: str, name: str) -> None:
    assert Exported(title, "l", "now", ()).file_name == name
