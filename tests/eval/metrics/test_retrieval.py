"""Rankings of pages and documents, scored as known by hand."""

from __future__ import annotations

import math

import pytest

from eval.metrics.retrieval import (
    by_document,
    by_page,
    ndcg,
    precision,
    recall,
    reciprocal_rank,
)
from tests.eval.metrics.answers import answer, case, passage

SECOND = 1 / math.log2(3)  # the gain at rank 2
FOURTH = 1 / math.log2(5)


@pytest.mark.parametrize(
    ("found", "gold", "expected"),
    [
        ("abcd", "b", (1.0, 1 / 4, 1 / 2, SECOND)),
        ("abcd", "bd", (1.0, 2 / 4, 1 / 2, (SECOND + FOURTH) / (1 + SECOND))),
        ("abcd", "x", (0.0, 0.0, 0.0, 0.0)),
        ("a", "ax", (1.0, 1.0, 1.0, 1.0)),
        ("", "a", (0.0, 0.0, 0.0, 0.0)),
    ],
)
def test_a_ranking_has_the_scores_of_the_textbook(
    found: str, gold: str, expected: tuple[float, ...]
) -> None:
    measures = (recall, precision, reciprocal_rank, ndcg)
    assert [one(list(found), set(gold)) for one in measures] == pytest.approx(list(expected))


def test_pages_and_documents_are_told_by_file_name_and_count_once() -> None:
    found = [
        passage("a", document="sub/a.pdf", number=1),
        passage("b", document="sub/a.pdf", number=2),
        passage("c", document="b.pdf", number=3),
    ]
    said = answer("Nine.", found)
    asked = case(evidence=[("b.pdf", 3)])
    assert by_page(reciprocal_rank)(asked, said).value == 1 / 3
    assert by_document(reciprocal_rank)(asked, said).value == 1 / 2
    assert by_document(precision)(asked, said).value == 1 / 2
    assert by_document(recall)(case(evidence=[("c.pdf", 1)]), said).value == 0.0
    assert by_page(recall)(case(evidence=[("b.pdf", 99)]), said).value == 0.0


def test_a_case_without_evidence_has_no_retrieval() -> None:
    score = by_page(recall)(case(), answer("Nine."))
    assert score.reason == "not applicable: the case names no evidence"
