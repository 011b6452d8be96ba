"""The command ``citebound eval gate``."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from eval.commands.report import run_argument
from ingest.cli import json_option

if TYPE_CHECKING:
    from eval.gate import Check


@click.command("gate")
@run_argument
@click.option(
    "--min",
    "least",
    multiple=True,
    metavar="METRIC=VALUE",
    help="Fail where the mean is below VALUE; may be given again.",
)
@click.option(
    "--max",
    "most",
    multiple=True,
    metavar="METRIC=VALUE",
    help="Fail where the mean is above VALUE; may be given again.",
)
@click.option(
    "--baseline",
    metavar="RUN",
    type=click.Path(path_type=Path),
    help="Fail where a metric is worse than in this run with 95% confidence, case by case: those "
    "that are named, or the chief ones.",
)
@click.option(
    "--coverage",
    metavar="SHARE",
    type=click.FloatRange(0, 1),
    help="How much of a metric's cases must have a value. Default: what the run was asked for.",
)
@json_option
def gate_command(
    run: Path,
    least: tuple[str, ...],
    most: tuple[str, ...],
    baseline: Path | None,
    coverage: float | None,
    as_json: bool,
) -> None:
    """Is RUN good enough? Exit code 0 if it is, 1 if not.

    METRIC is a name of a metric as reports show it; short names: correctness (token_f1), grounding
    (claims_supported), recall (page_recall), refusal (refused_rightly). Every setting of the run
    must pass. A metric without a value, or with too few, fails.
    """
    from eval.compare import compare_runs
    from eval.gate import check_baseline, check_limits
    from eval.reports.figures import read_figures
    from eval.runs.folder import RunFolder

    if not (least or most or baseline):
        raise click.UsageError("Give at least one of --min, --max and --baseline.")
    folder = RunFolder.open(run)
    known = folder.manifest.metrics
    limits = (_limits(least, known, "--min"), _limits(most, known, "--max"))
    checks, notes = [], []
    if least or most:
        figures = read_figures(folder)
        checks += check_limits(figures, least=limits[0], most=limits[1], coverage=coverage)
    if baseline:
        comparisons = compare_runs(RunFolder.open(baseline), folder)
        checks += check_baseline(comparisons, list({**limits[0], **limits[1]}))
        notes = list(dict.fromkeys(note for one in comparisons for note in one.notes))
    passed = all(check.passed for check in checks)
    if as_json:
        said = {"passed": passed, "notes": notes, "checks": [asdict(check) for check in checks]}
        click.echo(json.dumps(said))
    else:
        click.echo("\n".join(gate_to_text(checks, notes)))
    if not passed:
        sys.exit(1)


def gate_to_text(checks: Iterable[Check], notes: Iterable[str]) -> list[str]:
    """A line for each check, and one for all."""
    checks = list(checks)
    failed = sum(not check.passed for check in checks)
    lines = [
        f"{'passed' if check.passed else 'FAILED'}  {check.setting}: {check.metric} {check.told}"
        for check in checks
    ]
    counted = f"{len(checks)} check{'' if len(checks) == 1 else 's'}"
    ending = f"Failed: {failed} of {counted}." if failed else f"Passed: {counted}."
    return [*notes, *lines, ending]


def _limits(given: Iterable[str], known: Iterable[str], option: str) -> dict[str, float]:
    """Full names of metrics with their limits. Raises click.UsageError where one is none."""
    from eval.reports.metric_names import UnknownMetric, full_name

    limits = {}
    for one in given:
        name, _, value = one.partition("=")
        try:
            limits[full_name(name.strip(), known)] = float(value)
        except UnknownMetric as error:
            raise click.UsageError(str(error)) from error
        except ValueError as error:
            raise click.UsageError(f"{option} takes METRIC=VALUE, not {one}.") from error
    for name, limit in limits.items():
        if not math.isfinite(limit):
            raise click.UsageError(f"{option} {name} takes a number, not {limit}.")
    return limits
