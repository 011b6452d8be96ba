"""The cases that got worse between two runs, whole, with both answers."""

from __future__ import annotations

from dataclasses import dataclass

from eval.compare import CaseChange, Comparison, records_of
from eval.runs.folder import RunFolder
from eval.runs.record import CaseRecord


@dataclass(frozen=True)
class WorseCase:
    """A case that got worse, with its record in each run."""

    change: CaseChange
    before: CaseRecord
    after: CaseRecord


def worse_cases(
    before: RunFolder, after: RunFolder, comparison: Comparison, most: int
) -> list[WorseCase]:
    """The worst ``most``, the worst first; reads each run's records once more."""
    changes = comparison.worse[:most]
    ids = [change.case_id for change in changes]
    old = records_of(before, comparison.before, ids)
    new = records_of(after, comparison.after, ids)
    return [WorseCase(change, old[change.case_id], new[change.case_id]) for change in changes]


def said(record: CaseRecord) -> str:
    """The answer's text, or the error that stands for it."""
    return record.error if record.answer is None else str(record.answer["answer"])
