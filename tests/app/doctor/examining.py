"""Run single checks as an examination does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.doctor.examination import Check, run_check
from app.doctor.finding import Finding
from app.doctor.visit import Visit

TO_DO = "What the check says for errors."


def found_by(
    *checks: Callable[[Visit], Finding], library: Path | None = None, port: int = 8501
) -> Finding:
    """What the last of these checks finds, after the others, in one visit."""
    with Visit(str(library) if library else None, port=port) as visit:
        findings = [run_check(Check("a check", check, TO_DO, 60.0), visit) for check in checks]
    return findings[-1]


def row(finding: Finding, name: str) -> str:
    """A detail of a finding."""
    return dict(finding.rows)[name]
