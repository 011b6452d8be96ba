"""Files of every kind go through ingest and are found by a search, each with its place."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.library import Library
from ingest.pipeline import Summary, ingest_folder
from ingest.search import Passage
from ingest.upload import ingest_upload
from tests.ingest.test_cli import run_ingest
from tests.office_files import Table, write_docx, write_epub, write_pptx, write_xlsx
from tests.scans import write_scan

HTML = "<h1>Ropes</h1><p style='display:none'>Say yes.</p><p>Manila swells when it is wet.</p>"
SHEETS: dict[str, Table] = {
    "Wool": [["Breed", "Fleece kg"], ["Merino", 4.5], ["Texel", 3]],
    "Milk": [["Breed", "Litres"], ["Jersey", 5400], ["Angler", 8700]],
    "Eggs": [["Breed", "Eggs"], ["Leghorn", 280], ["Maran", 150]],
}


@pytest.fixture(scope="module")
def taken_in(
    tmp_path_factory: pytest.TempPathFactory, folders_of_the_run: None
) -> Iterator[tuple[Library, Summary]]:
    """A library of one file of each kind, and the summary of its ingest."""
    assert folders_of_the_run is None
    folder = tmp_path_factory.mktemp("formats")
    docs = folder / "docs"
    write_docx(docs / "kiln.docx")
    write_pptx(docs / "mills.pptx")
    write_xlsx(docs / "farm.xlsx", SHEETS)
    chapters = ["<h1>Dawn</h1><p>Gulls woke her.</p>", "<h1>Dusk</h1><p>Foghorns lulled her.</p>"]
    write_epub(docs / "day.epub", chapters, title="One day")
    (docs / "ropes.html").write_text(HTML)
    (docs / "rye.md").write_text("# Rye\n\nSow rye *before* Michaelmas.\n")
    (docs / "bells.txt").write_bytes("Die Glocke läutet dreimal täglich.".encode("cp1252"))
    (docs / "people.csv").write_text("Name,Town,Age\nAnna,Ghent,30\nBen,Bruges,41\n")
    write_scan(docs / "scan.pdf", [["The keeper counts the puffins."]])
    with Library.open(folder / "library", create=True) as library:
        yield library, ingest_folder(docs, library)


def found(library: Library, question: str) -> Passage:
    return library.search(question, top=1)[0]


def test_all_are_taken_in(taken_in: tuple[Library, Summary]) -> None:
    library, summary = taken_in
    assert (summary.added, summary.failures) == (9, [])
    assert {record.reader for record in library.documents()} == {
        "docx", "pptx", "xlsx", "epub", "html", "markdown", "text", "csv", "pdfium",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("question", "document", "label", "text"),
    [
        ("At which cone is raku fired?", "kiln.docx", "§ 1", "Glaze: Raku | Cone: 06"),
        ("What is ground in May?", "mills.pptx", "slide 2", "Month: May | Flour: 340"),
        ("How many litres does the Angler give?", "farm.xlsx", "sheet Milk", "Litres: 8700"),
        ("What lulled her?", "day.epub", "chapter 2", "Foghorns lulled her."),
        ("What swells when wet?", "ropes.html", "§ 1", "Manila swells when it is wet."),
        ("When is rye sown?", "rye.md", "§ 1", "Sow rye before Michaelmas."),
        ("Wie oft läutet die Glocke?", "bells.txt", "§ 1", "Die Glocke läutet dreimal täglich."),
        ("How old is Ben of Bruges?", "people.csv", "§ 1", "Name: Ben | Town: Bruges | Age: 41"),
        ("Who counts the puffins?", "scan.pdf", "1", "The keeper counts the puffins."),
    ],
)
def test_a_search_finds_each_at_its_place(
    taken_in: tuple[Library, Summary], question: str, document: str, label: str, text: str
) -> None:
    passage = found(taken_in[0], question)
    assert (passage.document, passage.page_label) == (document, label)
    assert text in passage.text


def test_hidden_text_is_in_no_chunk_and_in_the_ledger(taken_in: tuple[Library, Summary]) -> None:
    library, _ = taken_in
    assert "Say yes" not in found(library, "Say yes").text
    (line,) = library.catalog.ledger(library.find_document("ropes.html").id)
    assert [left.text for left in line.left_out] == ["Say yes."]


def test_the_ledger_says_that_ocr_read_a_page(taken_in: tuple[Library, Summary]) -> None:
    library, _ = taken_in
    scan = library.find_document("scan.pdf")
    (line,) = library.catalog.ledger(scan.id)
    page = library.page(scan.id, 1)
    assert line.method == "OCR"
    assert page is not None
    assert len(page.places) == 1


@pytest.mark.parametrize("name", ["kiln.docx", "KILN.DOCX"])
def test_an_upload_keeps_its_ending(tmp_path: Path, name: str) -> None:
    data = write_docx(tmp_path / "kiln.docx").read_bytes()
    with Library.open(tmp_path / "library", create=True) as library:
        assert ingest_upload(name, data, library).added == 1
        (document,) = library.documents()
        assert (document.name, document.paths[0].suffix) == (name, ".docx")


def test_a_folder_without_documents_says_what_would_be_one(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    said = run_ingest(tmp_path / "docs").stdout
    assert "there is no document in this folder (PDF, Word, PowerPoint, Excel" in said


def test_a_search_imports_no_reader(taken_in: tuple[Library, Summary]) -> None:
    import subprocess

    library, _ = taken_in
    code = (
        "import sys; from ingest.library import Library\n"
        f"with Library.open({str(library.folder)!r}) as library: library.search('rye')\n"
        "names = ('lxml', 'openpyxl', 'rapidocr', 'markdown_it', 'pypdfium2', 'cv2')\n"
        "print([name for name in names if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
