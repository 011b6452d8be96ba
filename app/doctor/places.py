"""Are the settings valid, and can the folders be written to?"""

from __future__ import annotations

import os
import tempfile
import tomllib
from pathlib import Path

from app.doctor.finding import Finding, Row, failed, note, ok
from app.doctor.visit import Visit
from app.people.settings import PageSettings
from app.settings import AnswerSettings
from app.strategies import find_strategy
from ingest.settings import (
    IngestSettings,
    cache_folder,
    data_folder,
    load_settings,
    settings_file,
)
from prompts.template import load_prompt

TABLES = (IngestSettings, AnswerSettings, PageSettings)  # who reads a table of the settings file


def check_settings(_: Visit) -> Finding:
    """All tables are read, and the strategy and prompt that they name are looked up."""
    for table in TABLES:
        load_settings(table)
    answer = load_settings(AnswerSettings)
    strategy = find_strategy(answer.strategy)
    load_prompt(answer.prompt or strategy.prompt, purpose=strategy.prompt)
    file, rows = settings_file(), _variables()
    if not file.exists():
        return ok(f"There is no file {file}, so everything is as it comes.", *rows)
    if unread := _unread_tables(file):
        return note(
            f"{file} is valid, and nothing reads its {', '.join(unread)}.",
            f"Put what stands there under {' or '.join(f'[{name}]' for name in _table_names())}.",
            *rows,
        )
    return ok(f"{file} is valid.", *rows)


def check_folders(_: Visit) -> Finding:
    """Something is written to each folder, or where it would be made."""
    folders = named_folders()
    faults = {name: fault for name, folder in folders.items() if (fault := _write_fault(folder))}
    rows = tuple((name, str(folder)) for name, folder in folders.items())
    if not faults:
        return ok("All can be written to.", *rows)
    said = "; ".join(f"{folders[name]} ({name}): {fault}" for name, fault in faults.items())
    return failed(
        f"Nothing can be written to {said}.",
        "Give yourself the right to write there, or name other folders in the variables "
        "CITEBOUND_HOME, CITEBOUND_CACHE and CITEBOUND_SETTINGS.",
        *rows,
    )


def named_folders() -> dict[str, Path]:
    """The folders that the program writes to, by what for."""
    return {"data": data_folder(), "cache": cache_folder(), "settings": settings_file().parent}


def standing(folder: Path) -> Path:
    """A folder or, where it has not been made yet, the nearest above it that has."""
    whole = folder.absolute()
    return next((one for one in (whole, *whole.parents) if one.exists()), whole)


def _write_fault(folder: Path) -> str:
    """Why nothing can be written to a folder; empty where something can."""
    try:
        with tempfile.NamedTemporaryFile(dir=standing(folder), prefix=".citebound-") as file:
            file.write(b"citebound")
            file.flush()
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""


def _variables() -> tuple[Row, ...]:
    """The variables that win over the file, by name: the value of one may be a password."""
    names = sorted(name for name in os.environ if name.startswith("CITEBOUND_"))
    return (("set by variables", ", ".join(names)),) if names else ()


def _table_names() -> list[str]:
    return [str(table.model_config["pyproject_toml_table_header"][0]) for table in TABLES]


def _unread_tables(file: Path) -> list[str]:
    known = _table_names()
    with file.open("rb") as opened:
        found = tomllib.load(opened)
    return [f"[{name}]" if isinstance(value, dict) else name
            for name, value in found.items() if name not in known]  # fmt: skip
