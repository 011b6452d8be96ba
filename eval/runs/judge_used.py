"""What ``citebound eval judge`` has measured of a judge -> what a run says of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app.settings import AnswerSettings
from eval.judges.choose import choose_judge
from eval.judges.embedded import EMBEDDED, EmbeddedJudge
from eval.runs.folder import JudgeUsed
from eval.runs.measures import Judging
from ingest.errors import CiteboundError

FIGURES = ("n", "coverage", "balanced_accuracy", "auroc", "agreement")
SHIPPED = Path(__file__).parents[1] / "judges" / "embedded.json"
UNMEASURED = "citebound eval judge measures it, and --judge-measured hands that to a run"


class MeasuredJudgeError(CiteboundError):
    """A file that does not say how good a judge is."""


def judge_used(name: str, measured: Path | None) -> JudgeUsed:
    """A judge with its measured quality: the figures of the file of rows that come first.

    Those of the judge that comes with the program come with it, too. Raises MeasuredJudgeError
    where ``measured`` is not what the command prints for this judge.
    """
    if measured is None and name == EMBEDDED:
        measured = SHIPPED
    if measured is None:
        return JudgeUsed(name, None, UNMEASURED)
    try:
        found = json.loads(measured.read_text("utf8"))
        rows, figures = next(iter(found["sets"].items()))
        quality: dict[str, Any] = {figure: figures[figure] for figure in FIGURES}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, StopIteration) as error:
        raise MeasuredJudgeError(
            f"{measured} is not what citebound eval judge --json prints ({error})."
        ) from error
    if found["judge"] != name:
        raise MeasuredJudgeError(f"{measured} is about the judge {found['judge']}, not {name}.")
    known = {figure: value for figure, value in quality.items() if value is not None}
    return JudgeUsed(name, {"rows": Path(str(rows)).name, **known}, "")


def judging(name: str, settings: AnswerSettings) -> Judging | None:
    """What judges correctness; None where the judge does not read the case's answers.

    Raises JudgeError where there is no such judge.
    """
    judge = choose_judge(name, settings=settings)
    return None if isinstance(judge, EmbeddedJudge) else judge.judge
