"""What is wrong with cases: each finding names its line and says what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.terms import normalise, stems
from eval.cases.case import Case, CasesError, case_lines, read_case
from eval.cases.duplicates import AskedQuestions
from eval.cases.evidence_pages import EvidencePages, stands_in
from ingest.library import Library


@dataclass(frozen=True)
class Finding:
    """What is wrong with the case in a line (from 1); ``id`` is empty where it cannot be read."""

    line: int
    id: str
    kind: str
    message: str


NumberedCase = tuple[int, Case]


def check_cases(path: Path, library: Library | None = None) -> tuple[int, list[Finding]]:
    """How many cases a file has, and what is wrong with them, by line.

    Without a library, evidence is not looked at. Raises CasesError where there is no such file.
    """
    cases: list[NumberedCase] = []
    findings: list[Finding] = []
    for number, line in case_lines(path):
        try:
            cases.append((number, read_case(line)))
        except CasesError as error:
            said = f"It is no case: {error} Mend or remove the line."
            findings.append(Finding(number, "", "unreadable", said))
    findings += [*_repeated_ids(cases), *_repeated_questions(cases)]
    pages = EvidencePages(library) if library else None
    for number, case in cases:
        found = [*_contradictions(case), *_given_away(case)]
        found += _evidence(case, pages) if pages else []
        findings += [Finding(number, case.id, kind, message) for kind, message in found]
    return len(cases), sorted(findings, key=lambda finding: finding.line)


def _repeated_ids(cases: Sequence[NumberedCase]) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for number, case in cases:
        first = seen.setdefault(case.id, number)
        if first != number:
            message = f"Line {first} has the same id; give one of them another."
            yield Finding(number, case.id, "id twice", message)


def _repeated_questions(cases: Sequence[NumberedCase]) -> Iterator[Finding]:
    asked = AskedQuestions()
    for number, case in cases:
        earlier = asked.ask(case.question)
        if earlier is None:
            continue
        first, other = cases[earlier.place]
        kind = "duplicate" if earlier.is_same else "near duplicate"
        how = "the same" if earlier.is_same else f"nearly the same ({other.question!r})"
        yield Finding(
            number, case.id, kind, f"Line {first} asks {how}; keep one, or ask for something else."
        )


def _contradictions(case: Case) -> Iterator[tuple[str, str]]:
    if not case.question.strip():
        yield "no question", "It asks nothing; write a question or remove the line."
    if not case.answerable and (case.answers or case.evidence):
        yield (
            "unanswerable with answer",
            "It is not answerable and has answers or evidence; take them out, or make it "
            "answerable.",
        )
    if case.answerable and not case.answers and not case.evidence:
        yield (
            "nothing to compare",
            "It has neither answers nor evidence; add one, or set answerable to false.",
        )
    if any(not normalise(answer) for answer in case.answers):
        yield "empty answer", "One of its answers says nothing; take it out."


def _given_away(case: Case) -> Iterator[tuple[str, str]]:
    """A choice that a question offers ("A or B?") gives nothing away."""
    asked = f" {normalise(case.question)} "
    if " or " in asked:
        return
    for answer in case.answers:
        said = normalise(answer)
        if stems(said) and f" {said} " in asked:
            yield "given away", f"The question holds its answer {answer!r}; ask without it."
            return


def _evidence(case: Case, pages: EvidencePages) -> Iterator[tuple[str, str]]:
    wrong = [said for evidence in case.evidence if (said := pages.complaint(evidence))]
    for said in dict.fromkeys(wrong):
        yield "no such evidence", f"{said} Name a page that the library holds."
    if not case.evidence or wrong or not case.answers:
        return
    texts = [pages.text(evidence) for evidence in case.evidence]
    if not any(stands_in(answer, texts) for answer in case.answers):
        places = ", ".join(f"{one.document}, page {one.page}" for one in case.evidence)
        yield (
            "not in the evidence",
            f"None of its answers stands on {places}; correct the answers or the pages.",
        )
