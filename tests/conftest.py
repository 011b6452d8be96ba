"""What all tests share: folders of their own, data, a small library, a guard over sockets."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.library import Library
from ingest.pipeline import ingest_folder
from tests.ingest.socket_guard import SocketGuard
from tests.pdfs import LabelRange, OutlineEntry, write_pdf, write_running_sentence
from tests.servers.tiny_llama import served_tiny_llama as served_tiny_llama

ROOT = Path(__file__).parents[1]
KEPT_VARIABLES = ("CITEBOUND_DATA", "CITEBOUND_CACHE")


@dataclass(frozen=True)
class SmallLibrary:
    """A library that tests only read, and the folder of PDFs that it was made from."""

    folder: Path
    pdfs: Path
    library: Library


@pytest.fixture(scope="session", autouse=True)
def folders_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test sees the user's folders; converted models are kept from run to run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(
            "CITEBOUND_CACHE",
            os.environ.get("CITEBOUND_CACHE") or str(ROOT / "build" / "test-cache"),
        )
        isolate(patch, tmp_path_factory.mktemp("user"))
        yield


@pytest.fixture(autouse=True)
def folders_of_the_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has libraries and settings of its own."""
    isolate(monkeypatch, tmp_path)


def isolate(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Put libraries and settings into ``folder``; forget the user's other variables."""
    for name in [name for name in os.environ if name.startswith("CITEBOUND_")]:
        if name not in KEPT_VARIABLES:
            patch.delenv(name)
    patch.setenv("CITEBOUND_HOME", str(folder / "home"))
    patch.setenv("CITEBOUND_SETTINGS", str(folder / "settings.toml"))


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The public test data, which is not part of the repository."""
    folder = Path(os.environ.get("CITEBOUND_DATA") or ROOT.parent / "shared" / "data").resolve()
    if not folder.is_dir():
        pytest.skip(f"there is no test data at {folder}; set CITEBOUND_DATA to its folder")
    return folder


@pytest.fixture
def socket_guard() -> Iterator[SocketGuard]:
    """Fails the test if this process connects to, or looks up, any other machine."""
    guard = SocketGuard()
    yield guard
    guard.active = False
    assert guard.refused == []


@pytest.fixture(scope="session")
def small_library(
    tmp_path_factory: pytest.TempPathFactory,
    folders_of_the_run: None,  # noqa: ARG001
) -> Iterator[SmallLibrary]:
    """Four documents on boilers, firing, bread and tides; for tests that change nothing."""
    folder = tmp_path_factory.mktemp("small")
    pdfs = folder / "pdfs"
    write_small_pdfs(pdfs)
    with Library.open(folder / "library", create=True) as library:
        ingest_folder(pdfs, library)
        yield SmallLibrary(folder / "library", pdfs, library)


def write_small_pdfs(folder: Path) -> None:
    """The four PDFs of the small library."""
    write_pdf(
        folder / "boiler.pdf",
        [
            ["Preface", "This handbook is for those who tend a boiler for the first time."],
            ["The firebox", "Coal burns in the firebox, and the grate lets the ash fall through."],
            [
                "Valves",
                "The safety valve opens at nine bar and lets steam out with a loud hiss.",
                "Test it every Monday morning before the fire is lit.",
            ],
        ],
        title="Boiler handbook",
        outline=[
            OutlineEntry(0, "Preface", 1),
            OutlineEntry(0, "The firebox", 2),
            OutlineEntry(1, "Valves", 3),
        ],
        labels=[LabelRange(1, "ROMAN_LOWER"), LabelRange(2, "ARABIC")],
    )
    write_running_sentence(folder / "firing.pdf")
    write_pdf(
        folder / "kitchen" / "bread.pdf",
        [
            ["Sourdough needs flour, water, salt and twelve hours of patience in a warm room."],
            ["Bake the loaf at 240 degrees until its crust sounds hollow."],
        ],
        title="Bread at home",
    )
    write_pdf(
        folder / "tides.pdf",
        [["At spring tide the harbour of Saint-Malo rises by twelve metres within six hours."]],
        title="Tides for sailors",
    )
