"""HTML, Markdown, EPUB, CSV and text files give what a reader would see, and no more."""

from pathlib import Path

import pytest

from ingest.readers.content import Heading
from tests.ingest.readers.reading import hidden, paragraphs, read, read_written
from tests.ingest.socket_guard import SocketGuard
from tests.office_files import write_epub, write_zip

PAGE = """<!doctype html><html><head><title>Peat &amp; turf</title><style>
/* a comment { */ .gone, p.off { display : none } @media print { .noprint { display: none } }
</style></head><body><h1>On peat</h1><p>Cut it in <b>Ma</b>y.<br>Dry it &ndash; well.</p>
<!-- a comment --><script>var script = 1;</script><noscript>no script</noscript>
<p style="display:none">Hidden one. <script>x</script></p><p class="gone">Hidden two.</p>
<p class="off">Hidden three.</p><div hidden>Hidden <p>four.</p></div> After it.
<span style="font-size: 0px">Hidden five.</span><p class="noprint">On the screen.</p>
<h2>Prices</h2><table><tr><th>Year<th colspan=2>Price</tr>
<tr><td rowspan=2>1921<td>12<td>13</tr><tr><td>14<td>15</tr></table>
<pre>one
  two</pre><img src="http://192.0.2.1/x.png" alt="x"></body></html>"""


def test_an_html_page_gives_what_a_browser_shows(tmp_path: Path, socket_guard: SocketGuard) -> None:
    content = read_written(tmp_path / "a.html", PAGE)
    assert paragraphs(content) == [
        "On peat", "Cut it in May.\nDry it – well.", "After it.", "On the screen.", "Prices",
        "Year | Price | Price", "Year: 1921 | Price: 12 | Price: 13",
        "Year: 1921 | Price: 14 | Price: 15", "one\n  two",
    ]  # fmt: skip
    assert content.outline == (Heading(0, "On peat", 1), Heading(1, "Prices", 1))
    assert content.title == "Peat & turf"
    assert socket_guard.refused == []


def test_hidden_elements_of_html_are_reported(tmp_path: Path) -> None:
    words = ("one", "two", "three", "four", "five")
    said = hidden(read_written(tmp_path / "a.html", PAGE))
    assert said == [f"Hidden {word}." for word in words]


def test_a_table_that_only_lays_out_a_page_is_read_as_text(tmp_path: Path) -> None:
    table = "<table><tr><td><p>One.</p><p>Two.</p></td><td><h2>Side</h2></td></tr></table>"
    assert paragraphs(read_written(tmp_path / "a.html", table)) == ["One.", "Two.", "Side"]


def test_markdown_gives_text_without_its_marks(tmp_path: Path) -> None:
    text = (
        "---\ntitle: Notes on rye\n---\n# Rye\n\nSow *early* in `May`.\n\n<!-- a comment -->\n\n"
        "| Field | Yield |\n|---|---|\n| North | 3 |\n\n- one\n- two\n\n## Next\n\n"
        "```\na = 1\n```\n"
    )
    content = read_written(tmp_path / "a.md", text)
    assert paragraphs(content) == [
        "Rye", "Sow early in May.", "Field | Yield", "Field: North | Yield: 3", "one", "two",
        "Next", "a = 1",
    ]  # fmt: skip
    assert content.outline == (Heading(0, "Rye", 1), Heading(1, "Next", 1))
    assert (content.title, content.reader) == ("Notes on rye", "markdown")


def test_each_chapter_of_a_book_is_a_page(tmp_path: Path) -> None:
    chapters = [
        "<h1>Dawn</h1><p>It&nbsp;was early &amp; cold.</p>",
        "<h1>Dusk</h1><p>It was late.</p>",
    ]
    content = read(write_epub(tmp_path / "a.epub", chapters, title="One day"))
    assert [page.label for page in content.pages] == ["chapter 1", "chapter 2"]
    assert paragraphs(content) == ["Dawn", "It was early & cold.", "Dusk", "It was late."]
    assert (content.title, content.reader) == ("One day", "epub")


