"""The user's files of cases by their names; runs over them lie in ``runs`` beside them."""

from __future__ import annotations

import re
from pathlib import Path

from eval.cases.case import Case, CasesError
from eval.cases.from_answer import add_case
from ingest.settings import data_folder

ENDING = ".jsonl"
NAME = re.compile(r"\w[\w .-]{0,79}")  # no path: neither a separator nor a dot in front
OTHER = re.compile(r"[^\w .-]+")


def cases_folder() -> Path:
    """Where the pages keep cases, and runs beside them; it may not be there yet."""
    return data_folder() / "cases"


def case_files(folder: Path) -> list[Path]:
    """The files of cases of a folder, by name. Raises CasesError where it cannot be read."""
    try:
        return sorted(path for path in folder.glob(f"*{ENDING}") if path.is_file())
    except OSError as error:
        raise CasesError(f"The folder {folder} cannot be read: {error.strerror}.") from error


def case_file(folder: Path, name: str) -> Path:
    """The file of cases of this name. Raises CasesError where the name is none for a file."""
    name = name.strip().removesuffix(ENDING)
    if not NAME.fullmatch(name) or name.endswith("."):
        raise CasesError(
            f"{name!r} is no name for cases; use letters, digits, spaces, dots and hyphens, at "
            "most 80."
        )
    return folder / f"{name}{ENDING}"


def name_from(text: str) -> str:
    """A name for cases from that of another file; what may not stand in it becomes a hyphen."""
    cleaned = OTHER.sub("-", Path(text).stem)[:80].strip(" .-")
    return cleaned or "cases"


def add_named_case(name: str, case: Case, folder: Path | None = None) -> int:
    """Put a case at the end of the file of this name; how many it holds then.

    Raises CasesError where the name is none, or the file does not take the case.
    """
    path = case_file(folder or cases_folder(), name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CasesError(f"{path.parent} cannot be made: {error.strerror}.") from error
    return add_case(path, case)
