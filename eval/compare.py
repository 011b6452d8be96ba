"""Two runs over the same cases: what got better or worse, how sure that is, in which cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from eval.metrics.paired import PairedDifference, paired_difference
from eval.metrics.score import Score
from eval.reports.metric_names import grouped, metric_named
from eval.reports.outcome import RANKS, Outcome
from eval.reports.score_table import ScoreTable, read_tables
from eval.runs.folder import RunFolder
from eval.runs.record import CaseRecord
from ingest.errors import CiteboundError

SURE = 0.05  # the largest p value of a difference that counts as one


class CompareError(CiteboundError):
    """Runs that have nothing to compare."""


@dataclass(frozen=True)
class MetricChange:
    """A metric over the cases that have a value on both sides; means are over these alone."""

    name: str
    before: float
    after: float
    difference: PairedDifference

    @property
    def better(self) -> int:
        """How many cases got better."""
        more = metric_named(self.name).higher_is_better
        return self.difference.higher if more else self.difference.lower

    @property
    def worse(self) -> int:
        """How many cases got worse."""
        return self.difference.higher + self.difference.lower - self.better

    @property
    def same(self) -> int:
        """How many cases stayed as they were."""
        return self.difference.n - self.difference.higher - self.difference.lower

    @property
    def verdict(self) -> str:
        """``better`` or ``worse`` where both the interval and the test say so, else nothing."""
        low, high = self.difference.interval
        if self.difference.p_value >= SURE or low <= 0 <= high:
            return ""
        return "better" if (low > 0) == metric_named(self.name).higher_is_better else "worse"

    @property
    def p_value(self) -> str:
        """The p value for a reader."""
        value = self.difference.p_value
        return f"{value:.3f}" if value >= 0.001 else "<0.001"


@dataclass(frozen=True)
class CaseChange:
    """A case that got worse; ``by`` puts the worst first."""

    case_id: str
    before: Outcome
    after: Outcome
    by: tuple[int, float]


@dataclass(frozen=True)
class Comparison:
    """A setting of one run against a setting of another, over the ``shared`` cases.

    ``worse`` are the cases that got worse, the worst first; ``better`` counts the others that
    changed. ``notes`` say in a sentence each what else differs than the settings.
    """

    before: str
    after: str
    shared: int
    metrics: tuple[MetricChange, ...]
    worse: tuple[CaseChange, ...]
    better: int
    notes: tuple[str, ...]


def compare_runs(
    before: RunFolder, after: RunFolder, settings: tuple[str, str] | None = None
) -> tuple[Comparison, ...]:
    """Compare settings of one name, or the two that are given, or the only one of each run.

    Raises CompareError where there is no such pair of settings or it shares no case.
    """
    pairs = [settings] if settings else _pairs(before, after)
    _check_settings(before, [one for one, _ in pairs])
    _check_settings(after, [other for _, other in pairs])
    metrics = [name for name in before.manifest.metrics if name in after.manifest.metrics]
    old = read_tables(before.records(), [one for one, _ in pairs], metrics)
    new = read_tables(after.records(), [other for _, other in pairs], metrics)
    seed = after.manifest.seed
    notes = library_notes(before, after)
    return tuple(
        compare_tables(old[one], new[other], names=(one, other), notes=notes, seed=seed)
        for one, other in pairs
    )


def compare_tables(
    before: ScoreTable,
    after: ScoreTable,
    *,
    names: tuple[str, str],
    notes: Sequence[str] = (),
    seed: int = 0,
) -> Comparison:
    """Compare case by case. Raises CompareError where no case is in both."""
    places = {one: at for at, one in enumerate(after.ids)}
    common = [(at, places[one]) for at, one in enumerate(before.ids) if one in places]
    shared = [pair for pair in common if before.contents[pair[0]] == after.contents[pair[1]]]
    if not shared:
        raise CompareError(
            f"The settings {names[0]} and {names[1]} have no finished case in common; compare runs "
            "over the same cases."
        )
    changes = [_change(before, after, *pair) for pair in shared]
    worse = sorted((one for one in changes if one.by < (0, 0.0)), key=lambda one: one.by)
    return Comparison(
        *names,
        shared=len(shared),
        metrics=tuple(_metric_changes(before, after, shared, seed)),
        worse=tuple(worse),
        better=sum(one.by > (0, 0.0) for one in changes),
        notes=(*notes, *_case_notes(before, after, len(common), len(shared))),
    )


def records_of(folder: RunFolder, setting: str, ids: Iterable[str]) -> dict[str, CaseRecord]:
    """The whole records of some cases, by id."""
    wanted = set(ids)
    return {
        record.case.id: record
        for record in folder.records()
        if record.setting == setting and record.case.id in wanted
    }


def library_notes(before: RunFolder, after: RunFolder) -> list[str]:
    """A sentence where the runs did not ask the same library in the same state."""
    old, new = before.manifest.library, after.manifest.library
    if old == new:
        return []
    return [
        f"The libraries differ ({old.path} with {old.chunks:,} passages before, {new.path} with "
        f"{new.chunks:,} after), so differences may be those of the documents."
    ]


def _pairs(before: RunFolder, after: RunFolder) -> list[tuple[str, str]]:
    old = [setting.name for setting in before.manifest.settings]
    new = [setting.name for setting in after.manifest.settings]
    if len(old) == len(new) == 1:
        return [(old[0], new[0])]
    shared = [(name, name) for name in old if name in new]
    if not shared:
        raise CompareError(
            f"The runs have no setting of one name ({', '.join(old)}; {', '.join(new)}); name two "
            "with --settings."
        )
    return shared


def _check_settings(folder: RunFolder, names: Iterable[str]) -> None:
    known = [setting.name for setting in folder.manifest.settings]
    for name in names:
        if name not in known:
            raise CompareError(
                f"The run {folder.path} has no setting {name}; it has {', '.join(known)}."
            )


def _metric_changes(
    before: ScoreTable, after: ScoreTable, shared: Sequence[tuple[int, int]], seed: int
) -> Iterator[MetricChange]:
    for names in grouped([*before.columns]).values():
        for name in names:
            old, new = before.columns[name], after.columns[name]
            pairs = list(_values((old[one], new[other]) for one, other in shared))
            if pairs:
                one, other = ([pair[side] for pair in pairs] for side in (0, 1))
                yield MetricChange(
                    name,
                    before=sum(one) / len(one),
                    after=sum(other) / len(other),
                    difference=paired_difference(one, other, seed=seed),
                )


def _values(pairs: Iterable[tuple[Score, Score]]) -> Iterator[tuple[float, float]]:
    for one, other in pairs:
        if one.value is not None and other.value is not None:
            yield one.value, other.value


def _change(before: ScoreTable, after: ScoreTable, one: int, other: int) -> CaseChange:
    old, new = before.outcomes[one], after.outcomes[other]
    # a judge that fell silent says nothing of the answer
    ranks = 0 if "unscored" in (old, new) else RANKS[new] - RANKS[old]
    quality = round(after.qualities[other] - before.qualities[one], 9)
    return CaseChange(before.ids[one], old, new, (ranks, quality))


def _case_notes(before: ScoreTable, after: ScoreTable, common: int, shared: int) -> Iterator[str]:
    if common > shared:
        yield f"Cases that were changed between the runs are left out: {common - shared:,}."
    only = (len(before.ids) - common, len(after.ids) - common)
    if any(only):
        yield (
            f"Cases that one run alone has are left out: {only[0]:,} of the first, {only[1]:,} of "
            "the second."
        )
