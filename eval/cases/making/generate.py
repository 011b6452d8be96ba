"""Cases made of a library: so many of each kind as it gives, the same ones for the same seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from app.questions.statements import ABBREVIATION
from app.questions.wording import reads_well
from eval.cases.case import Case, Evidence, made_id
from eval.cases.duplicates import AskedQuestions
from eval.cases.making.collect import TABLE, Drafts, collect_drafts, table_draft
from eval.cases.making.draft import Draft
from eval.cases.making.headings import HEADING, ask_for_sections
from eval.cases.making.sources import Sources
from eval.cases.making.two_documents import TWO_DOCUMENTS, compare_values, join_questions
from eval.cases.making.unanswerable import UNANSWERABLE, make_unanswerable
from ingest.errors import CiteboundError
from ingest.library import Library

STATEMENT = "statement"
SHARES = {  # of all cases; statements are the rest
    TABLE: 0.2, HEADING: 0.1, TWO_DOCUMENTS: 0.1, UNANSWERABLE: 0.15, ABBREVIATION: 0.05,
}  # fmt: skip
# What takes the place of kinds that a library gives less of.
FILLS = (STATEMENT, TABLE, HEADING, ABBREVIATION)

# Drafts of statements from a library's pages by other means, with the reasons for what is left out.
Writer = Callable[[Sources, Counter[str]], Iterator[Draft]]


class GenerationError(CiteboundError):
    """A library that no cases can be made of."""


@dataclass(frozen=True)
class Generated:
    """The cases, and how many drafts were left out for which reason."""

    cases: tuple[Case, ...]
    left_out: dict[str, int]


def generate_cases(
    library: Library,
    count: int,
    *,
    seed: int = 0,
    writer: Writer | None = None,
    on_case: Callable[[], None] = lambda: None,
) -> Generated:
    """Make up to ``count`` cases; a ``writer`` takes the place of what is made of sentences.

    Raises GenerationError where the library gives none.
    """
    sources = Sources(library)
    left_out: Counter[str] = Counter()
    pools = _pools(sources, collect_drafts(sources, count, seed))
    if writer:
        pools[STATEMENT] = writer(sources, left_out)
    wanted = {kind: round(share * count) for kind, share in SHARES.items()}
    wanted = {STATEMENT: count - sum(wanted.values()), **wanted}
    asked = AskedQuestions()
    cases: list[Case] = []
    for kind, most in (*wanted.items(), *((kind, count) for kind in FILLS)):
        good = _good(pools[kind], sources, asked, left_out)
        for draft in islice(good, min(most, count - len(cases))):
            cases.append(_case(draft))
            on_case()
    if not cases:
        raise GenerationError(
            f"No cases can be made of the library at {library.folder}: it has no sentence, heading "
            "or table that could be asked about. Take in documents with text first."
        )
    return Generated(tuple(cases), dict(left_out.most_common()))


def _pools(sources: Sources, drafts: Drafts) -> dict[str, Iterator[Draft]]:
    """The drafts of each kind, the next best first."""
    abbreviations = drafts.statements.pop(ABBREVIATION, [])
    statements = drafts.in_turn()
    tables = [table_draft(placed) for placed in drafts.facts]
    return {
        STATEMENT: iter(statements),
        ABBREVIATION: iter(abbreviations),
        TABLE: iter(tables),
        HEADING: _in_turn(
            ask_for_sections(document, sources.library.catalog.trails(document.id))
            for document in sources.documents
        ),
        TWO_DOCUMENTS: _in_turn(
            [compare_values(drafts.facts), join_questions(statements, sources.names_document)]
        ),
        UNANSWERABLE: _in_turn(
            [
                make_unanswerable(statements[1::2], sources.holds),
                make_unanswerable(tables[1::2], sources.holds),
            ]
        ),
    }


def _in_turn(kinds: Iterable[Iterator[Draft]]) -> Iterator[Draft]:
    """One of each in turn, until all are spent."""
    left = list(kinds)
    while left:
        for one in list(left):
            draft = next(one, None)
            if draft is None:
                left.remove(one)
            else:
                yield draft


def _good(
    pool: Iterator[Draft], sources: Sources, asked: AskedQuestions, left_out: Counter[str]
) -> Iterator[Draft]:
    """The drafts that will do, with all their places; the others are counted by reason."""
    for draft in pool:
        placed = sources.placed(draft)
        if reason := _table_fault(draft, sources) or _fault(placed, asked):
            left_out[reason] += 1
        else:
            yield placed


def _table_fault(draft: Draft, sources: Sources) -> str:
    """Why a draft of a table will not do; empty where it does."""
    if draft.kind == TABLE and len(sources.values_of(draft.places[0][0])[draft.question]) > 1:
        return "another table of its document has another value"
    return ""


def _fault(draft: Draft, asked: AskedQuestions) -> str:
    """Why a draft will not do; empty where it does."""
    is_choice = " or " in draft.question
    if draft.answers and not is_choice and not reads_well(draft.question, draft.answers[0]):
        return "it gives its answer away or is not clear by itself"
    if asked.ask(draft.question):
        return "it was asked already"
    return ""


def _case(draft: Draft) -> Case:
    evidence = tuple(Evidence(document=name, page=page) for name, page in draft.places)
    is_answerable = draft.kind != UNANSWERABLE
    return Case(
        id=made_id(draft.question, draft.answers, evidence),
        question=draft.question,
        answers=draft.answers,
        answerable=is_answerable,
        evidence=evidence if is_answerable else (),
        tags=(draft.kind,),
        provenance={
            "made by": "rules",
            "from": "; ".join(f"{one.document}, page {one.page}" for one in evidence[:2]),
            "source": draft.source,
            **dict(draft.made),
        },
    )
