"""What documents and models say reaches the page as text."""

from __future__ import annotations

import re

import pytest

from app.ui.plain import JOINER, plain


def shown(markdown: str) -> str:
    """What CommonMark shows of escaped text, without the joiners."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown).replace(JOINER, "")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "![seal](http://evil.example/a.png)", "[a](http://b.example)",
        "$x^2$", "$$y$$", ":red[x]", ":smile:", ":material/delete:", "# heading", "- item",
        "1. one", "> quote", "`code`", "~~gone~~", "a | b", "\\ back", "&amp;", "www.a.example",
        "me@a.example", "a --> b <= c ~= d", "10:30:45",
    ],
)  # fmt: skip
def test_every_sign_is_escaped_and_none_is_lost(text: str) -> None:
    assert shown(plain(text)) == text
    assert re.search(r"(?<!\\)(?:\\\\)*[!-/:-@\[\]-`{-~]", plain(text)) is None


@pytest.mark.parametrize("text", [":smile:", "http://a.example", "www.a.example", "a@b.c", "->"])
def test_what_the_page_replaces_after_markdown_is_broken_up(text: str) -> None:
    assert JOINER in plain(text)


def test_plain_words_stay_as_they_are_on_one_line() -> None:
    assert plain("The kettle\n\n  boils") == "The kettle boils"
