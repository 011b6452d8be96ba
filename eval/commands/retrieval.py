"""The command ``citebound eval retrieval``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.library_cli import open_library
from ingest.cli import json_option, library_option

if TYPE_CHECKING:
    from eval.retrieval import RetrievalReport, RetrievalScore


@click.command("retrieval")
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
