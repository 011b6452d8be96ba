"""The list of documents: narrowed by words, quick with ten thousand; names of libraries."""

import time
from pathlib import Path

import pytest

from app.ui.library.chosen import libraries_for, make_library
from app.ui.library.document_view import tinted_text
from app.ui.library.listing import as_table, narrowed, text_from
from app.ui.person import OWNER
from ingest.errors import LibraryError
from ingest.library import Library
from ingest.records import DocumentRecord, PageChunk
from ingest.settings import data_folder


def record(number: int, name: str, title: str) -> DocumentRecord:
    return DocumentRecord(f"{number:064}", name, title, 3, 9, 1_000, "pdfium", 1.7e9, ())


def test_the_list_is_narrowed_by_all_words_in_name_or_title() -> None:
    table = as_table([record(1, "a/2022 Q3.pdf", "Apple"), record(2, "b.pdf", "Apple *pie*")], {})
    assert list(narrowed(table, "APPLE q3")["name"]) == ["a/2022 Q3.pdf"]
    assert list(narrowed(table, "*pie")["name"]) == ["b.pdf"]
    assert len(narrowed(table, " ")) == 2
    assert narrowed(table, "apple cake").empty


def test_ten_thousand_documents_are_narrowed_within_a_click() -> None:
    records = [record(n, f"report {n}.pdf", f"The annual report {n}") for n in range(10_000)]
    table = as_table(records, {})
    started = time.monotonic()
    assert len(narrowed(table, "annual 99")) == 280
    assert time.monotonic() - started < 0.2


@pytest.mark.parametrize(
    ("methods", "said"),
    [({"text layer": 3, "none": 1}, "text layer"), ({"OCR": 2}, "OCR"), ({"none": 1}, "none"),
     ({"text layer": 1, "OCR": 1}, "mixed"), ({"text layer and OCR": 1}, "mixed"), ({}, "none")],
)  # fmt: skip
def test_how_a_text_was_had_is_told_in_a_word(methods: dict[str, int], said: str) -> None:
    assert text_from(methods) == said


def test_chunks_are_tinted_in_turn_and_their_text_does_nothing() -> None:
    text = "One *a*.\nTwo."
    chunks = [
        PageChunk("x", 1, 0, 8, "", "One *a*.", 3, False, False),
        PageChunk("y", 2, 9, 13, "", "Two.", 1, False, False),
    ]
    assert tinted_text(text, chunks) == (
        ":blue-badge[1]  \n:blue-background[One \\*a\\*\\.]  \n"
        ":orange-badge[2]  \n:orange-background[Two\\.]"
    )


def test_a_library_is_made_by_a_name_that_is_no_path() -> None:
    made = make_library("  Old   maps-2 ")
    assert made.folder == data_folder() / "libraries" / "Old maps-2"
    assert [one.name for one in libraries_for(OWNER)] == ["default", "Old maps-2"]
    for name in ("../out", "a/b", "", ".hidden", "-x", "a" * 61, "C:", "a\nb/"):
        with pytest.raises(LibraryError, match="letters, digits"):
            make_library(name)
    for name in ("old maps-2", "DEFAULT"):
        with pytest.raises(LibraryError, match="already"):
            make_library(name)


def test_the_library_of_settings_comes_first_wherever_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITEBOUND_LIBRARY", str(tmp_path / "mine"))
    Library.open("other", create=True).close()
    (data_folder() / "libraries" / "empty").mkdir()
    assert [one.name for one in libraries_for(OWNER)] == ["mine", "other"]
