"""The chapters of the handbook as the page shows them."""

from __future__ import annotations

from app.handbook import chapters, read_chapter, with_links
from app.ui.chat.receipt_view import IN_THE_HANDBOOK

TEXT = """# Birds

Small ones first.

## The wren

```
## no heading
```

See [part 2](2-owls.md) and [a page](https://example.org/a.md).

## Owls & others

They hunt at night."""


def test_a_chapter_is_split_at_its_headings_and_not_in_its_code() -> None:
    chapter = read_chapter("1-birds", TEXT)
    assert (chapter.key, chapter.title) == ("1-birds", "Birds")
    wren, owls = chapter.sections
    assert (wren.key, wren.title) == ("the-wren", "The wren")
    assert wren.text.startswith("Small ones first.\n\n```\n## no heading\n```")
    assert (owls.key, owls.text) == ("owls-others", "They hunt at night.")


def test_links_to_chapters_lead_to_the_page_and_others_stay() -> None:
    linked = with_links(read_chapter("1-birds", TEXT).sections[0].text, "handbook")
    assert "[part 2](handbook?chapter=2-owls)" in linked
    assert "(https://example.org/a.md)" in linked


def test_all_chapters_are_there_and_each_link_of_an_answer_leads_to_one_of_their_sections() -> None:
    keys = {(chapter.key, section.key) for chapter in chapters() for section in chapter.sections}
    assert len(chapters()) == 5
    assert all(section.text for chapter in chapters() for section in chapter.sections)
    assert {(chapter, section) for _, chapter, section in IN_THE_HANDBOOK.values()} <= keys
