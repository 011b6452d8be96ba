"""Make a way to answer cheaper step by step, for as long as its quality holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from app.settings import AnswerSettings
from app.strategies.few_shot import FEW_SHOT
from eval.compare import MetricChange, compare_tables
from eval.leaderboard import COSTS, QUALITIES
from eval.metrics.summary import summarise
from eval.reports.metric_names import metric_named
from eval.reports.score_table import ScoreTable
from eval.runs.ways import SEARCH_SETTINGS, Matrix, Way
from ingest.errors import CiteboundError

CHEAPER = {"exemplars": (2, 1, 0), "widened": (3, 1, 0), "passages": (8, 5, 3, 2, 1)}
BASE = "base"


class SweepError(CiteboundError):
    """A sweep that cannot tell which setting is cheaper or as good."""


@dataclass(frozen=True)
class Tried:
    """A way that was asked: what it costs, and its quality beside that of the base.

    ``values`` are those of the ladder. ``change`` is None for the base itself. ``is_kept`` says
    whether the quality holds: whether the 95% interval of the paired difference leaves out a
    greater loss than is allowed.
    """

    way: Way
    values: Mapping[str, object]
    quality: float
    costs: dict[str, float]
    change: MetricChange | None = None
    is_kept: bool = True


@dataclass(frozen=True)
class Sweep:
    """All that was tried, in order, by the quality ``by``; ``loss`` is how much of it may go."""

    by: str
    loss: float
    tried: tuple[Tried, ...]

    @property
    def cheapest(self) -> Tried:
        """The last way whose quality holds."""
        return [one for one in self.tried if one.is_kept][-1]


@dataclass(frozen=True)
class _Rung:
    """Values of the ladder that have been chosen so far."""

    base: AnswerSettings
    values: Mapping[str, object] = field(default_factory=dict)

    def way(self, name: str) -> Way:
        answer = {key: value for key, value in self.values.items() if key not in SEARCH_SETTINGS}
        search = {key: value for key, value in self.values.items() if key in SEARCH_SETTINGS}
        return Way(name, self.base.model_copy(update=answer), search)


def default_ladder(base: AnswerSettings) -> Matrix:
    """Less and less of what makes a prompt long, from what the settings have."""
    ladder = {}
    for name, values in CHEAPER.items():
        if name == "exemplars" and base.strategy != FEW_SHOT.name:
            continue  # no other strategy shows any
        held = getattr(base, name)
        ladder[name] = (held, *(value for value in values if value < held))
    return ladder


def sweep(
    base: AnswerSettings,
    ladder: Matrix,
    ask: Callable[[Way], ScoreTable],
    *,
    by: str | None = None,
    loss: float,
    seed: int = 0,
) -> Iterator[Sweep]:
    """Go down a ladder, setting by setting, and tell after each step what was found so far.

    A ladder has for each setting its values from the dearest to the cheapest; the first ones are
    the base. Of each setting the next value is tried with what was kept of the others; the first
    that costs quality ends that setting. ``loss`` is how much of the mean of ``by`` may be lost
    against the base (not against the step before: small losses would add up). Raises SweepError
    where the base has no value of it.
    """
    rung = _Rung(base, {name: values[0] for name, values in ladder.items()})
    way = rung.way(BASE)
    first = ask(way)
    by = _quality(first, (by,) if by else QUALITIES)
    tried = [Tried(way, rung.values, _mean(first, by), _costs(first))]
    yield Sweep(by, loss, tuple(tried))
    for name, values in ladder.items():
        for value in values[1:]:
            lower = _Rung(base, {**rung.values, name: value})
            way = lower.way(f"{name.replace('_', ' ')} {value}")
            table = ask(way)
            change = _change(first, table, name=way.name, by=by, seed=seed)
            is_kept = _most_lost(change) <= loss
            costs = _costs(table)
            tried.append(Tried(way, lower.values, change.after, costs, change, is_kept))
            yield Sweep(by, loss, tuple(tried))
            if not is_kept:
                break
            rung = lower


def _change(first: ScoreTable, table: ScoreTable, *, name: str, by: str, seed: int) -> MetricChange:
    compared = compare_tables(first, table, names=(BASE, name), seed=seed)
    change = next((one for one in compared.metrics if one.name == by), None)
    if change is None:
        raise SweepError(f"No case has a value of {by} both under {BASE} and under {name}.")
    return change


def _most_lost(change: MetricChange) -> float:
    """The greatest loss that the interval leaves open."""
    low, high = change.difference.interval
    return -low if metric_named(change.name).higher_is_better else high


def _quality(table: ScoreTable, names: tuple[str, ...]) -> str:
    for name in names:
        if name in table.columns and summarise(table.columns[name]).n:
            return name
    raise SweepError(f"No case has a value of {' or '.join(names)}, so nothing can be kept.")


def _mean(table: ScoreTable, name: str) -> float:
    mean = summarise(table.columns[name]).mean
    if mean is None:
        raise SweepError(f"No case has a value of {name}.")
    return mean


def _costs(table: ScoreTable) -> dict[str, float]:
    """The mean of each cost that is known."""
    means = {name: summarise(table.columns[name]).mean for name in COSTS if name in table.columns}
    return {name: mean for name, mean in means.items() if mean is not None}
