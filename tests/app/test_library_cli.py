"""The commands ``citebound library``: what they print, as text and JSON, and their exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.library import Library
from tests.commands import run_ingest, run_library
from tests.conftest import write_small_pdfs
from tests.pdfs import write_broken, write_pdf


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A library of the small PDFs that the test may change."""
    write_small_pdfs(tmp_path / "pdfs")
    assert run_ingest(tmp_path / "pdfs", "--library", tmp_path / "own").returncode == 0
    return tmp_path / "own"


def said(*arguments: str | Path) -> str:
    """What a command that goes well prints."""
    done = run_library(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def said_json(*arguments: str | Path) -> dict[str, Any]:
    """The JSON object that a command that goes well prints."""
    parsed = json.loads(said(*arguments, "--json"))
    assert isinstance(parsed, dict)
    return parsed


def test_a_document_is_shown_with_its_files_and_pages(facts: Library) -> None:
    shown = said("show", "moss", "--library", facts.folder)
    assert "Title      Moss\n" in shown
    assert "Pages      2 in 2 passages\n" in shown
    assert "Text from  text layer: 2\n" in shown
    assert str(facts.find_document("moss").paths[0]) in shown
    as_json = said_json("show", "moss", "--library", facts.folder)
    assert as_json["page_list"][1] == {"page": 2, "page_label": "2", "method": "text layer"}


def test_the_text_of_a_page_is_shown(facts: Library) -> None:
    page = ("show", "moss", "--page", "2", "--library", facts.folder)
    assert said(*page).startswith("Gardeners line hanging baskets")
    assert said_json(*page)["text"].startswith("Gardeners line hanging baskets")
    beyond = run_library("show", "moss", "--page", "3", "--library", facts.folder)
    assert beyond.returncode == 2
    assert "moss.pdf has 2 pages" in beyond.stderr


def test_the_ledger_tells_of_every_page(facts: Library) -> None:
    whole = said("ledger", "--library", facts.folder)
    assert "moss.pdf: 2 pages (2 text layer), 2 passages\n" in whole
    assert "bridge.pdf: 3 pages" in whole
    (moss,) = said_json("ledger", "moss", "--library", facts.folder)["documents"]
    assert moss["document"] == "moss.pdf"
    assert list(moss["pages"][0]) == [
        "page", "method", "characters", "chunks", "tokens", "left_out",
    ]  # fmt: skip


def test_an_ingest_reports_what_it_took_in_and_what_not(tmp_path: Path) -> None:
    pdfs, library = tmp_path / "pdfs", tmp_path / "own"
    write_pdf(pdfs / "heron.pdf", [["The grey heron waits."], []])
    write_broken(pdfs / "broken.pdf")
    run_ingest(pdfs, "--library", library, "--report", tmp_path / "first.json")
    report = json.loads((tmp_path / "first.json").read_text(encoding="utf-8"))
    assert [line["method"] for line in report["documents"][0]["pages"]] == ["text layer", "none"]
    assert report["failures"][0]["path"] == str(pdfs / "broken.pdf")
    run_ingest(pdfs, "--library", library, "--report", tmp_path / "second.txt")
    second = (tmp_path / "second.txt").read_text(encoding="utf-8")
    assert second.startswith(f"Could not take in {pdfs / 'broken.pdf'}: it is damaged")
    assert "heron" not in second
    nowhere = run_ingest(pdfs, "--library", library, "--report", tmp_path / "no" / "r.txt")
    assert nowhere.returncode == 1
    assert "There is no folder" in nowhere.stderr


def test_pruned_files_are_named(own: Path, tmp_path: Path) -> None:
    gone = tmp_path / "pdfs" / "tides.pdf"
    gone.unlink()
    done = run_ingest(tmp_path / "pdfs", "--library", own, "--prune", "--json")
    assert json.loads(done.stdout)["removed"] == [str(gone)]
    (tmp_path / "pdfs" / "boiler.pdf").unlink()
    done = run_ingest(tmp_path / "pdfs", "--library", own, "--prune")
    assert f"Removed {tmp_path / 'pdfs' / 'boiler.pdf'}: its file is gone.\n" in done.stdout


@pytest.mark.slow
def test_a_document_is_forgotten_and_that_is_proved(own: Path, tmp_path: Path) -> None:
    asked = run_library("forget", "tides", "--library", own)
    assert asked.returncode == 130  # nobody there to say yes
    forgotten = said_json("forget", "tides", "--library", own, "--yes")
    assert forgotten["places_before"] > 0
    assert forgotten["places_after"] == 0
    assert forgotten["files_kept"] == [str(tmp_path / "pdfs" / "tides.pdf")]
    assert run_library("show", "tides", "--library", own).returncode == 1
    assert "0 do now.\n" in said("forget", "bread", "--library", own, "--yes")


def test_a_forget_that_was_cut_short_is_finished_by_the_next_even_if_nobody_says_yes(
    own: Path,
) -> None:
    with Library.open(own) as library:
        library.catalog.begin_forgetting([library.find_document("tides").id])
    again = run_library("forget", "tides", "--library", own)
    assert again.returncode == 1
    assert again.stderr.startswith("A forget that had been cut short is finished.\n")
    assert "No document 'tides'" in again.stderr
    assert not any(b"Saint-Malo" in path.read_bytes() for path in own.rglob("*") if path.is_file())


@pytest.mark.slow
def test_a_library_is_verified_and_made_anew(own: Path) -> None:
    assert said("verify", "--library", own).endswith("Both stores agree.\n")
    with Library.open(own) as library:
        library.current_vectors().remove(library.find_document("tides").id)
    broken = run_library("verify", "--library", own)
    assert broken.returncode == 1
    assert "Wrong: tides.pdf lacks 1 vector.\n" in broken.stdout
    assert broken.stdout.endswith("The way out: citebound library rebuild\n")
    made = said_json("rebuild", "--library", own)
    assert (made["from_files"], made["from_stored_text"], made["pages"]) == (4, 0, 8)
    whole = said_json("verify", "--library", own)
    assert (whole["whole"], whole["problems"], whole["vectors"]) == (True, [], 8)


@pytest.mark.parametrize("command", ["verify", "rebuild", "ledger", "list"])
def test_a_library_that_is_not_there_is_named(command: str, tmp_path: Path) -> None:
    done = run_library(command, "--library", tmp_path / "nowhere")
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is no library at " in done.stderr
    assert not (tmp_path / "nowhere").exists()
