"""What a person does on the Library page, and sees there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.chat_server import chat_variables, free_port, run_ingest, serve_chat
from tests.e2e.visitor import Visitor, choose, is_drawn
from tests.office_files import write_docx
from tests.pdfs import write_broken, write_pdf

SECRET = "Kittiwake-7731"  # noqa: S105
ROW = 35  # pixels
HOSTILE = "$x$ **bold** <b>hostile<b>.pdf"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folder with a library of two PDFs and a Word file."""
    made = tmp_path_factory.mktemp("library")
    write_pdf(made / "pdfs" / "heron.pdf", [
        ["The grey heron waits in the reeds.", "It catches a fish in the early morning."],
        ["The second page tells of its nest in a tall tree."],
    ], title="Herons of the lake")  # fmt: skip
    write_pdf(made / "pdfs" / HOSTILE, [["A name can be hostile."]], title="<i>Hostile</i> $y$")
    write_docx(made / "pdfs" / "kiln.docx")
    run_ingest(made / "pdfs", _variables(made))
    return made


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[str]:
    """The address of a page with that library."""
    with serve_chat(folder, _variables(folder)) as address:
        yield address


@pytest.fixture
def page(visit: Visitor, served: str) -> Page:
    """The Library page, open."""
    visit.page.goto(f"{served}/library")
    expect(visit.page.get_by_role("heading", name="Library")).to_be_visible()
    return visit.page


def _variables(folder: Path) -> dict[str, str]:
    return chat_variables(folder, ollama_url=f"http://127.0.0.1:{free_port()}")


def go_to_tab(page: Page, name: str) -> None:
    tab = page.get_by_role("tab", name=name, exact=True)
    expect(tab).to_be_visible()
    tab.click()
    expect(tab).to_have_attribute("aria-selected", "true")


def narrow(page: Page, text: str) -> Locator:
    """Search the list; the grid that is left, with one row."""
    go_to_tab(page, "Documents")
    page.get_by_label("Search by name or title").fill(text)
    expect(page.get_by_text(re.compile(r"1 of \d+ documents"))).to_be_visible()
    return page.get_by_test_id("stDataFrame")


def click_in_first_row(grid: Locator, x: int) -> None:
    """Click into the first row, so many pixels from the left."""
    expect(grid.locator("canvas").first).to_be_visible()
    grid.click(position={"x": x, "y": ROW * 1.5})


def choose_document(page: Page, text: str) -> None:
    """Choose the one document that the search leaves."""
    click_in_first_row(narrow(page, text), 18)
    expect(page.get_by_text("1 document chosen.")).to_be_visible()


def test_a_folder_is_dropped_and_each_failure_has_its_reason(page: Page, tmp_path: Path) -> None:
    dropped = tmp_path / "birds"
    write_pdf(dropped / "deep" / "otter.pdf", [["The otter swims under the ice."]])
    write_broken(dropped / "broken.pdf")
    write_pdf(dropped / "locked.pdf", [["The puffin keeps a secret."]], password=SECRET)
    (dropped / "notes.xyz").write_text("of no kind")
    go_to_tab(page, "Add documents")
    page.get_by_role("radio", name="A whole folder").click()
    page.locator("input[type=file][webkitdirectory]").set_input_files(dropped)
    expect(page.get_by_text("birds/deep/otter.pdf was added: 1 page, 1 passage.")).to_be_visible()
    expect(page.get_by_text("birds/broken.pdf was not added: it is damaged")).to_be_visible()
    expect(page.get_by_text("Encrypted, and needs a password: birds/locked.pdf")).to_be_visible()
    expect(page.get_by_text("notes.xyz")).to_have_count(0)
    password = page.get_by_label("Password of encrypted files")
    password.fill("wrong")
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_text("Encrypted, and is not opened by that password")).to_be_visible()
    password.fill(SECRET)
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_text("birds/locked.pdf was added")).to_be_visible()
    page.reload()
    expect(page.get_by_text("birds/broken.pdf was not added")).to_be_visible()
    page.get_by_role("button", name="Clear this list").click()
    expect(page.get_by_text("broken.pdf")).to_have_count(0)


def test_a_file_of_another_kind_is_refused_by_name(page: Page, tmp_path: Path) -> None:
    (tmp_path / "song.mp3").write_bytes(b"la la")
    go_to_tab(page, "Add documents")
    page.locator("input[type=file]").set_input_files([tmp_path / "song.mp3"])
    expect(page.get_by_text("song.mp3 was not added: it is of a kind")).to_be_visible()
    page.get_by_role("button", name="Clear this list").click()


def test_an_upload_is_cancelled(page: Page, tmp_path: Path) -> None:
    many = [
        write_pdf(tmp_path / f"long{number}.pdf", [[f"Page {n} of {number}."] for n in range(300)])
        for number in range(8)
    ]
    go_to_tab(page, "Add documents")
    page.locator("input[type=file]").set_input_files(many)
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.get_by_text(re.compile(r"Cancelled: \d files? not added"))).to_be_visible()
    page.get_by_role("button", name="Clear this list").click()


