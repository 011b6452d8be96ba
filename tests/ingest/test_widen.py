"""A passage is shown with what stands around it, no text twice, on two pages at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.library import Library
from ingest.pipeline import ingest_folder
from ingest.search import Passage
from ingest.widen import join_chunks, widen, without_repeats
from tests.app.asking import passage
from tests.pdfs import write_pdf


def chunk(number: int, *, page: int = 1, trail: str = "One", last_page: int = 0) -> Passage:
    """Chunks of ten characters that follow one another."""
    text = f"chunk {number:04}"
    return replace(
        passage(text, number=number + 1), id=str(number), document_id="d",
        page=page, page_label=str(page),
        last_page=last_page or page, last_page_label=str(last_page or page), trail=trail,
        start=number * 11, end=number * 11 + 10, page_break=6 if last_page else 10,
    )  # fmt: skip


def texts(passages: Sequence[Passage]) -> list[str]:
    return [" ".join(one.text.split()).replace("chunk 000", "") for one in passages]


def widened(chunks: Sequence[Passage], *found: int, count: int = 9, reach: int = 9) -> list[str]:
    around = {
        chunks[at].id: chunks[max(0, at - reach) : at + reach + 1] for at in range(len(chunks))
    }
    return texts(widen([chunks[at] for at in found], around, count))


def test_neighbours_of_the_same_section_join_in_the_documents_order() -> None:
    chunks = [chunk(0, trail="Before"), chunk(1), chunk(2), chunk(3), chunk(4, trail="After")]
    assert widened(chunks, 2) == ["1 2 3"]
    assert widened(chunks, 0) == ["0"]


def test_only_the_best_are_widened() -> None:
    chunks = [chunk(n, trail=f"Section {n // 2}") for n in range(6)]
    assert widened(chunks, 0, 2, 4, count=2) == ["0 1", "2 3", "4"]
    assert widened(chunks, 0, 2, count=0) == ["0", "2"]


def test_no_text_stands_there_twice() -> None:
    chunks = [chunk(n) for n in range(6)]
    assert widened(chunks, 2, 3, 5, reach=1) == ["1 2 3", "4 5"]
    assert widened(chunks, 1, 3, reach=1) == ["0 1 2", "3 4"]


def test_the_rows_of_a_table_join_its_beginning() -> None:
    chunks = [chunk(0, trail="Sales"), chunk(1, trail="Sales > Year Amount"), chunk(2, trail="Sa")]
    assert widened(chunks, 1) == ["0 1"]
    assert widened(chunks, 2) == ["2"]


def test_what_does_not_follow_does_not_join() -> None:
    chunks = [chunk(0), chunk(1), chunk(3)]
    assert widened(chunks, 1) == ["0 1"]


def test_a_widened_passage_is_of_two_pages_at_most_and_knows_where_the_second_begins() -> None:
    chunks = [chunk(0), chunk(1, page=2), chunk(2, page=3), chunk(3, page=4)]
    (first, second) = widen([chunks[1], chunks[3]], {one.id: chunks for one in chunks}, 2)
    assert texts([first, second]) == ["0 1", "2 3"]
    assert (first.id, first.joined) == (chunks[1].id, (chunks[0].id, chunks[1].id))
    assert first.page_of("chunk 0000") == (1, "1")
    assert first.page_of("chunk 0001") == (2, "2")
    assert second.page_of("chunk 0003") == (4, "4")


def test_a_chunk_that_runs_over_the_pages_end_keeps_its_break() -> None:
    joined = join_chunks([chunk(0), chunk(1, last_page=2), chunk(2, page=2)])
    assert joined.text[joined.page_break :] == "0001\nchunk 0002"
    assert (joined.page, joined.last_page) == (1, 2)
    assert join_chunks([chunk(0), chunk(1)]).page_break == len("chunk 0000\nchunk 0001")


def test_of_passages_that_say_the_same_the_best_stays() -> None:
    first, copy, other = passage("Tea is hot."), passage("tea  is\nHOT."), passage("Tea is cold.")
    assert without_repeats([first, copy, other]) == [first, other]


@pytest.mark.parametrize("reach", [1, 2])
def test_a_library_knows_what_stands_around_a_passage(tmp_path: Path, reach: int) -> None:
    lines = [f"The bell of tower number {n} was cast in the year {1700 + n}." for n in range(80)]
    write_pdf(tmp_path / "pdfs" / "bells.pdf", [lines])
    with Library.open(tmp_path / "library", create=True) as library:
        ingest_folder(tmp_path / "pdfs", library)
        every = library.read_document(library.documents()[0].id)
        assert len(every) > 4
        ids = [one.id for one in every]
        around = library.catalog.chunks_around([ids[0], ids[2]], reach)
        assert [one.id for one in around[ids[0]]] == ids[: reach + 1]
        assert [one.id for one in around[ids[2]]] == ids[2 - reach : 3 + reach]
        (wide,) = widen([every[2]], library.around([every[2]]), 1)
        assert wide.text == "\n".join(one.text for one in every[1:4])
        assert library.catalog.chunks_around(["no-such-id"], 1) == {"no-such-id": []}


def test_a_quote_is_on_the_page_that_has_all_of_it_not_a_longer_word() -> None:
    first = replace(chunk(0), text="Acme Berlin 50", page_break=14, end=14)
    joined = join_chunks([first, replace(chunk(1, page=2), text="Acme Berlin 5", page_break=13)])
    assert joined.page_of("Acme Berlin 5") == (2, "2")
    assert joined.page_of("Acme Berlin 50") == (1, "1")
