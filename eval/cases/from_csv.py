"""A table of questions -> cases. Columns: question, answer, document, page, answerable, tags, id.

Several answers, pages and tags stand in one cell with ``|`` between them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from eval.cases.case import Case, CasesError, Evidence, made_id

COLUMNS = ("id", "question", "answer", "document", "page", "answerable", "tags")
OTHER_NAMES = {"answers": "answer", "pages": "page", "tag": "tags"}
YES, NO = ("true", "yes", "1"), ("false", "no", "0")
LARGEST_PAGE = 10**6


def read_csv(path: Path) -> list[Case]:
    """The cases of a CSV file with a header; only ``question`` must be there.

    A row without ``answerable`` is answerable, and one without ``id`` gets one made from its
    content. Raises CasesError naming the line and what is wrong with it.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(_cases(path, csv.DictReader(file, strict=True)))
    except (OSError, UnicodeDecodeError) as error:
        raise CasesError(f"The table {path} cannot be read: {error}.") from error


def _cases(path: Path, rows: csv.DictReader[str]) -> Iterator[Case]:
    try:
        names = _names(rows.fieldnames or ())
        for row in rows:
            if None in row or None in row.values():
                raise CasesError(f"it has not the {len(names)} cells that the header names.")
            cells = {names[name]: value.strip() for name, value in row.items() if name in names}
            if any(cells.values()):
                yield _case(cells)
    except (CasesError, csv.Error) as error:
        said = error if isinstance(error, CasesError) else f"{error}."
        raise CasesError(f"{path}, line {max(1, rows.line_num)}: {said}") from error


def _names(header: Sequence[str]) -> dict[str, str]:
    """Which column each name of the header is."""
    plain = {name: name.strip().casefold() for name in header}
    names = {name: OTHER_NAMES.get(said, said) for name, said in plain.items()}
    unknown = [name for name, said in names.items() if said not in COLUMNS]
    if unknown:
        raise CasesError(
            f"the column {unknown[0]!r} is unknown; a table has {', '.join(COLUMNS)}, with commas "
            "between them."
        )
    if len(set(names.values())) < len(header) or "question" not in names.values():
        raise CasesError("the header must name question, and each column once.")
    return names


def _case(cells: Mapping[str, str]) -> Case:
    if not cells.get("question"):
        raise CasesError("the question is missing.")
    evidence = _evidence(cells.get("document", ""), cells.get("page", ""))
    answers = _several(cells.get("answer", ""))
    answerable = _answerable(cells.get("answerable", ""))
    try:
        return Case(
            id=cells.get("id") or made_id(cells["question"], answers, answerable, evidence),
            question=cells["question"],
            answers=answers,
            answerable=answerable,
            evidence=evidence,
            tags=_several(cells.get("tags", "")),
        )
    except ValidationError as error:
        raise CasesError(f"{error.errors()[0]['msg']}.") from error


def _evidence(document: str, pages: str) -> tuple[Evidence, ...]:
    if bool(document) != bool(pages):
        raise CasesError("document and page go together; one of them is missing.")
    found = []
    for page in _several(pages):
        if not (page.isdecimal() and page.isascii() and 0 < int(page[:9]) <= LARGEST_PAGE):
            raise CasesError(f"the page {page!r} is no number of a page, from 1.")
        found.append(Evidence(document=document, page=int(page)))
    return tuple(found)


def _answerable(said: str) -> bool:
    if said and said.casefold() not in (*YES, *NO):
        raise CasesError(f"answerable is {said!r}; write true or false.")
    return said.casefold() not in NO


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part for one in cell.split("|") if (part := one.strip()))
