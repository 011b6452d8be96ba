"""How often the right page is found, in languages and among documents that are alike.

``python -m benchmarks.find_page [squad xquad.de sec-10-q statements ...]``: ingests each set from
the folder that CITEBOUND_DATA names, asks all its questions, prints recall for each retriever.
XQuAD's paragraphs become a text file each. Questions about the quarterly reports name no page: for
them a document counts, the first of those that a question's pattern names. The gold pages of
``statements``, which asks about the same reports, and of ``uda-wiki`` are found by rule.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import tempfile
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from benchmarks.made_cases import article_cases, statement_cases
from eval.cases import Case, Evidence, read_cases
from eval.retrieval import RetrievalScore, evaluate_retrieval
from ingest.library import Library
from ingest.pipeline import ingest_folder

DATA = Path(os.environ.get("CITEBOUND_DATA", "../shared/data"))
SETS = ("squad", "xquad.de", "xquad.ar", "xquad.zh", "uda-wiki", "sec-10-q", "statements")


def documents_of(name: str, folder: Path) -> Path:
    """The folder with the documents of a set."""
    if name.startswith("xquad"):
        return folder / "docs"
    return DATA / "pdf_qa" / ("sec-10-q" if name == "statements" else name) / "docs"


def cases_of(name: str, documents: Path, library: Library) -> list[Case]:
    """The questions of a set; ``library`` holds its documents."""
    match name:
        case "squad":
            return read_cases(documents.parent / "cases.jsonl")
        case "uda-wiki":
            return article_cases(documents.parent / "questions.jsonl", library)
        case "sec-10-q":
            return read_quarterly(documents.parent)
        case "statements":
            return statement_cases(library)
        case _:
            return read_xquad(name)


def paragraphs_of(name: str) -> list[dict[str, Any]]:
    """The paragraphs of a language of XQuAD, each with its questions."""
    articles = json.loads((DATA / "text" / f"{name}.json").read_text(encoding="utf-8"))["data"]
    return [paragraph for article in articles for paragraph in article["paragraphs"]]


def write_xquad(name: str, folder: Path) -> None:
    """A text file for each paragraph."""
    folder.mkdir()
    for number, paragraph in enumerate(paragraphs_of(name)):
        (folder / f"{number:03}.txt").write_text(paragraph["context"], encoding="utf-8")


def read_xquad(name: str) -> list[Case]:
    """The questions, each with the file of its paragraph."""
    return [
        Case(
            id=asked["id"],
            question=asked["question"],
            evidence=(Evidence(document=f"{number:03}.txt", page=1),),
        )
        for number, paragraph in enumerate(paragraphs_of(name))
        for asked in paragraph["qas"]
    ]


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
        print(f"{name:10} {kind:8} n={n:5} {retriever:8} {cells}  MRR {score.mrr:.3f}", flush=True)


def main() -> None:
    """Parse the command line, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=[], choices=[*SETS, []])
    for name in parser.parse_args().sets or SETS:
        with tempfile.TemporaryDirectory() as folder:
            documents = documents_of(name, Path(folder))
            if name.startswith("xquad"):
                write_xquad(name, documents)
            with Library.open(Path(folder) / "library", create=True) as library:
                ingest_folder(documents, library)
                report = evaluate_retrieval(cases_of(name, documents, library), library)
            by_page = name != "sec-10-q"
            scores = report.by_page if by_page else report.by_document
            show(name, "page" if by_page else "document", report.n, scores)


if __name__ == "__main__":
    main()
