"""An answer that was wrong -> a case, with what would have been right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from app.printed_answer import read_printed_answer
from eval.cases.case import Case, CasesError, Evidence, made_id, read_cases, write_cases

PLACE = re.compile(r"(?P<document>.+):(?P<page>[1-9]\d{0,6})")


def case_from_answer(
    path: Path,
    *,
    answers: Sequence[str] = (),
    evidence: Sequence[Evidence] = (),
    answerable: bool = True,
    reason: str = "",
) -> Case:
    """A case that asks the same and says what is right.

    ``path`` holds what ``citebound ask --json`` has printed; ``reason`` is why it was wrong. Raises
    AnswerFileError where it holds no answer.
    """
    printed = read_printed_answer(path)
    told = {"made by": "an answer that was wrong", "was answered": printed.answer, "reason": reason}
    return Case(
        id=made_id("from answer", printed.standalone_question, *answers, *evidence, answerable),
        question=printed.standalone_question,
        answers=tuple(answers),
        answerable=answerable,
        evidence=tuple(evidence),
        tags=("from an answer",),
        provenance={name: text for name, text in told.items() if text},
    )


def read_place(text: str) -> Evidence:
    """A page, as in ``boiler.pdf:3``. Raises CasesError where it is none."""
    found = PLACE.fullmatch(text.strip())
    if found is None:
        raise CasesError(f"{text!r} names no page; write DOCUMENT:PAGE, as in boiler.pdf:3.")
    return Evidence(document=found["document"], page=int(found["page"]))


def add_case(path: Path, case: Case) -> int:
    """Put a case at the end of a file, which may not be there yet; how many it holds then.

    Raises CasesError where the file is none of cases or has the very same case.
    """
    cases = read_cases(path) if path.exists() else []
    if any(one.id == case.id for one in cases):
        raise CasesError(f"{path} has this case already ({case.id}).")
    write_cases(path, [*cases, case])
    return len(cases) + 1
