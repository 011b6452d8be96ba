"""A table's rows stay whole, and a chunk that begins within a table has its header."""

from ingest.chunk import Chunk, cut_chunks
from ingest.embedder import EmbedderTokenizer
from ingest.embedder_cache import prepare_embedder
from ingest.readers.content import Page, SourceContent
from ingest.sentences import sentence_spans
from ingest.settings import IngestSettings
from ingest.text_tables import Table, find_tables, label_lines

HEADER = ["Three Months Ended", "June 25,", "2022", "June 26,", "2021", "Net sales:"]
ROWS = [f"Products of division {number} $ 63,{number:03} $ 61,{number:03}" for number in range(40)]
PROSE = "The company sells boilers and the parts that belong to them in all of its regions."


def tokenizer() -> EmbedderTokenizer:
    return prepare_embedder(IngestSettings()).open_tokenizer()


def cut(text: str) -> list[Chunk]:
    content = SourceContent("Report", (Page(1, "1", text),), (), "pdfium")
    return cut_chunks(content, document_id="d", tokenizer=tokenizer(), target_tokens=220)


def test_a_table_is_its_rows_and_the_short_lines_above_them() -> None:
    lines = [PROSE, *HEADER, *ROWS[:3], "Operating expenses:", ROWS[3], PROSE]
    text = "\n".join(lines)
    spans = sentence_spans(text)
    assert list(find_tables(text, spans)) == [Table(1, 7, 12)]
    assert label_lines(text, 0, spans[7][0]) == HEADER


def test_prose_with_numbers_and_one_row_alone_are_no_table() -> None:
    text = (
        "In 2022 there were 12 boilers, 11 of them lit, and in 2021 there were 9.\nTotal 1,200\nEnd"
    )
    assert list(find_tables(text, sentence_spans(text))) == []


def test_every_chunk_of_a_long_table_has_its_header() -> None:
    chunks = cut("\n".join([*HEADER, *ROWS]))
    assert len(chunks) > 2
    assert chunks[0].text.startswith("Three Months Ended")
    for chunk in chunks[1:]:
        assert chunk.trail == "Three Months Ended June 25, 2022 June 26, 2021 Net sales:"
        assert chunk.header == f"Report > {chunk.trail}"
        assert chunk.tokens <= 220


def test_no_row_is_cut_in_two() -> None:
    lines = [line for chunk in cut("\n".join([*HEADER, *ROWS])) for line in chunk.text.split("\n")]
    assert lines == [*HEADER, *ROWS]


def test_a_table_that_fits_into_a_chunk_is_whole() -> None:
    text = "\n".join([PROSE] * 6 + HEADER + ROWS[:8] + [PROSE] * 4)
    (holder,) = [chunk for chunk in cut(text) if ROWS[0] in chunk.text]
    assert "Three Months Ended" in holder.text
    assert ROWS[7] in holder.text


def test_text_after_a_table_does_not_have_its_header() -> None:
    chunks = cut("\n".join([*HEADER, *ROWS[:8]] + [PROSE] * 40))
    assert {chunk.trail for chunk in chunks if ROWS[0][:8] not in chunk.text} == {""}
