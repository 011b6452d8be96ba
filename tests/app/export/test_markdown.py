"""A Markdown export keeps the form of answers, and no text in it acts."""

from __future__ import annotations

import pytest
from lxml import html
from markdown_it import MarkdownIt

from app.export.markdown import escaped, to_markdown
from tests.app.export.told import HOSTILE, SCRIPTS, Kept, about_tea, export, refused, saying


def rendered(*kept: Kept, title: str = "On tea") -> html.HtmlElement:
    """The export as a program shows it that lets Markdown do all it can."""
    text = to_markdown(export(*kept, title=title)).decode()
    return html.fromstring(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))


def test_lines_footnotes_and_sources_keep_their_form() -> None:
    page = rendered(about_tea())
    assert page.xpath("//h2")[0].text_content() == "1. What of tea?"
    assert [one.text_content() for one in page.xpath("//h3")] == ["On tea", "Sources"]
    assert page.xpath("//ul/li//strong")[0].text == "hot"
    assert page.xpath("//ul/li//code")[0].text == "first"
    assert page.xpath("//ol[@start='2']/li")[0].text_content() == "Later it is cold. [1]"
    said = " ".join(page.text_content().split())
    assert "Tea is red. [2] ⚠ (not proved: no passage says so)" in said
    assert "[1] tea.pdf page 3 (printed: iii) “Tea is hot when it is poured.”" in said
    assert "[2] milk.pdf page 1: It is cited, but does not prove the sentence." in said
    assert "2 of 3 sentences proved" in said
    assert "No answer in the documents." in rendered(refused()).text_content()


@pytest.mark.parametrize("text", [HOSTILE, *SCRIPTS.values()])
def test_every_character_is_shown_and_none_acts(text: str) -> None:
    page = rendered(saying(text), title=text)
    acting = "//a | //img | //script | //table | //del | //para | //comment() | //font"
    assert not page.xpath(acting)
    said = " ".join(page.text_content().split())
    shown = text.replace("**x** `y`", "x y")  # what a sentence marks is kept as its form
    assert said.count(text) + said.count(shown) >= 7


@pytest.mark.parametrize(
    "text",
    ["# a", "## b ##", "- a", "+ a", "1. a", "12) a", "===", "---", "> a", "[a]: http://e.example",
     "    a", "```", "~~~", "a  ", "\\", "`", "*a*", "&amp;", ": a", "1986."],
)  # fmt: skip
def test_a_line_that_would_begin_something_stays_text(text: str) -> None:
    page = html.fromstring(MarkdownIt("commonmark").render(f"x\n\n{escaped(text.strip())}"))
    assert page.xpath("//p")[1].text_content() == text.strip()
