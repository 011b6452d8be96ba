"""The command ``citebound eval``, and with it the whole of ``citebound``.

The whole is put together here, since eval may import app and not the other way round.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli import citebound
from app.library_cli import open_library
from eval.commands.cases import cases_group
from eval.commands.compare import compare_command
from eval.commands.gate import gate_command
from eval.commands.judge import judge_command
from eval.commands.leaderboard import leaderboard_command
from eval.commands.report import report_command
from eval.commands.run import run_command
from ingest.cli import json_option, library_option
from ingest.cli import run_command as run_and_exit
from ingest.errors import CiteboundError
from prompts.template import PromptError

if TYPE_CHECKING:
    from eval.grounding import GroundingReport
    from eval.retrieval import RetrievalReport, RetrievalScore


EVIDENCE_SHOWN = 600  # characters, of a miss


@citebound.group("eval")
def eval_group() -> None:
    """Measure how good searches and answers are."""


@eval_group.command("retrieval")
@click.argument("cases", type=click.Path(path_type=Path))
@library_option
@json_option
def retrieval_command(cases: Path, library: str | None, as_json: bool) -> None:
    """Is the page that holds the answer among the first found? CASES is a JSONL file."""
    from eval.cases import read_cases
    from eval.retrieval import evaluate_retrieval

    read = read_cases(cases)
    with open_library(library, searching=True) as opened:
        report = evaluate_retrieval(read, opened)
    click.echo(json.dumps(report_to_json(report)) if as_json else report_to_text(report))


@eval_group.command("answers")
@click.argument("cases", type=click.Path(path_type=Path))
@library_option
@click.option("--model", help="As for citebound ask. Default: the one in settings.")
@json_option
def answers_command(cases: Path, library: str | None, model: str | None, as_json: bool) -> None:
    """Are answers right, cited and, where there is none, refused? CASES is a JSONL file."""
    from app.chain import build_chain
    from app.models.choose import choose_model
    from app.settings import AnswerSettings
    from eval.answers import evaluate_answers
    from eval.cases import read_cases
    from ingest.settings import load_settings

    settings = load_settings(AnswerSettings)
    read = read_cases(cases)
    with open_library(library, searching=True) as opened:
        choice = choose_model(model or settings.model, opened, settings)
        report = evaluate_answers(read, build_chain(opened, choice.model, settings))
    if as_json:
        click.echo(json.dumps({"model": choice.model.name, **asdict(report)}))
    else:
        for name, value in asdict(report).items():
            shown = f"{value:.3f}" if isinstance(value, float) else value
            click.echo(f"{name:18} {'none' if value is None else shown}")


@eval_group.command("grounding")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--misses", default=0, metavar="N", help="Show the N worst misses of each kind.")
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


for command in (
    cases_group, judge_command, run_command, report_command, compare_command, gate_command,
    leaderboard_command,
):  # fmt: skip
    eval_group.add_command(command)


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


def report_to_json(report: RetrievalReport) -> dict[str, Any]:
    """The report as ``--json`` prints it."""
    return {
        "n": report.n,
        "skipped": report.skipped,
        "retrievers": {name: _score_to_json(score) for name, score in report.by_page.items()},
        "document_recall": {
            name: _score_to_json(score) for name, score in report.by_document.items()
        },
    }


def report_to_text(report: RetrievalReport) -> str:
    """The report for a person: percent of cases with a gold page among the first k."""
    lines = [f"{report.n} cases; a gold page among the first k pages, in percent"]
    for name, score in report.by_page.items():
        cells = "  ".join(f"{k}: {value * 100:5.1f}" for k, value in score.recall.items())
        lines.append(f"{name:8}  {cells}  MRR: {score.mrr:.3f}")
    return "\n".join(lines)


def _score_to_json(score: RetrievalScore) -> dict[str, Any]:
    recall = {str(cutoff): round(value, 4) for cutoff, value in score.recall.items()}
    return {"recall": recall, "mrr": round(score.mrr, 4)}


def main() -> None:
    """The console command ``citebound``."""
    run_and_exit(citebound, errors=(CiteboundError, PromptError))
