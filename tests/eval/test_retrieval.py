"""Is the gold page among the first k pages? Checked on ranks that are known by hand."""

from __future__ import annotations

import pytest

from eval.cases import Case, CasesError, Evidence
from eval.metrics.retrieval import file_name
from eval.retrieval import (
    CUTOFFS,
    evaluate_retrieval,
    first_rank,
    found_documents,
    found_pages,
    score_ranks,
)
from ingest.searcher import RETRIEVERS
from tests.app.asking import passage
from tests.conftest import SmallLibrary


def case(question: str, *evidence: tuple[str, int]) -> Case:
    places = tuple(Evidence(document=document, page=page) for document, page in evidence)
    return Case(id=question, question=question, evidence=places)


def test_recall_and_reciprocal_rank_are_those_worked_out_by_hand() -> None:
    score = score_ranks([1, 2, 5, 6, 11, None, 21, 1])
    assert CUTOFFS == (1, 5, 10, 20)
    assert score.recall == {1: 2 / 8, 5: 4 / 8, 10: 5 / 8, 20: 6 / 8}
    assert score.mrr == pytest.approx((1 + 1 / 2 + 1 / 5 + 1 / 6 + 1 / 11 + 1 / 21 + 1) / 8)


def test_all_first_is_one_and_none_found_is_zero() -> None:
    assert score_ranks([1, 1]).recall == {1: 1.0, 5: 1.0, 10: 1.0, 20: 1.0}
    assert score_ranks([1, 1]).mrr == 1.0
    assert score_ranks([None]).recall == {1: 0.0, 5: 0.0, 10: 0.0, 20: 0.0}
    assert score_ranks([None]).mrr == 0.0


def test_over_no_cases_with_evidence_there_is_no_score(small_library: SmallLibrary) -> None:
    with pytest.raises(CasesError, match="None of the 1 cases names evidence"):
        evaluate_retrieval([case("Why?")], small_library.library)


def test_the_first_gold_item_gives_the_rank() -> None:
    assert first_rank(["a", "b", "c"], {"c", "b"}) == 2
    assert first_rank(["a"], {"b"}) is None
    assert first_rank([], {"b"}) is None


def test_pages_and_documents_count_once_and_by_file_name() -> None:
    found = [
        passage("a", number=2, document="folder/d.pdf"),
        passage("b", number=2, document="folder/d.pdf"),
        passage("c", number=1, document="e.pdf"),
        passage("d", number=3, document="folder/d.pdf"),
    ]
    assert found_pages(found) == [("d.pdf", 2), ("e.pdf", 1), ("d.pdf", 3)]
    assert found_documents(found) == ["d.pdf", "e.pdf"]
    assert file_name("one/two/d.pdf") == "d.pdf"


def test_the_report_over_a_small_library_is_as_known(small_library: SmallLibrary) -> None:
    cases = [
        case("When does the safety valve open?", ("boiler.pdf", 3)),
        case("How hot is a loaf of bread baked?", ("bread.pdf", 2)),
        case("What rises at spring tide in Saint-Malo?", ("elsewhere.pdf", 1)),
        case("A case without evidence"),
    ]
    heard: list[int] = []
    report = evaluate_retrieval(cases, small_library.library, on_case=lambda: heard.append(1))
    assert (report.n, report.skipped, len(heard)) == (3, 1, 3)
    assert set(report.by_page) == set(report.by_document) == set(RETRIEVERS)
    fused = report.by_page["fused"]
    assert fused.recall == {1: 2 / 3, 5: 2 / 3, 10: 2 / 3, 20: 2 / 3}
    assert fused.mrr == pytest.approx(2 / 3)


def test_any_of_the_gold_pages_will_do_and_a_documents_rank_is_its_own(
    small_library: SmallLibrary,
) -> None:
    cases = [case("When does the safety valve open?", ("tides.pdf", 7), ("boiler.pdf", 99))]
    report = evaluate_retrieval(cases, small_library.library, retrievers=["fused"])
    assert report.by_page["fused"].recall[20] == 0.0
    assert report.by_document["fused"].recall[1] == 1.0
    cases = [case("When does the safety valve open?", ("tides.pdf", 1), ("boiler.pdf", 3))]
    report = evaluate_retrieval(cases, small_library.library, retrievers=["fused"])
    assert report.by_page["fused"].recall[1] == 1.0


def test_a_rank_below_the_first_is_counted_from_the_second_cutoff(
    small_library: SmallLibrary,
) -> None:
    question = "When does the safety valve open?"
    second = found_pages(small_library.library.search(question, top=100))[1]
    report = evaluate_retrieval(
        [case(question, second)], small_library.library, retrievers=["fused"]
    )
    assert report.by_page["fused"].recall == {1: 0.0, 5: 1.0, 10: 1.0, 20: 1.0}
    assert report.by_page["fused"].mrr == 0.5
