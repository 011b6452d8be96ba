"""A conversation is downloaded from the page in three formats."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
from lxml import html
from playwright.sync_api import Download

from tests.e2e.conftest import ScriptedPage
from tests.e2e.visitor import Visitor
from tests.servers.reply import Reply

APPLES = "How many tonnes of apples did Larkfield harvest in 2021?"
TRUE = "In 2021 the orchard of Larkfield harvested 340 tonnes of apples [1]."
GATE = "What does the inscription on the castle gate read?"


def test_a_conversation_is_downloaded_with_its_sources_and_only_the_shown_variant(
    scripted_visitor: Visitor, scripted_page: ScriptedPage, tmp_path: Path
) -> None:
    page = scripted_visitor.page
    scripted_page.reply = Reply(f"No. {TRUE}")
    answer = scripted_visitor.ask_and_wait(APPLES)
    scripted_page.reply = Reply(TRUE)
    scripted_visitor.click("Ask again", answer)
    page.get_by_role("radio", name="Answer 2").wait_for()
    scripted_visitor.ask_and_wait(GATE)
    scripted_visitor.click("This conversation")

    def download(label: str) -> bytes:
        with page.expect_download() as waiting:
            scripted_visitor.click(label)
        got: Download = waiting.value
        name = "Citebound - How many tonnes of apples did Larkfield harvest in 2021"
        assert got.suggested_filename.startswith(name)
        path = tmp_path / label
        got.save_as(path)
        return path.read_bytes()

    markdown = download("Markdown").decode()
    assert "340 tonnes of apples. [1]" in markdown
    assert "No. " not in markdown
    assert "harvest.pdf" in markdown
    shown = html.document_fromstring(download("HTML"))
    assert [one.text_content() for one in shown.xpath("//h2")] == [APPLES, GATE]
    assert not shown.xpath("//script | //img")
    with pdfium.PdfDocument(download("PDF")) as document:
        assert [mark.get_title() for mark in document.get_toc()] == [APPLES, GATE]
        assert "340 tonnes" in document[0].get_textpage().get_text_bounded()
