"""What is exported of a conversation says what became of each answer, and what proves it."""

from __future__ import annotations

import pytest

from app.export.conversation import Proof, file_name, visible
from tests.app.export.told import Kept, about_tea, answered, export, refused


def test_a_source_has_each_of_its_pages_with_what_proves_on_it() -> None:
    (turn,) = export(about_tea()).turns
    tea, milk = turn.sources
    assert (tea.number, tea.document) == (1, "tea.pdf")
    assert tea.proofs == (
        Proof("page 3 (printed: iii)", ("Tea is hot when it is poured.",)),
        Proof("page 4 (printed: iv)", ("Tea is cold when it is forgotten.",)),
    )
    assert milk.proofs == (Proof("page 1", ()),)
    notes = [note for line in turn.lines for one in line.sentences for note in one.notes]
    assert [note.number for note in notes] == [1, 2, 1]
    assert tea.references == tuple(note.reference for note in notes if note.number == 1)


def test_an_answer_says_who_gave_it_and_what_a_reader_should_know() -> None:
    (turn,) = export(about_tea()).turns
    assert turn.how == "Model: ollama:wren; way to answer: direct"
    assert turn.summary == "2 of 3 sentences proved · 2 documents · 2.0 s"
    assert turn.warnings == ("The search was cut short.",)
    assert export(refused()).turns[0].refused


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (
            Kept("q", None, "stopped", "Half"),
            "This answer was stopped before it was whole. What had come of it is not checked.",
        ),
        (
            Kept("q", None, "failed", "", "No server; start it."),
            "This answer failed: No server; start it.",
        ),
        (
            Kept("q", None, "running"),
            "This answer was still coming when the conversation was exported.",
        ),
        (Kept("q", None, "stopped", "", "The program ended."), "The program ended."),
    ],
)
def test_an_answer_that_is_not_whole_says_so(kept: Kept, said: str) -> None:
    (turn,) = export(kept).turns
    assert turn.ended == said
    assert turn.how == "Model: m; way to answer: agent"


def test_characters_that_do_harm_unseen_are_shown_as_code_points() -> None:
    assert visible("a\x00b\u202ec\ud800\n d\ufffe") == "a[U+0000]b[U+202E]c[U+D800] d[U+FFFE]"
    (turn,) = export(answered("q", "Yes\x07 **no** so.")).turns
    spans = turn.lines[0].sentences[0].spans
    assert [span.text for span in spans] == ["Yes[U+0007] ", "no", " so."]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/passwd", "Citebound - etc passwd"),
        ('a<b>:"c"|?*\n', "Citebound - a b c"),
        ("Wie groß?", "Citebound - Wie groß"),
        ("???", "Citebound - conversation"),
        ("x" * 500, "Citebound - " + "x" * 60),
    ],
)
def test_a_file_has_its_title_for_a_name_and_no_path(title: str, name: str) -> None:
    assert file_name(title) == name
