"""Fit the weights of the extractive answerer on SQuAD, split by article, and say how well they do.

``python -m benchmarks.fit_extractive --library L [--data FOLDER] [--cases N]`` needs a library of
pdf_qa/squad/docs. Of the articles that the reader has not learned from it fits on half and reports
on the other half, then the other way round, then prints the weights of a fit on all.
"""

from __future__ import annotations

import argparse
import os
import random
from pathlib import Path
from typing import Any

import numpy
from sklearn.linear_model import LogisticRegression

from app.models.extractive import FEATURES, ExtractiveModel
from app.terms import normalise
from eval.cases import Case, read_cases
from eval.metrics.retrieval import file_name
from ingest.library import Library
from training.examples import HELD_OUT

PASSAGES = 8
REFUSED = 0.9  # share of the unanswerable questions that the printed threshold refuses

Example = tuple[Case, Any, Any]  # case, features [sentences, features], labels [sentences]


def collect(cases: list[Case], library: Library) -> list[Example]:
    """Features and labels of the candidate sentences of each case."""
    model = ExtractiveModel(library)
    examples = []
    for case in cases:
        gold = {(file_name(evidence.document), evidence.page) for evidence in case.evidence}
        passages = library.search(case.question, top=PASSAGES)
        candidates = model.candidates(case.question, passages)
        labels = []
        for candidate in candidates:
            passage = passages[candidate.number - 1]
            on_page = (file_name(passage.document), passage.page) in gold
            text = normalise(candidate.text)
            labels.append(on_page and any(normalise(answer) in text for answer in case.answers))
        if candidates:
            rows = numpy.array([candidate.features for candidate in candidates])
            examples.append((case, rows, numpy.array(labels)))
    return examples


def fit(examples: list[Example]) -> LogisticRegression:
    """A logistic regression over all sentences of the examples."""
    rows = numpy.concatenate([rows for _, rows, _ in examples])
    labels = numpy.concatenate([labels for _, _, labels in examples])
    return LogisticRegression(max_iter=2000).fit(rows, labels)


def report(model: LogisticRegression, examples: list[Example]) -> float:
    """Print how well the best sentences do; returns the threshold for REFUSED."""
    best = []
    for case, rows, labels in examples:
        scores = model.decision_function(rows)
        order = numpy.argsort(-scores)
        best.append((case.answerable, scores[order[0]], labels[order[0]], labels[order[:3]].any()))
    refusable = sorted(score for answerable, score, _, _ in best if not answerable)
    threshold = float(refusable[int(REFUSED * len(refusable))])
    asked = [row for row in best if row[0]]
    first = numpy.mean([row[2] for row in asked])
    third = numpy.mean([row[3] for row in asked])
    kept = numpy.mean([row[1] >= threshold for row in asked])
    print(
        f"n={len(asked)}: best sentence holds the answer {first:.3f}, one of the best three "
        f"{third:.3f}; refusing {REFUSED:.0%} of unanswerable answers {kept:.3f}"
    )
    return threshold


def main() -> None:
    """Parse the command line, fit and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", required=True)
    default_data = os.environ.get("CITEBOUND_DATA", "../shared/data")
    parser.add_argument("--data", type=Path, default=Path(default_data))
    parser.add_argument("--cases", type=int, default=800)
    options = parser.parse_args()
    folder = options.data / "pdf_qa/squad"
    cases = read_cases(folder / "cases.jsonl")
    cases = [case for case in cases if case.evidence[0].document in HELD_OUT]
    random.Random(3).shuffle(cases)
    cases = cases[: options.cases] + read_cases(folder / "cases_unanswerable.jsonl")
    with Library.open(options.library) as library:
        examples = collect(cases, library)
    articles = sorted({e.document for case, _, _ in examples for e in case.evidence})
    random.Random(1).shuffle(articles)
    half = set(articles[: len(articles) // 2])
    sides: tuple[list[Example], list[Example]] = ([], [])
    for number, example in enumerate(examples):
        evidence = example[0].evidence
        sides[evidence[0].document in half if evidence else number % 2].append(example)
    for train, test in (sides, sides[::-1]):
        report(fit(train), test)
    model = fit(examples)
    threshold = report(model, examples)
    print("weights", dict(zip(FEATURES, model.coef_[0].round(2), strict=True)))
    print("intercept", model.intercept_[0].round(2), "threshold", round(threshold, 2))


if __name__ == "__main__":
    main()
