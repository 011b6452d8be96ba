"""Answers that were called wrong on the page -> cases, with what was said to be right."""

from __future__ import annotations

import json
from pathlib import Path

from eval.cases.case import Case, CasesError, Evidence, read_cases, write_cases
from eval.cases.from_answer import case_of
from ingest.library import Library
from ingest.records import ExchangeRecord, OpinionRecord


def cases_from_opinions(library: Library) -> list[Case]:
    """A case for each answer under which it was said what is right, or where it stands."""
    found: dict[str, Case] = {}
    for exchange in library.catalog.all_exchanges():
        if exchange.opinion is not None and says_what_is_right(exchange.opinion):
            case = _case(exchange, exchange.opinion)
            found[case.id] = case
    return list(found.values())


def says_what_is_right(opinion: OpinionRecord) -> bool:
    """Whether an opinion is enough for a case."""
    told = opinion.correction or opinion.page or not opinion.answerable
    return bool(told) and not opinion.good


def _case(exchange: ExchangeRecord, opinion: OpinionRecord) -> Case:
    answer = json.loads(exchange.answer) if exchange.answer else {}
    answerable = opinion.answerable
    return case_of(
        str(answer.get("standalone_question") or exchange.question),
        exchange.text,
        answers=[opinion.correction] if opinion.correction and answerable else [],
        evidence=[Evidence(document=opinion.document, page=opinion.page)] if opinion.page else [],
        answerable=answerable,
        reason=opinion.reason,
    )


def add_cases(path: Path, cases: list[Case]) -> int:
    """Put those of the cases that a file lacks at its end; how many were new.

    Raises CasesError where the file is none of cases or cannot be written.
    """
    there = read_cases(path) if path.exists() else []
    known = {case.id for case in there}
    new = [case for case in cases if case.id not in known]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CasesError(f"{path.parent} cannot be made: {error.strerror}.") from error
    if new:
        write_cases(path, [*there, *new])
    return len(new)
