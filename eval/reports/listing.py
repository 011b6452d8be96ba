"""A run -> its figures and a short row for each case, so that a page can show a few of many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from eval.reports.figures import RunFigures, figures_of
from eval.reports.outcome import Outcome, badness, quality_of, verdict_of
from eval.reports.plain import one_line
from eval.runs.folder import RunFolder
from eval.runs.record import CaseRecord

QUESTION_KEPT = 300  # characters


@dataclass(frozen=True)
class CaseRow:
    """A case of a run in short; ``place`` is where its record begins, for ``record_at``."""

    place: int
    case_id: str
    setting: str
    question: str
    outcome: Outcome
    quality: float


@dataclass(frozen=True)
class RunListing:
    """The figures of a run, and its cases with the one to look at first first."""

    figures: RunFigures
    rows: tuple[CaseRow, ...]

    @property
    def finished(self) -> int:
        """Answers that are there, of all settings."""
        return sum(setting.finished for setting in self.figures.settings)

    @property
    def asked(self) -> int:
        """Answers that there are to be."""
        return self.figures.manifest.cases.count * len(self.figures.settings)

    def places(self, setting: str) -> dict[str, int]:
        """Where the records of a setting begin, by the ids of their cases."""
        return {row.case_id: row.place for row in self.rows if row.setting == setting}


def read_listing(folder: RunFolder) -> RunListing:
    """Read a run's records once. Raises RunError where one cannot be read."""
    rows: list[CaseRow] = []
    figures = figures_of(folder.manifest, _noted(folder.placed_records(), rows))
    rows.sort(key=lambda row: badness(row.outcome, row.quality, row.case_id))
    return RunListing(figures, tuple(rows))


def _noted(records: Iterable[tuple[int, CaseRecord]], rows: list[CaseRow]) -> Iterator[CaseRecord]:
    for place, record in records:
        rows.append(
            CaseRow(
                place, record.case.id, record.setting,
                one_line(record.case.question, QUESTION_KEPT),
                verdict_of(record).outcome, quality_of(record),
            )
        )  # fmt: skip
        yield record
