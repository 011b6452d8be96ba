"""A library of facts that the answers are known of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.library import Library
from ingest.pipeline import ingest_folder
from tests.pdfs import write_pdf

FACTS = {
    "apple.pdf": [
        ["The company designs phones and computers and sells them in its own shops."],
        ["Net sales of Apple in 2021 were 365,817 million dollars, as the report says."],
        ["Net sales of Apple in 2022 were 394,328 million dollars, as the report says."],
    ],
    "bridge.pdf": [
        [
            "The Forth Bridge was opened with great ceremony before a large crowd of guests.",
            "The Forth Bridge was opened to trains on 4 March 1890.",
        ],
        [
            "The Forth Bridge was designed with unusual care for strong wind.",
            "The Forth Bridge was designed by John Fowler and Benjamin Baker.",
        ],
        [
            "Rivets hold the Forth Bridge together and were driven hot.",
            "Some 6,500,000 rivets hold the Forth Bridge together.",
        ],
    ],
    "moss.pdf": [
        ["Sphagnum moss holds twenty times its own weight in water."],
        ["Gardeners line hanging baskets with sphagnum moss in April."],
    ],
}


@pytest.fixture(scope="session")
def facts(
    tmp_path_factory: pytest.TempPathFactory,
    folders_of_the_run: None,  # noqa: ARG001
) -> Iterator[Library]:
    """Three documents of FACTS; for tests that change nothing."""
    folder = tmp_path_factory.mktemp("facts")
    for name, pages in FACTS.items():
        write_pdf(folder / "pdfs" / name, pages, title=Path(name).stem.capitalize())
    with Library.open(folder / "library", create=True) as library:
        ingest_folder(folder / "pdfs", library)
        yield library


@pytest.fixture
def empty_library(tmp_path: Path) -> Iterator[Library]:
    """A library without a document."""
    with Library.open(tmp_path / "empty", create=True) as library:
        yield library
