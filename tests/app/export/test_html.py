"""An HTML export is one file that fetches and runs nothing, and leads from footnote to source."""

from __future__ import annotations

import base64
import hashlib
from itertools import pairwise

import pytest
from lxml import html

from app.export.html import to_html
from tests.app.export.told import HOSTILE, SCRIPTS, Kept, about_tea, export, refused, saying

ALLOWED = set(
    "html head meta title style body main nav section h1 h2 h3 p ul ol li a bdi span strong code "
    "mark sup figure figcaption blockquote".split()
)


def page_of(*kept: Kept, title: str = "On tea") -> html.HtmlElement:
    return html.document_fromstring(to_html(export(*kept, title=title)))


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


@pytest.mark.parametrize("text", [HOSTILE, *SCRIPTS.values()])
def test_every_character_is_shown_and_none_acts(text: str) -> None:
    page = page_of(saying(text), title=text)
    assert {element.tag for element in page.iter()} <= ALLOWED
    assert not page.xpath("//@src | //@style | //@onerror")
    assert {link[0] for link in page.xpath("//@href")} == {"#"}
    assert words(page.xpath("//h1")[0]) == words(page.xpath("//h2")[0]) == text
    assert page.xpath("//bdi[@class='document']")[0].text == text
    assert page.xpath("//blockquote")[0].text == text
    assert words(page.xpath("//span[@class='why']")[0]) == f"(not proved: {text})"


def test_its_policy_allows_its_own_style_alone() -> None:
    page = page_of(about_tea())
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    style = page.xpath("//style")[0].text
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}';")


def test_footnotes_lead_to_their_sources_and_back() -> None:
    page = page_of(about_tea(), about_tea())
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for link in page.xpath("//@href"):
        assert link[1:] in ids
    (note,) = page.xpath("//*[@id='q2-note-2']")
    assert (note.text, note.get("href")) == ("2", "#q2-source-2")
    assert note.get("aria-label") == "Source 2: milk.pdf"
    backs = page.xpath("//*[@id='q1-source-1']//a/@href")
    assert backs == ["#q1-note-1", "#q1-note-3"]


def test_lines_keep_their_form_and_headings_their_order() -> None:
    page = page_of(about_tea(), refused(), Kept("Again?", None, "stopped"))
    assert page.get("lang") == "en"
    levels = [int(one.tag[1]) for one in page.xpath("//h1 | //h2 | //h3")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert [words(one) for one in page.xpath("//ul/li")][1].startswith("2.Later it is cold.")
    assert page.xpath("//strong")[0].text == "hot"
    assert page.xpath("//code")[0].text == "first"
    assert words(page.xpath("//mark")[0]) == "Tea is red."
    assert words(page.xpath("//*[@class='refused']")[0]) == "No answer in the documents"
    assert words(page.xpath("//*[@class='ended']")[0]).startswith("This answer was stopped")
    assert len(page.xpath("//nav//a")) == 3
