"""A library of a few documents that cases can be made of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.library import Library
from ingest.pipeline import ingest_folder
from tests.pdfs import OutlineEntry, write_pdf

BRIDGES = [
    [
        "Bridges of the north",
        "The Forth Bridge was opened in 1890 by the Prince of Wales.",
        "The Forth Bridge is a cantilever railway bridge near Edinburgh.",
        "The Tay Bridge was rebuilt because of a storm that had broken the first one.",
        "It has been painted many times since then, and this is a sentence of others.",
    ],
    [
        "Who built them",
        "William Arrol founded a steel works in Glasgow in 1872.",
        "The works employed some 5,000 workers at that time.",
        "The Royal Commission on Bridges (RCB) asked for stronger rails.",
    ],
]
TOWERS = [
    [
        "Towers of the south",
        "The Eiffel Tower was completed in 1889 for a great fair.",
        "The Eiffel Tower is a lattice tower of wrought iron in Paris.",
        "The Blackpool Tower was designed by James Maxwell and Charles Tuke.",
    ],
]
REPORT = """STATEMENT OF INCOME
(In millions) (Unaudited)
Three Months Ended September 30, 2022 2021
Product revenue $ {0} $ 16,631
Total revenue {1} 45,317
Cost of revenue 15,452 13,646
Gross margin 34,670 31,671"""
RESTATED = """(In millions)
Three Months Ended September 30, 2022 2021
Gross margin 34,600 31,600
Operating income 21,518 20,238"""


@pytest.fixture(scope="session")
def bridges(
    tmp_path_factory: pytest.TempPathFactory,
    folders_of_the_run: None,  # noqa: ARG001
) -> Iterator[Library]:
    """Two documents of sentences and two with a table."""
    folder = tmp_path_factory.mktemp("bridges")
    write_documents(folder / "pdfs")
    with Library.open(folder / "library", create=True) as library:
        ingest_folder(folder / "pdfs", library)
        yield library


def write_documents(folder: Path) -> None:
    """The documents of the library."""
    write_pdf(
        folder / "bridges.pdf",
        BRIDGES,
        title="Bridges of Scotland",
        outline=[
            OutlineEntry(0, "Bridges of the north", 1),
            OutlineEntry(0, "Who built them", 2),
        ],
    )
    write_pdf(folder / "towers.pdf", TOWERS, title="Towers of Europe")
    for name, product, total in (("Alpha", "15,741", "50,122"), ("Beta", "9,100", "29,400")):
        pages = [REPORT.format(product, total).split("\n"), RESTATED.split("\n")]
        write_pdf(folder / f"{name}.pdf", pages, title=f"{name} report")
