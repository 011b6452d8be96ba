"""A page that is open sees what commands in a terminal do to its library."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.commands import run_ingest, run_library
from tests.conftest import ROOT
from tests.ingest.tiny_models import make_static_model
from tests.pdfs import write_pdf

pytestmark = pytest.mark.slow


def names(page: AppTest) -> list[str]:
    """The documents that the library page lists now."""
    page.run(timeout=120)
    assert not page.exception
    assert not page.error
    return sorted(page.dataframe[0].value["name"]) if page.dataframe else []


def test_an_open_page_sees_ingest_rebuild_and_forget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, pdfs = tmp_path / "library", tmp_path / "pdfs"
    monkeypatch.setenv("CITEBOUND_LIBRARY", str(library))
    page = AppTest.from_file(str(ROOT / "app" / "ui" / "library" / "documents.py"))
    assert names(page) == []
    write_pdf(pdfs / "heron.pdf", [["The grey heron waits."]])
    write_pdf(pdfs / "otter.pdf", [["The otter swims."]])
    assert run_ingest(pdfs, "--library", library).returncode == 0
    assert names(page) == ["heron.pdf", "otter.pdf"]
    assert run_library("rebuild", "--library", library).returncode == 0
    assert names(page) == ["heron.pdf", "otter.pdf"]
    assert run_library("forget", "heron", "--yes", "--library", library).returncode == 0
    assert names(page) == ["otter.pdf"]


def test_an_open_page_goes_on_with_another_embedder_after_a_rebuild(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, pdfs = tmp_path / "library", tmp_path / "pdfs"
    monkeypatch.setenv("CITEBOUND_LIBRARY", str(library))
    write_pdf(pdfs / "heron.pdf", [["The grey heron waits."]])
    assert run_ingest(pdfs, "--library", library).returncode == 0
    page = AppTest.from_file(str(ROOT / "app" / "ui" / "library" / "documents.py"))
    assert names(page) == ["heron.pdf"]
    settings = tmp_path / "settings.toml"
    settings.write_text(f'[ingest]\nembedder = "{make_static_model(tmp_path / "static")}"\n')
    page.run(timeout=120)
    assert "citebound library rebuild" in page.error[0].value
    assert run_library("rebuild", "--library", library).returncode == 0
    assert names(page) == ["heron.pdf"]
