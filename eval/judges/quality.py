"""How good a judge is, on responses that people have labelled."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy

from eval.judges.judge import Judge
from eval.judges.language_model import LanguageModelJudge
from eval.labelled import LabelledResponse
from eval.metrics.score import Score
from eval.separation import Numbers, auroc, balanced_accuracy, cluster_interval

SUPPORTED = 0.5  # a score above it counts as supported: half right is not


@dataclass(frozen=True)
class JudgeQuality:
    """Figures of a judge over the rows that it scored; ``n`` counts all rows.

    ``balanced_accuracy``, ``auroc`` and their 95% intervals are 0 to 1, and None where the rows
    that were scored are of one label only. ``agreement`` is the share of rows that get the same
    verdict under two seeds. ``length_bias`` is the correlation, -1 to 1, of score and words among
    rows of one label. ``position_bias`` is how much higher rows score where the answer stands
    before the reference, -1 to 1. The three are None where there is nothing to compare, and
    agreement and position are where a judge has no seed and no order.
    """

    n: int
    scored: int
    unscored: dict[str, int]
    balanced_accuracy: float | None
    auroc: float | None
    interval: dict[str, tuple[float, float]]
    agreement: float | None
    length_bias: float | None
    position_bias: float | None
    seconds: float

    @property
    def coverage(self) -> float:
        """The share of rows that were scored, 0 to 1."""
        return self.scored / self.n


def measure_judge(
    rows: Sequence[LabelledResponse],
    judge: Judge,
    *,
    again: Judge | None = None,
    at_once: int = 1,
    on_row: Callable[[], None] = lambda: None,
) -> JudgeQuality:
    """Have every row judged. ``again`` is the same judge under the next seed.

    ``on_row`` is called after each judgement; ``at_once`` are the judgements at the same time.
    """
    started = time.monotonic()
    first = _judge_all(rows, judge, at_once, on_row)
    second = _judge_all(rows, again, at_once, on_row) if again else None
    places = [number for number, score in enumerate(first) if score.value is not None]
    values = numpy.array([first[number].value for number in places], float)
    labels = numpy.array([not rows[number].hallucinated for number in places], bool)
    groups = [rows[number].group or str(number) for number in places]
    both = 0 < labels.sum() < len(labels)
    return JudgeQuality(
        n=len(rows),
        scored=len(places),
        unscored=dict(Counter(score.reason for score in first if score.value is None)),
        balanced_accuracy=_accuracy(values, labels) if both else None,
        auroc=auroc(values, labels) if both else None,
        interval={
            "balanced_accuracy": cluster_interval(_accuracy, values, labels, groups),
            "auroc": cluster_interval(auroc, values, labels, groups),
        } if both and len(set(groups)) > 1 else {},
        agreement=_agreement(first, second) if second else None,
        length_bias=length_bias(
            values, labels, [len(rows[number].response.split()) for number in places]
        ),
        position_bias=_position_bias(rows, judge, first, second) if second else None,
        seconds=time.monotonic() - started,
    )  # fmt: skip


def length_bias(scores: Numbers, labels: Numbers, lengths: Numbers) -> float | None:
    """The correlation of score and length within the labels; None where either does not vary.

    The partial correlation given the label (Pearson's, of what the label's mean leaves).
    """
    labels = numpy.asarray(labels, bool)
    left = [_centred(values, labels) for values in (scores, lengths)]
    spreads = [float(numpy.sqrt((one**2).sum())) for one in left]
    if min(spreads) < 1e-9:
        return None
    return float((left[0] * left[1]).sum() / (spreads[0] * spreads[1]))


def _centred(values: Numbers, labels: Numbers) -> Numbers:
    centred = numpy.array(values, float)
    for label in (False, True):
        if (labels == label).any():
            centred[labels == label] -= centred[labels == label].mean()
    return centred


def _judge_all(
    rows: Sequence[LabelledResponse], judge: Judge, at_once: int, on_row: Callable[[], None]
) -> list[Score]:
    def one(row: LabelledResponse) -> Score:
        score = judge.judge(row.question, row.response, (), row.contexts)
        on_row()
        return score

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(one, rows))


def _accuracy(values: Numbers, labels: Numbers) -> float:
    return balanced_accuracy(values > SUPPORTED, labels)


def _agreement(first: Sequence[Score], second: Sequence[Score]) -> float | None:
    pairs = _scored_pairs(first, second)
    same = [(one > SUPPORTED) == (other > SUPPORTED) for _, one, other in pairs]
    return sum(same) / len(same) if same else None


def _position_bias(
    rows: Sequence[LabelledResponse],
    judge: Judge,
    first: Sequence[Score],
    second: Sequence[Score],
) -> float | None:
    """The mean of answer first less reference first, over rows that were scored both ways."""
    if not isinstance(judge, LanguageModelJudge):
        return None
    seed = judge.votes.seed

    def is_answer_first(row: LabelledResponse) -> bool:
        return judge.is_answer_first(row.question, row.response, seed)

    differences = [
        one - other if is_answer_first(rows[number]) else other - one
        for number, one, other in _scored_pairs(first, second)
    ]
    return sum(differences) / len(differences) if differences else None


def _scored_pairs(
    first: Sequence[Score], second: Sequence[Score]
) -> list[tuple[int, float, float]]:
    return [
        (number, one.value, other.value)
        for number, (one, other) in enumerate(zip(first, second, strict=True))
        if one.value is not None and other.value is not None
    ]