def test_a_chapter_that_is_not_well_formed_is_read_as_html(tmp_path: Path) -> None:
    content = read(write_epub(tmp_path / "a.epub", ["<p>One<br>two <b>three</p>"]))
    assert paragraphs(content) == ["One\ntwo three"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_rows_of_values_keep_their_header(tmp_path: Path, separator: str) -> None:
    rows = [["Name", "Town", "Age"], ["Anna", "Ghent", "30"], ["Ben", "Bruges", "41"]]
    text = "\n".join(separator.join(row) for row in rows)
    content = read_written(tmp_path / "a.csv", text)
    assert paragraphs(content)[1:] == [
        "Name: Anna | Town: Ghent | Age: 30", "Name: Ben | Town: Bruges | Age: 41",
    ]  # fmt: skip


def test_a_quote_within_a_cell_does_not_end_it(tmp_path: Path) -> None:
    rows = [f'{number},"Plain, {number}",{number * 7}' for number in range(1500)]
    text = "\n".join(["Number,Said,Votes", *rows, '1500,"""Aye, aye,"" said he",3'])
    content = read_written(tmp_path / "a.csv", text)
    assert paragraphs(content)[-1] == 'Number: 1500 | Said: "Aye, aye," said he | Votes: 3'


def test_a_cell_may_hold_a_whole_text(tmp_path: Path) -> None:
    letter = "Word for word. " * 20_000
    content = read_written(tmp_path / "a.csv", f'Name,Letter,Year\nAnna,"{letter}",1921\n')
    assert content.pages[-1].text.endswith("Word for word. | Year: 1921")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Grüße aus Köln, 蒸気機関車."),
        ("utf-8-sig", "Grüße aus Köln."),
        ("utf-16", "Grüße aus Köln."),
        ("utf-16-le", "Plain words in wide letters."),
        ("utf-32", "Grüße aus Köln."),
        ("cp1252", "Le café est fermé — “oui” déjà vu."),
        ("cp1251", "Паровой котёл требует ухода."),
        ("shift_jis", "蒸気機関車のボイラーは毎日点検する"),
    ],
)
def test_a_text_is_read_in_its_encoding(tmp_path: Path, encoding: str, text: str) -> None:
    assert paragraphs(read_written(tmp_path / "a.txt", text.encode(encoding))) == [text]


def test_a_damaged_character_does_not_change_the_encoding(tmp_path: Path) -> None:
    text = "Grüße aus Köln, 蒸気機関車."
    content = read_written(tmp_path / "a.txt", text.encode() + b"\xe8\x92 end")
    assert paragraphs(content) == [f"{text}\ufffd end"]


def test_a_text_without_a_paragraph_is_cut_between_sentences(tmp_path: Path) -> None:
    sentence = "The ferry leaves at nine and comes back at noon."
    content = read_written(tmp_path / "a.txt", " ".join([sentence] * 200))
    assert len(content.pages) > 3
    assert all(page.text.endswith("noon.") for page in content.pages)
    assert sum(page.text.count(sentence) for page in content.pages) == 200


def test_an_html_page_in_the_encoding_that_it_declares(tmp_path: Path) -> None:
    page = '<meta charset="windows-1251"><p>Паровой котёл.</p>'
    assert paragraphs(read_written(tmp_path / "a.html", page.encode("cp1251"))) == [
        "Паровой котёл."
    ]


@pytest.mark.parametrize("declared", ["undefined", "idna", "utf-16", "no such encoding"])
def test_an_encoding_that_cannot_be_the_page_s_is_not_believed(
    tmp_path: Path, declared: str
) -> None:
    text = "Die Größe der Häuser ändert sich für viele Menschen, während überall gebaut wird."
    page = f'<meta charset="{declared}"><p>{text}</p>'
    assert paragraphs(read_written(tmp_path / "a.html", page.encode("cp1252"))) == [text]


def test_an_archive_of_another_kind_is_damaged(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.docx", {"mimetype": "x"})
    with pytest.raises(Exception, match="it is damaged"):
        read(path)
