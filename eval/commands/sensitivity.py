"""The command ``citebound eval sensitivity``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.answer_options import answer_options, settings_with
from app.library_cli import open_library
from eval.commands.asking import (
    Asking,
    coverage_option,
    fail_where_short,
    judge_measured_option,
    judge_option,
)
from ingest.cli import json_option, library_option

if TYPE_CHECKING:
    from eval.metrics.summary import Summary
    from eval.sensitivity import Given, VariationFigures

TEXT_SHOWN = 160  # characters of an answer
COLUMNS = {
    "other_words": "other words", "other_answer": "other answer", "refusal_changed": "refusal",
    "rightness_changed": "right or not", "other_pages": "other pages",
}  # fmt: skip


@click.command("sensitivity")
@click.argument("cases", type=click.Path(path_type=Path))
@library_option
@answer_options()
@click.option(
    "--variation",
    "names",
    metavar="NAME",
    multiple=True,
    help="other-seed, white-space, passage-order, frame or paraphrase; repeatable. Default: all "
    "that the model can be asked.",
)
@click.option(
    "--changed",
    metavar="N",
    default=5,
    show_default=True,
    type=click.IntRange(0),
    help="How many changed answers of each variation are shown.",
)
@click.option(
    "--output",
    metavar="RUN",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the run. Default: runs/NAME-DATE beside the cases.",
)
@judge_option
@judge_measured_option
@coverage_option
@json_option
def sensitivity_command(
    cases: Path,
    library: str | None,
    names: tuple[str, ...],
    changed: int,
    output: Path | None,
    judge: str,
    judge_measured: Path | None,
    coverage: float,
    as_json: bool,
    **options: object,
) -> None:
    """How often does an answer change that should not? CASES is a JSONL file.

    Every case is asked as it stands and under each variation: with another seed, with other white
    space, with its passages in another order, with polite words around it, and in the model's own
    words. It is a run like any other: it goes on where it was stopped, and citebound eval report
    shows every case of it.
    """
    from app.models.choose import choose_model
    from eval.reports.figures import read_figures
    from eval.runs.variations import find_variation, fitting_variations
    from eval.runs.ways import varied_ways
    from eval.sensitivity import figures_to_json, sensitivity

    base = settings_with(options)
    chosen = [find_variation(name) for name in dict.fromkeys(names)]
    with open_library(library, searching=True) as opened:
        if not chosen:
            model = choose_model(base.model, opened, base).model
            chosen = [find_variation(name) for name in fitting_variations(model)]
        asking = Asking(cases, opened, judge, judge_measured, base, coverage, quiet=as_json)
        folder, _ = asking.ask(varied_ways(base, chosen), output=output)
    figures = sensitivity(folder)
    if as_json:
        found = [figures_to_json(one) for one in figures]
        click.echo(json.dumps({"folder": str(folder.path), "variations": found}, allow_nan=False))
    else:
        click.echo(_to_text(figures, changed))
    fail_where_short(read_figures(folder))


def _to_text(figures: tuple[VariationFigures, ...], most: int) -> str:
    """Shares of cases with their 95% intervals, then the first answers that changed."""
    lines = [f"{'share of answers with':15} " + "".join(f"{name:>24}" for name in COLUMNS.values())]
    for one in figures:
        shares = "".join(f"{_share(getattr(one, name)):>24}" for name in COLUMNS)
        failed = f"  ({one.failed} cases failed)" if one.failed else ""
        lines.append(f"{one.name:15} {one.other_words.n:5}  {shares}{failed}")
    for one in figures:
        for changed in one.changed[:most]:
            lines += [
                f"{one.name}, case {changed.case_id}: {changed.how}",
                f"  before: {_said(changed.before)}",
                f"  after:  {_said(changed.after)}",
            ]
    return "\n".join(lines)


def _share(summary: Summary) -> str:
    if summary.mean is None:
        return "none"
    interval = "" if summary.interval is None else " ({:.3f} to {:.3f})".format(*summary.interval)
    return f"{summary.mean:.3f}{interval}"


def _said(given: Given) -> str:
    text = " ".join(given.text.split())
    return text if len(text) <= TEXT_SHOWN else f"{text[:TEXT_SHOWN]}..."