def test_the_list_is_searched_and_a_document_opens_with_its_chunks(page: Page) -> None:
    click_in_first_row(narrow(page, "herons LAKE"), 75)
    expect(page.get_by_role("heading", name="Herons of the lake")).to_be_visible()
    assert is_drawn(page.get_by_role("img", name="page 1 with its chunks"))
    expect(page.get_by_text("It catches a fish in the early morning.")).to_be_visible()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("The second page tells of its nest")).to_be_visible()
    assert "page=2" in page.url
    page.reload()
    expect(page.get_by_text("The second page tells of its nest")).to_be_visible()
    go_to_tab(page, "How it was read")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    go_to_tab(page, "Find passages")
    box = page.get_by_label("Find passages by meaning and by words")
    box.fill("Where is the nest?")
    box.press("Enter")
    expect(page.get_by_text(re.compile(r"score \d\.\d\d · by meaning"))).to_have_count(2)
    page.get_by_role("button", name="All documents").click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    assert "document=" not in page.url


def test_one_document_is_asked_about(page: Page) -> None:
    click_in_first_row(narrow(page, "herons LAKE"), 75)
    page.get_by_role("button", name="Ask about it").click()
    expect(page.get_by_role("combobox", name="Documents")).to_be_visible()
    expect(page.get_by_test_id("stMultiSelect")).to_contain_text("heron.pdf")


def test_a_word_file_shows_its_text_with_the_chunks_tinted(page: Page) -> None:
    click_in_first_row(narrow(page, "kiln"), 75)
    expect(page.get_by_text(re.compile(r"\d+ chunks? on this page"))).to_be_visible()
    expect(page.locator(".stMarkdownColoredBackground").first).to_be_visible()
    expect(page.get_by_role("img", name="with its chunks")).to_have_count(0)


def test_hostile_names_are_only_text(page: Page) -> None:
    click_in_first_row(narrow(page, "hostile"), 75)
    expect(page.get_by_role("heading", name=HOSTILE.removesuffix(".pdf"))).to_be_visible()
    expect(page.get_by_text(f"{HOSTILE} · 1 page")).to_be_visible()
    expect(page.get_by_test_id("stMain").locator(".katex, i, b")).to_have_count(0)


def test_a_document_is_forgotten_and_another_removed(page: Page, tmp_path: Path) -> None:
    go_to_tab(page, "Add documents")
    files = [
        write_pdf(tmp_path / f"{bird}.pdf", [[f"The {bird} lays {count} eggs in a burrow."]])
        for bird, count in (("puffin", 1), ("bittern", 5))
    ]
    page.locator("input[type=file]").set_input_files(files)
    expect(page.get_by_text("puffin.pdf was added")).to_be_visible()
    expect(page.get_by_role("button", name="Clear this list")).to_be_visible()
    choose_document(page, "puffin")
    page.get_by_role("button", name="Forget").click()
    page.get_by_role("dialog").get_by_role("button", name="Forget 1 document").click()
    said = page.get_by_text(re.compile(r"puffin\.pdf was forgotten: \d+ places? .*none does now"))
    expect(said).to_be_visible()
    choose_document(page, "bittern")
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove 1 document").click()
    expect(page.get_by_text("bittern.pdf was removed.")).to_be_visible()
    expect(page.get_by_text("No document has this in its name or title.")).to_be_visible()


@pytest.mark.slow
def test_a_watched_folder_is_kept_in_step(page: Page, tmp_path: Path) -> None:
    watched = tmp_path / "watched"
    write_pdf(watched / "crane.pdf", [["The crane dances at dawn."]])
    go_to_tab(page, "Watched folders")
    box = page.get_by_label("Folder on the machine that serves this page")
    box.fill("no/such")
    page.get_by_role("button", name="Watch", exact=True).click()
    expect(page.get_by_text("is not a whole path")).to_be_visible()
    box.fill(str(watched))
    page.get_by_role("button", name="Watch", exact=True).click()
    expect(page.get_by_text("1 added (1 page).")).to_be_visible()
    write_pdf(watched / "stork.pdf", [["The stork clatters."], ["It stands on one leg."]])
    expect(page.get_by_text("1 added (2 pages).")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text(re.compile("^Paused"))).to_be_visible()
    page.get_by_role("button", name="Stop watching").click()
    expect(page.get_by_text(str(watched))).to_have_count(0)
    narrow(page, "stork")


def test_a_second_library_is_made_and_chosen(page: Page) -> None:
    page.get_by_role("button", name="New library").click()
    name = page.get_by_label("Name", exact=True)
    name.fill("../out")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_text("A library's name is made of letters")).to_be_visible()
    name.fill("Old maps")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_text("Old maps: 0 documents")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Old maps: 0 documents")).to_be_visible()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Chat").click()
    expect(page.get_by_test_id("stSidebar")).to_contain_text("Library Old maps: 0 documents")
    choose(page.get_by_test_id("stSidebar"), "Library", "library")
    expect(page.get_by_test_id("stSidebar")).not_to_contain_text("Library Old maps")
