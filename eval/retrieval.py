"""Is a page that holds the answer among the first k pages found?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from eval.cases import Case, CasesError
from eval.metrics.retrieval import file_name
from ingest.library import Library
from ingest.search import Passage

CUTOFFS = (1, 5, 10, 20)
PASSAGES_ASKED = 100  # enough to give twenty distinct pages

Place = tuple[str, int]


@dataclass(frozen=True)
class RetrievalScore:
    """Recall at each cutoff and mean reciprocal rank, each 0 to 1, over n cases."""

    recall: dict[int, float]
    mrr: float


@dataclass(frozen=True)
class RetrievalReport:
    """Scores by page and by document for each retriever; ``n`` cases had evidence to find."""

    n: int
    skipped: int
    by_page: dict[str, RetrievalScore]
    by_document: dict[str, RetrievalScore]


def evaluate_retrieval(
    cases: Sequence[Case],
    library: Library,
    *,
    retrievers: Sequence[str] | None = None,
    on_case: Callable[[], None] = lambda: None,
) -> RetrievalReport:
    """Search every case that names evidence with each retriever (None: all of the library's).

    Raises CasesError where none does.
    """
    scored = [case for case in cases if case.evidence]
    if not scored:
        raise CasesError(f"None of the {len(cases)} cases names evidence that could be found.")
    retrievers = retrievers or library.retrievers
    page_ranks: dict[str, list[int | None]] = {name: [] for name in retrievers}
    document_ranks: dict[str, list[int | None]] = {name: [] for name in retrievers}
    for case in scored:
        gold = {(file_name(evidence.document), evidence.page) for evidence in case.evidence}
        gold_documents = {document for document, _ in gold}
        for name in retrievers:
            found = library.search(case.question, top=PASSAGES_ASKED, retriever=name)
            page_ranks[name].append(first_rank(found_pages(found), gold))
            document_ranks[name].append(first_rank(found_documents(found), gold_documents))
        on_case()
    return RetrievalReport(
        n=len(scored),
        skipped=len(cases) - len(scored),
        by_page={name: score_ranks(ranks) for name, ranks in page_ranks.items()},
        by_document={name: score_ranks(ranks) for name, ranks in document_ranks.items()},
    )


def found_pages(passages: Sequence[Passage]) -> list[Place]:
    """The distinct pages of passages, in order, by file name."""
    return list(dict.fromkeys((file_name(p.document), p.page) for p in passages))


def found_documents(passages: Sequence[Passage]) -> list[str]:
    """The distinct documents of passages, in order, by file name."""
    return list(dict.fromkeys(file_name(passage.document) for passage in passages))


def first_rank(found: Sequence[object], gold: set[Place] | set[str]) -> int | None:
    """The rank (from 1) of the first item found that is gold, or None."""
    return next((rank for rank, item in enumerate(found, 1) if item in gold), None)


def score_ranks(ranks: Sequence[int | None]) -> RetrievalScore:
    """Recall and mean reciprocal rank from the first gold rank of each case (None: not found).

    There must be at least one case.
    """
    n = len(ranks)
    recall = {
        cutoff: sum(rank is not None and rank <= cutoff for rank in ranks) / n for cutoff in CUTOFFS
    }
    return RetrievalScore(recall, sum(1 / rank for rank in ranks if rank) / n)
