"""What became of each page: for ``citebound library ledger`` and ``ingest --report``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ingest.errors import CiteboundError
from ingest.library import Library
from ingest.pipeline import Failure
from ingest.records import DocumentRecord, LedgerLine

LONGEST_SAMPLE = 60  # characters of what was left out, in the text for a person


@dataclass(frozen=True)
class Report:
    """The ledgers of some documents, and the files that could not be taken in."""

    documents: tuple[tuple[DocumentRecord, tuple[LedgerLine, ...]], ...]
    failures: tuple[Failure, ...] = ()


def read_report(
    library: Library, records: Sequence[DocumentRecord], failures: Sequence[Failure] = ()
) -> Report:
    """The ledgers of these documents."""
    ledgers = tuple((record, tuple(library.catalog.ledger(record.id))) for record in records)
    return Report(ledgers, tuple(failures))


def write_report(report: Report, path: Path) -> None:
    """Write JSON if the file's name ends in .json, else text. Raises CiteboundError."""
    as_json = path.suffix.lower() == ".json"
    text = json.dumps(report_to_json(report), ensure_ascii=False, indent=1) if as_json else (
        report_to_text(report)
    )  # fmt: skip
    try:
        path.write_text(f"{text}\n", encoding="utf-8", errors="replace")
    except OSError as error:
        raise CiteboundError(f"The report {path} cannot be written ({error.strerror}).") from error


def report_to_json(report: Report) -> dict[str, Any]:
    """The report for a program; pages count from 1."""
    return {
        "documents": [
            {
                "document": record.name,
                "sha256": record.id,
                "paths": [str(path) for path in record.paths],
                "pages": [asdict(line) for line in lines],
            }
            for record, lines in report.documents
        ],
        "failures": [
            {"path": str(failure.path), "reason": failure.reason} for failure in report.failures
        ],
    }


def report_to_text(report: Report) -> str:
    """The report for a person: a table for each document."""
    parts = [_table(record, lines) for record, lines in report.documents]
    if report.failures:
        parts.append("\n".join(f"Could not take in {f.path}: {f.reason}" for f in report.failures))
    return "\n\n".join(parts)


def _table(record: DocumentRecord, lines: Sequence[LedgerLine]) -> str:
    methods = Counter(line.method for line in lines)
    counts = ", ".join(f"{count} {method}" for method, count in methods.items())
    rows = [f"{record.name}: {record.pages} pages ({counts}), {record.chunks} passages"]
    rows.append(
        f"{'page':>6}  {'text from':18}  {'characters':>10}  {'passages':>8}  {'tokens':>6}"
    )
    for line in lines:
        rows.append(
            f"{line.page:6d}  {line.method:18}  {line.characters:10d}  {line.chunks:8d}"
            f"  {line.tokens:6d}"
        )
        rows += [f"{'':8}left out, {part.reason}: {_sample(part.text)}" for part in line.left_out]
    return "\n".join(rows)


def _sample(text: str) -> str:
    joined = " ".join(text.split())
    return joined if len(joined) <= LONGEST_SAMPLE else f"{joined[:LONGEST_SAMPLE]}..."
