"""The records of a run -> for each setting a table of scores, small enough for 100,000 cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from eval.metrics.score import Score, unscored
from eval.reports.outcome import Outcome, quality_of, verdict_of
from eval.runs.record import CaseRecord

COMMON = {value: Score(value) for value in (0.0, 1.0)}  # shared, so that they cost nothing
NOT_KEPT = unscored("the run has no score of this name for the case")


@dataclass
class ScoreTable:
    """The cases of one setting, in the order of their ids; a column for each metric.

    ``contents`` are hashes, within this process, of what each case asks and what is right. Scores
    have no explanations here. ``refusals`` counts cases by (answerable, refused), errors
    left out.
    """

    ids: list[str] = field(default_factory=list)
    contents: list[int] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    qualities: list[float] = field(default_factory=list)
    columns: dict[str, list[Score]] = field(default_factory=dict)
    refusals: Counter[tuple[bool, bool]] = field(default_factory=Counter)

    def sort(self) -> None:
        """Put the cases in the order of their ids, whatever order they were finished in."""
        order = sorted(range(len(self.ids)), key=self.ids.__getitem__)
        self.ids = [self.ids[at] for at in order]
        self.contents = [self.contents[at] for at in order]
        self.outcomes = [self.outcomes[at] for at in order]
        self.qualities = [self.qualities[at] for at in order]
        for name, column in self.columns.items():
            self.columns[name] = [column[at] for at in order]


def read_tables(
    records: Iterable[CaseRecord], settings: Sequence[str], metrics: Sequence[str]
) -> dict[str, ScoreTable]:
    """Read records once; a table for each setting, in the order given.

    A case that failed has every score unscored for that reason. Records of other settings are
    passed over.
    """
    tables = {name: ScoreTable(columns={metric: [] for metric in metrics}) for name in settings}
    known: dict[str, Score] = {}
    for record in records:
        if (table := tables.get(record.setting)) is not None:
            _add(table, record, known)
    for table in tables.values():
        table.sort()
    return tables


def _add(table: ScoreTable, record: CaseRecord, known: dict[str, Score]) -> None:
    case = record.case
    table.ids.append(case.id)
    table.contents.append(hash((case.question, case.answers, case.answerable)))
    table.outcomes.append(verdict_of(record).outcome)
    table.qualities.append(quality_of(record))
    missing = unscored(record.error or "the model failed") if record.answer is None else NOT_KEPT
    for name, column in table.columns.items():
        column.append(_shared(record.scores.get(name, missing), known))
    if record.answer is not None:
        table.refusals[case.answerable, bool(record.answer["refused"])] += 1


def _shared(score: Score, known: dict[str, Score]) -> Score:
    if score.value is None:
        return known.setdefault(score.reason, Score(None, score.reason))
    return COMMON.get(score.value) or Score(score.value)
