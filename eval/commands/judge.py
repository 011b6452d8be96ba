"""The command ``citebound eval judge``: how good a judge is, before it judges."""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ingest.cli import json_option

if TYPE_CHECKING:
    from eval.judges.quality import JudgeQuality

REASONS_SHOWN = 5
FIGURES = {  # and why there may be none
    "balanced_accuracy": "the scored rows are not of both labels",
    "auroc": "the scored rows are not of both labels",
    "agreement": "no row was scored under two seeds",
    "length_bias": "scores or lengths do not vary among rows of one label",
    "position_bias": "no row was scored in both orders",
}


@click.command("judge")
@click.argument("judge")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--votes", default=1, show_default=True, type=click.IntRange(1, 25),
              help="Verdicts of a language model, the median of which decides.")  # fmt: skip
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0))
@click.option("--rows", "most", metavar="N", type=click.IntRange(2),
              help="Judge N rows of each file, drawn by the seed.")  # fmt: skip
@click.option("--coverage", default=0.9, show_default=True, type=click.FloatRange(0, 1),
              help="The share of rows that must get a score, or the command fails.")  # fmt: skip
@json_option
def judge_command(
    judge: str,
    files: tuple[Path, ...],
    votes: int,
    seed: int,
    most: int | None,
    coverage: float,
    as_json: bool,
) -> None:
    """How far can JUDGE be trusted? FILES are JSONL with labelled responses.

    JUDGE is embedded, model:KIND:NAME (model:ollama:llama3.2) or cross-encoder:NAME_OR_PATH. A row
    has contexts (texts), response, hallucinated (0 or 1) and, if rows belong together, group.
    """
    from app.settings import AnswerSettings
    from eval.judges.choose import choose_judge
    from eval.judges.judge import JudgeError
    from eval.judges.language_model import LanguageModelJudge, Votes
    from eval.judges.quality import measure_judge
    from eval.labelled import read_labelled
    from ingest.settings import load_settings

    settings = load_settings(AnswerSettings)
    sets = {str(path): read_labelled(path) for path in files}
    if most:
        sets = {
            name: random.Random(seed).sample(rows, min(most, len(rows)))  # noqa: S311 - no secret
            for name, rows in sets.items()
        }
    first = choose_judge(judge, settings=settings, votes=Votes(votes, seed))
    asks_server = isinstance(first, LanguageModelJudge)
    again = choose_judge(judge, settings=settings, votes=Votes(votes, seed + 1))
    total = sum(map(len, sets.values())) * (2 if asks_server else 1)
    with _progress(total, quiet=as_json) as on_row:
        found = {
            name: measure_judge(
                rows, first, again=again if asks_server else None,
                at_once=settings.calls_at_once if asks_server else 1, on_row=on_row,
            )
            for name, rows in sets.items()
        }  # fmt: skip
    if as_json:
        measured = {name: quality_to_json(one) for name, one in found.items()}
        click.echo(json.dumps({"judge": judge, "sets": measured}, allow_nan=False))
    else:
        click.echo("\n".join(quality_to_text(name, one) for name, one in found.items()))
    for name, one in found.items():
        if one.coverage < coverage:
            raise JudgeError(
                f"{judge} scored only {one.coverage:.1%} of the rows of {name}, and {coverage:.1%} "
                "were asked for; see why above, or lower --coverage."
            )


def quality_to_json(quality: JudgeQuality) -> dict[str, Any]:
    """The figures as ``--json`` prints them."""
    return asdict(quality) | {"coverage": quality.coverage}


def quality_to_text(name: str, quality: JudgeQuality) -> str:
    """The figures of one file for a person."""
    lines = [
        f"{name}: {quality.n} rows, {quality.scored} scored (coverage {quality.coverage:.1%}); "
        f"{quality.seconds:.1f} s"
    ]
    for figure, why_none in FIGURES.items():
        value, interval = getattr(quality, figure), quality.interval.get(figure)
        said = f"none ({why_none})" if value is None else f"{value:.3f}"
        between = "" if interval is None else f"  ({interval[0]:.3f} to {interval[1]:.3f})"
        lines.append(f"  {figure:18} {said:>6}{between}")
    reasons = sorted(quality.unscored.items(), key=lambda one: -one[1])
    lines += [f"  {count} rows {reason}" for reason, count in reasons[:REASONS_SHOWN]]
    if rest := reasons[REASONS_SHOWN:]:
        lines.append(f"  {sum(count for _, count in rest)} rows for {len(rest)} other reasons")
    return "\n".join(lines)


@contextmanager
def _progress(total: int, *, quiet: bool) -> Iterator[Callable[[], None]]:
    """Judgements and time left on standard error, if that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.status import Status

    done, started = 0, time.monotonic()
    with Status("Judging", console=Console(stderr=True)) as status:

        def show() -> None:
            nonlocal done
            done += 1
            left = (time.monotonic() - started) / done * (total - done)
            status.update(f"{done} of {total} judgements, about {left:.0f} s left")

        yield show
