"""A run as JUnit XML: each case under each setting is a test, and fails where its answer does."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from eval.reports.figures import RunFigures
from eval.reports.outcome import FAILURES, verdict_of
from eval.reports.page import ReportError
from eval.reports.plain import one_line, plain
from eval.runs.folder import RunFolder
from eval.runs.record import CaseRecord

NAME_LENGTH = 120  # characters of a question


def write_junit(path: Path, folder: RunFolder, figures: RunFigures) -> None:
    """Write the file as the records are read. Raises ReportError where the disk does not let it."""
    name = plain(figures.manifest.name)
    try:
        with path.open("wb") as file, etree.xmlfile(file, encoding="utf-8") as xml:
            xml.write_declaration()
            counts = _counts(figures)
            with xml.element("testsuites", **counts), xml.element("testsuite", name=name, **counts):
                xml.write("\n")
                for record in folder.records():
                    xml.write(_test(record))
                    xml.write("\n")
    except OSError as error:
        raise ReportError(f"The report {path} cannot be written: {error.strerror}.") from error


def _counts(figures: RunFigures) -> dict[str, str]:
    def count(*outcomes: str) -> str:
        return str(
            sum(
                number
                for setting in figures.settings
                for name, number in setting.outcomes.items()
                if name in outcomes
            )
        )

    return {
        "tests": str(sum(setting.finished for setting in figures.settings)),
        "failures": count(*FAILURES),
        "errors": count("error"),
        "skipped": count("unscored"),
    }


def _test(record: CaseRecord) -> etree._Element:
    seconds = record.scores.get("seconds")
    test = etree.Element(
        "testcase",
        classname=plain(record.setting),
        name=f"{one_line(record.case.id)}: {one_line(record.case.question, NAME_LENGTH)}",
        time=f"{(seconds and seconds.value) or 0.0:.3f}",
    )
    verdict = verdict_of(record)
    if verdict.outcome != "right":
        kind = {"error": "error", "unscored": "skipped"}.get(verdict.outcome, "failure")
        told = etree.SubElement(test, kind, message=one_line(verdict.why))
        if kind != "skipped":
            told.set("type", verdict.outcome)
            told.text = plain(_details(record))
    return test


def _details(record: CaseRecord) -> str:
    answer = record.error if record.answer is None else record.answer["answer"]
    gold = "; ".join(record.case.answers) or "none"
    return f"Question: {record.case.question}\nRight answer: {gold}\nAnswer: {answer}"
