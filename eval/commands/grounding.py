"""The command ``citebound eval grounding``."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ingest.cli import json_option

if TYPE_CHECKING:
    from eval.grounding import GroundingReport

EVIDENCE_SHOWN = 600  # characters, of a miss


@click.command("grounding")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--misses",
    default=0,
    type=click.IntRange(0),
    metavar="N",
    help="Show the N worst misses of each kind.",
)
@json_option
def grounding_command(files: tuple[Path, ...], misses: int, as_json: bool) -> None:
    """Does the check of claims tell what a text says from what it does not? FILES are JSONL.

    A row has contexts (texts), response, hallucinated (0 or 1) and, if rows belong together, group.
    """
    from eval.grounding import evaluate_grounding
    from eval.labelled import read_labelled
    from ingest.embedder import open_embedder
    from ingest.embedder_cache import prepare_embedder
    from ingest.settings import IngestSettings, load_settings

    sets = {str(path): read_labelled(path) for path in files}
    embedder = open_embedder(prepare_embedder(load_settings(IngestSettings)))
    reports = {
        name: evaluate_grounding(rows, embedder, misses=misses) for name, rows in sets.items()
    }
    if as_json:
        click.echo(json.dumps({"sets": {name: asdict(one) for name, one in reports.items()}}))
    else:
        click.echo("\n".join(grounding_to_text(name, one) for name, one in reports.items()))


def grounding_to_text(name: str, report: GroundingReport) -> str:
    """The report of one set for a person."""
    accuracy, area = report.interval["balanced_accuracy"], report.interval["auroc"]
    matched = "" if report.matched_auroc is None else f"; by length {report.matched_auroc:.3f}"
    lines = [
        f"{name}: {report.n} rows, {report.unscored} of them without a claim; "
        f"{report.seconds:.1f} s",
        f"  citebound             balanced accuracy {report.balanced_accuracy:.3f} "
        f"({accuracy[0]:.3f} to {accuracy[1]:.3f})  AUROC {report.auroc:.3f} "
        f"({area[0]:.3f} to {area[1]:.3f}{matched})",
    ]
    lines += [
        f"  {simple:20}  balanced accuracy {one.balanced_accuracy:.3f} at its best threshold  "
        f"AUROC {one.auroc:.3f}"
        for simple, one in report.baselines.items()
    ]
    for miss in report.misses:
        kind = "taken for supported" if miss.hallucinated else "taken for hallucinated"
        lines += [
            f"  {kind} ({miss.support:.2f}): {miss.sentence} {miss.reason}".rstrip(),
            f"    {miss.evidence[:EVIDENCE_SHOWN]}",
        ]
    return "\n".join(lines)
