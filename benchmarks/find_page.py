"""How often the right page is found, in languages and among documents that are alike.

``python -m benchmarks.find_page [squad xquad.de xquad.ar xquad.zh sec-10-q]``: ingests each set
from the folder that CITEBOUND_DATA names, asks all its questions, prints recall for each retriever.
XQuAD's paragraphs become a text file each. Questions about the quarterly reports name no page: for
them a document counts, the first of those that a question's pattern names.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import tempfile
from fnmatch import fnmatch
from pathlib import Path

from eval.cases import Case, Evidence, read_cases
from eval.retrieval import RetrievalScore, evaluate_retrieval
from ingest.library import Library
from ingest.pipeline import ingest_folder

DATA = Path(os.environ.get("CITEBOUND_DATA", "../shared/data"))
SETS = ("squad", "xquad.de", "xquad.ar", "xquad.zh", "sec-10-q")


def read_set(name: str, folder: Path) -> tuple[Path, list[Case], bool]:
    """The documents of a set, its cases, and whether they name pages."""
    if name.startswith("xquad"):
        return folder / "docs", write_xquad(name, folder / "docs"), True
    source = DATA / "pdf_qa" / name
    if name == "squad":
        return source / "docs", read_cases(source / "cases.jsonl"), True
    return source / "docs", read_quarterly(source), False


def write_xquad(name: str, folder: Path) -> list[Case]:
    """A text file for each paragraph, and the questions about it."""
    folder.mkdir()
    cases: list[Case] = []
    articles = json.loads((DATA / "text" / f"{name}.json").read_text(encoding="utf-8"))["data"]
    paragraphs = [paragraph for article in articles for paragraph in article["paragraphs"]]
    for number, paragraph in enumerate(paragraphs):
        file = f"{number:03}.txt"
        (folder / file).write_text(paragraph["context"], encoding="utf-8")
        evidence = (Evidence(document=file, page=1),)
        cases += [
            Case(id=asked["id"], question=asked["question"], evidence=evidence)
            for asked in paragraph["qas"]
        ]
    return cases


def read_quarterly(source: Path) -> list[Case]:
    """The questions with the documents that their patterns name."""
    files = [path.name for path in sorted((source / "docs").rglob("*.pdf"))]
    with (source / "qna_data.csv").open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    return [
        Case(
            id=str(number),
            question=row["Question"],
            evidence=tuple(
                Evidence(document=file, page=1)
                for file in files
                if any(fnmatch(file, f"{one.strip()}*") for one in row["Source Docs"].split(","))
            ),
        )
        for number, row in enumerate(rows)
    ]


def show(name: str, kind: str, n: int, scores: dict[str, RetrievalScore]) -> None:
    """One line for each retriever."""
    for retriever, score in scores.items():
        cells = "  ".join(f"{k}: {value * 100:5.1f}" for k, value in score.recall.items())
        print(f"{name:9} {kind:8} n={n:5} {retriever:8} {cells}  MRR {score.mrr:.3f}", flush=True)


def main() -> None:
    """Parse the command line, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=SETS, choices=[*SETS, []])
    for name in parser.parse_args().sets:
        with tempfile.TemporaryDirectory() as folder:
            documents, cases, by_page = read_set(name, Path(folder))
            with Library.open(Path(folder) / "library", create=True) as library:
                ingest_folder(documents, library)
                report = evaluate_retrieval(cases, library)
            scores = report.by_page if by_page else report.by_document
            show(name, "page" if by_page else "document", report.n, scores)


if __name__ == "__main__":
    main()
