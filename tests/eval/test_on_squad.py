"""On real questions about real articles, searches find the page and quotes hold the answer."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.chain import build_chain
from app.models.extractive import ExtractiveModel
from app.settings import AnswerSettings
from eval.answers import evaluate_answers
from eval.cases import Case, read_cases
from eval.retrieval import evaluate_retrieval
from ingest.library import Library
from ingest.pipeline import ingest_folder

pytestmark = pytest.mark.slow

DOCUMENTS = ("Construction.pdf", "Geology.pdf", "1973_oil_crisis.pdf")
CASES = 40


@dataclass(frozen=True)
class Articles:
    """Three articles and questions about them."""

    library: Library
    cases: list[Case]


@pytest.fixture(scope="module")
def articles(
    data_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
    folders_of_the_run: None,  # noqa: ARG001
) -> Iterator[Articles]:
    source, folder = data_folder / "pdf_qa" / "squad", tmp_path_factory.mktemp("squad")
    if not source.is_dir():
        pytest.skip(f"there is no folder {source}")
    (folder / "pdfs").mkdir()
    for name in DOCUMENTS:
        shutil.copyfile(source / "docs" / name, folder / "pdfs" / name)
    cases = read_cases(source / "cases.jsonl")
    random.Random(0).shuffle(cases)  # noqa: S311
    about = [case for case in cases if case.evidence[0].document in DOCUMENTS][:CASES]
    with Library.open(folder / "library", create=True) as library:
        ingest_folder(folder / "pdfs", library)
        yield Articles(library, about)


def test_the_fused_search_finds_the_page_and_loses_to_neither_of_its_parts(
    articles: Articles,
) -> None:
    report = evaluate_retrieval(articles.cases, articles.library)
    assert report.n == CASES
    recall = {name: score.recall[5] for name, score in report.by_page.items()}
    assert recall["fused"] >= 0.9
    assert recall["fused"] >= max(recall["dense"], recall["lexical"]) - 0.05


def test_quotes_answer_most_questions_and_cite_the_page(articles: Articles) -> None:
    chain = build_chain(articles.library, ExtractiveModel(articles.library), AnswerSettings())
    report = evaluate_answers(articles.cases, chain)
    assert report.answerable == CASES
    assert report.answered is not None
    assert report.gold_page_cited is not None
    assert report.answered >= 0.75
    assert report.gold_page_cited >= 0.6
    assert report.supported == 1.0
