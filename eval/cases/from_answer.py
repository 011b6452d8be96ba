"""An answer that was wrong -> a case, with what would have been right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from app.printed_answer import read_printed_answer
from eval.cases.case import Case, CasesError, Evidence, made_id, read_cases, write_cases

SECONDS_TO_WAIT = 10.0  # for another who adds a case to the same file
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
    return case_of(
        printed.standalone_question, printed.answer,
        answers=answers, evidence=evidence, answerable=answerable, reason=reason,
    )  # fmt: skip


def case_of(
    question: str,
    was_answered: str,
    *,
    answers: Sequence[str] = (),
    evidence: Sequence[Evidence] = (),
    answerable: bool = True,
    reason: str = "",
) -> Case:
    """A case that asks ``question`` anew and says what is right; ``reason`` is why it was wrong."""
    told = {"made by": "an answer that was wrong", "was answered": was_answered, "reason": reason}
    return Case(
        id=made_id("from answer", question, *answers, *evidence, answerable),
        question=question,
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

    Two who add at once wait for each other. Raises CasesError where the file is none of cases, has
    the very same case, or stays busy.
    """
    try:
        with FileLock(path.with_name(f".{path.name}.lock"), timeout=SECONDS_TO_WAIT):
            cases = read_cases(path) if path.exists() else []
            if any(one.id == case.id for one in cases):
                raise CasesError(f"{path} has this case already ({case.id}).")
            write_cases(path, [*cases, case])
            return len(cases) + 1
    except Timeout as error:
        raise CasesError(f"Somebody else is writing to {path}; try again.") from error
    except OSError as error:
        raise CasesError(f"The cases {path} cannot be written: {error.strerror}.") from error
